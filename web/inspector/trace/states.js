/** What the scheduler says of threads, as `ringscope record --sched` has it. Pure. */

const STATES = ['running', 'runnable', 'waiting'];

/**
 * Whether it is such a state of a thread, which stands beside its calls: both would count a time
 * twice.
 * @param {string} name @param {string} category
 */
export const isState = (name, category) => category === 'SCHED' && STATES.includes(name);
