/**
 * The order in which a worker does what it is asked: what is seen comes before what takes long, and
 * a question that was asked anew is not answered twice.
 */

/**
 * @typedef {object} Job
 * @property {number} id
 * @property {string} method
 * @property {any[]} args
 */

/** What is done first; the rest comes in the order in which it was asked, and then what is last. */
const URGENT = ['window', 'event', 'hit', 'neighbour', 'nextHit', 'check'];
/** What panels ask by themselves: whoever searches does not wait for all of it. */
const LAST = ['statistics', 'gaps', 'series', 'stack'];
/** Of these only the last question counts: each is asked for one place of the page alone. */
const LATEST_COUNTS = ['window', 'filter', 'search', 'density', 'sort', 'check'];

const isUrgent = (/** @type {Job} */ { method }) => URGENT.includes(method);
const isNotLast = (/** @type {Job} */ { method }) => !LAST.includes(method);

export class Jobs {
  /**
   * @param {(job: Job) => Promise<void>} work never fails
   * @param {(job: Job) => void} drop told of what nobody waits for any more
   */
  constructor(work, drop) {
    this.work = work;
    this.drop = drop;
    /** @type {Job[]} */
    this.waiting = [];
    this.working = false;
    /** What is being worked on, and of it what nobody waits for any more. @type {Job | null} */
    this.current = null;
    /** @type {Set<number>} */
    this.cancelled = new Set();
    this.channel = new MessageChannel();
    this.channel.port1.onmessage = () => this.#next();
  }

  /** @param {Job} job */
  add(job) {
    if (LATEST_COUNTS.includes(job.method)) this.#forget(({ method }) => method === job.method);
    this.waiting.push(job);
    if (!this.working) this.#schedule();
  }

  /** Nobody waits for an answer any more. @param {number} id */
  cancel(id) {
    if (this.waiting.some((job) => job.id === id)) this.#forget((job) => job.id === id);
    else this.cancelled.add(id);
  }

  /** @param {Job} job */
  async #do(job) {
    const outer = this.current; // which pauses
    this.current = job;
    await this.work(job);
    this.cancelled.delete(job.id);
    this.current = outer;
  }

  /** Whether a question of this kind waits. @param {string} method */
  has(method) {
    return this.waiting.some((job) => job.method === method);
  }

  /** Gives what has arrived meanwhile its turn. */
  breathe() {
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(port1.close());
      port2.postMessage(0);
    });
  }

  /**
   * The same, and what is seen is done at once: for what takes long.
   * @param {string[]} [ahead] what else does not wait for it, nor change what it works on
   */
  async pause(ahead = []) {
    const isAhead = (/** @type {Job} */ job) => isUrgent(job) || ahead.includes(job.method);
    await this.breathe();
    for (let job = this.#take(isAhead); job; job = this.#take(isAhead)) await this.#do(job);
  }

  /** The oldest of these that waits. @param {(job: Job) => boolean} which */
  #take(which) {
    const at = this.waiting.findIndex(which);
    return at < 0 ? undefined : this.waiting.splice(at, 1)[0];
  }

  /** @param {(job: Job) => boolean} which */
  #forget(which) {
    for (const job of this.waiting.filter(which)) this.drop(job);
    this.waiting = this.waiting.filter((job) => !which(job));
  }

  /**
   * In a task of its own, so that all messages that are there have been taken before one is worked
   * on.
   */
  #schedule() {
    this.working = true;
    this.channel.port2.postMessage(0);
  }

  async #next() {
    const job = this.#take(isUrgent) ?? this.#take(isNotLast) ?? this.waiting.shift();
    if (job) await this.#do(job);
    if (this.waiting.length === 0) this.cancelled.clear(); // what had its answer already
    this.working = false;
    if (this.waiting.length > 0) this.#schedule();
  }
}
