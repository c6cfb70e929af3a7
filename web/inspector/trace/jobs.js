/**
 * The order in which a worker does its jobs: the visible parts come before long work, and a
 * question that was asked again is not answered twice.
 */

/**
 * @typedef {object} Job
 * @property {number} id
 * @property {string} method
 * @property {unknown[]} args
 */

/** These come first; then the rest in order of arrival; then those in LAST. */
const URGENT = ['window', 'event', 'hit', 'neighbour', 'nextHit', 'check'];
/** Panels ask these by themselves: a search does not wait for all of them. */
const LAST = ['statistics', 'occupied', 'work', 'gaps', 'series', 'stack'];
/** Of these only the latest question counts: only one place of the page asks each. */
const LATEST_COUNTS = ['window', 'filter', 'search', 'density', 'sort', 'check'];

const isUrgent = (/** @type {Job} */ { method }) => URGENT.includes(method);
const isNotLast = (/** @type {Job} */ { method }) => !LAST.includes(method);

export class Jobs {
  /**
   * @param {(job: Job) => Promise<void>} work never fails
   * @param {(job: Job) => void} drop called for jobs that nobody waits for any more
   */
  constructor(work, drop) {
    this.work = work;
    this.drop = drop;
    /** @type {Job[]} */
    this.waiting = [];
    this.working = false;
    /** The job in progress; it may be cancelled, too. @type {Job | null} */
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

  /** Nobody waits for this answer any more. @param {number} id */
  cancel(id) {
    if (this.waiting.some((job) => job.id === id)) this.#forget((job) => job.id === id);
    else this.cancelled.add(id);
  }

  /** @param {Job} job */
  async #do(job) {
    const outer = this.current; // the outer job, which pauses
    this.current = job;
    await this.work(job);
    this.cancelled.delete(job.id);
    this.current = outer;
  }

  /** Whether a question of this kind is waiting. @param {string} method */
  has(method) {
    return this.waiting.some((job) => job.method === method);
  }

  /** Lets newly arrived messages in. */
  breathe() {
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(port1.close());
      port2.postMessage(0);
    });
  }

  /**
   * The same, and does urgent jobs at once: for long work.
   * @param {string[]} [ahead] other jobs that need not wait for it, nor change its data
   */
  async pause(ahead = []) {
    const isAhead = (/** @type {Job} */ job) => isUrgent(job) || ahead.includes(job.method);
    await this.breathe();
    for (let job = this.#take(isAhead); job; job = this.#take(isAhead)) await this.#do(job);
  }

  /** Takes the oldest waiting one of these. @param {(job: Job) => boolean} which */
  #take(which) {
    const at = this.waiting.findIndex(which);
    return at < 0 ? undefined : this.waiting.splice(at, 1)[0];
  }

  /** @param {(job: Job) => boolean} which */
  #forget(which) {
    for (const job of this.waiting.filter(which)) this.drop(job);
    this.waiting = this.waiting.filter((job) => !which(job));
  }

  /** Runs in a task of its own, so that all pending messages are taken before one is worked on. */
  #schedule() {
    this.working = true;
    this.channel.port2.postMessage(0);
  }

  async #next() {
    const job = this.#take(isUrgent) ?? this.#take(isNotLast) ?? this.waiting.shift();
    if (job) await this.#do(job);
    if (this.waiting.length === 0) this.cancelled.clear(); // the rest had been answered already
    this.working = false;
    if (this.waiting.length > 0) this.#schedule();
  }
}
