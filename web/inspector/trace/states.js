/** The scheduler's states of threads, as recorded by `ringscope record --sched`. Pure. */

const STATES = ['running', 'runnable', 'waiting'];

/**
 * Whether it is such a state of a thread; states run beside the thread's calls, so counting both
 * would count the time twice.
 * @param {string} name @param {string} category
 */
export const isState = (name, category) => category === 'SCHED' && STATES.includes(name);

/**
 * Whether the trace has such states.
 * @param {readonly { name: string, count: number }[]} categories
 */
export const hasStates = (categories) =>
  categories.some(({ count, name }) => count > 0 && isState('running', name));
