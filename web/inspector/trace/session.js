/** One trace in the worker: answers the page's questions, described in types.js. */
import { longestGaps } from './gaps.js';
import { filterAll, filterBegin, filterStep, filterStop } from './engine.js';
import { EVERYTHING, isSame, placesOf } from './filter.js';
import { unpacked } from './lists.js';
import { load } from './load.js';
import { overviewOf } from './module_overview.js';
import { orderBegin, orderStep, orderStop } from './order.js';
import { SavedTrace } from './saved_trace.js';
import { inSlices } from './slices.js';

/** @typedef {import('./jobs.js').Jobs} Jobs */
/** @typedef {(message: Record<string, unknown>) => void} Say */
/** @typedef {{ blob: Blob, name: string }} NamedBlob */

const STEP_EVENTS = 1 << 16; // between looks at the clock
const SEARCH_STEP_EVENTS = 1 << 20;
const REPORT_MS = 50;

export class Session extends SavedTrace {
  /**
   * @param {import('./module.js').TraceModule} module
   * @param {WebAssembly.Module} compiled what it was instantiated from
   * @param {Jobs} jobs
   */
  constructor(module, compiled, jobs) {
    super(module, compiled);
    this.jobs = jobs;
    /** @type {import('./types.js').Filter} */
    this.chosen = EVERYTHING;
    this.searched = '';
    this.order = { key: 'start', descending: false }; // of the table
    /** @type {Session['order'] | null} the module's present order of the events that pass */
    this.made = null;
    this.events = 0; // that pass the filter
    /** @type {import('./gaps.js').Lists} */
    this.lists = {
      categories: [],
      tracks: [],
      processes: [],
      beginNs: 0,
      durationNs: 0,
      names: [],
    };
  }

  /** Opens one file, or several as one trace. @param {NamedBlob[]} files @param {Say} say */
  async open(files, say) {
    let next = 0;
    const report = (
      /** @type {number} */ done,
      /** @type {number} */ total,
      /** @type {string} */ what,
    ) => {
      const now = performance.now();
      if (now >= next) say({ done, total, what });
      next = now >= next ? now + REPORT_MS : next;
      return true;
    };
    let what = 'Reading';
    this.module.progress = (done, total) => report(done, total, what);
    const loaded = await this.#load(files, report);
    what = 'Indexing';
    this.module.build();
    this.module.progress = () => true;
    return { ...loaded, ...this.overview() };
  }

  /**
   * Loads one file, or several as one trace.
   * @param {NamedBlob[]} files @param {import('./load.js').Report} report
   */
  async #load(files, report) {
    if (files.length === 1) return load(this.module, files[0].blob, report);
    for (const { blob, name } of files) {
      await load(this.module, blob, (done, total, what) =>
        report(done, total, `${what} ${name}`),
      ).catch((error) => {
        throw new Error(`${name}: ${error.message}`);
      });
      this.module.addLoaded(name);
    }
    return { format: 'merged', formatTitle: `${files.length} traces` };
  }

  /** Begins a trace that grows. @param {number} hold how many events to keep */
  follow(hold) {
    this.module.follow(hold);
    this.module.build();
    return { format: 'ringscope', formatTitle: 'ringscope image', ...this.overview() };
  }

  /** Adds new segments to it. @param {Uint8Array[]} segments */
  extend(segments) {
    for (const segment of segments) this.module.addSegment(segment);
    this.module.build();
    return { format: 'ringscope', ...this.#grown(this.overview()) };
  }

  /**
   * Applies the filter and search in force to the grown trace.
   * @template {object} T @param {T} overview
   */
  #grown(overview) {
    this.#apply(this.chosen);
    return {
      ...overview,
      shown: this.events,
      search: { text: this.searched, hits: this.module.searchStep(0).hits },
    };
  }

  /** With its lists packed. */
  overview() {
    const sent = overviewOf(this.module);
    this.lists = unpacked(sent);
    this.events = sent.events;
    return { ...sent, shown: this.events, ...this.module.summary() };
  }

  // The page's questions, described in types.js.

  /** @param {import('./types.js').Filter} filter @param {import('./slices.js').Say} say */
  async filter(filter, say) {
    if (isSame(filter, this.chosen)) return { events: this.events };
    filterBegin(this.module, { ...filter, ...placesOf(filter, this.lists) });
    try {
      const step = () => filterStep(this.module, STEP_EVENTS);
      const { events } = await inSlices(this.jobs, ['filter', 'extend'], step, say);
      this.#applied(filter, events);
    } finally {
      filterStop(this.module);
    }
    return { events: this.events };
  }

  /** Filters in one step. @param {import('./types.js').Filter} filter */
  #apply(filter) {
    this.#applied(
      filter,
      filterAll(this.module, { ...filter, ...placesOf(filter, this.lists) }).events,
    );
  }

  /** @param {import('./types.js').Filter} filter @param {number} events that pass */
  #applied(filter, events) {
    this.chosen = filter;
    this.made = null;
    this.events = events;
    if (this.searched) this.#searchAll();
  }

  #searchAll() {
    this.module.search(this.searched);
    while (!this.module.searchStep(SEARCH_STEP_EVENTS).done);
  }

  /** @param {string} text @param {Say} say */
  async search(text, say) {
    this.module.search(text);
    this.searched = text;
    if (!text) return { hits: 0, done: true };
    let state = this.module.searchStep(SEARCH_STEP_EVENTS);
    while (!state.done && !this.jobs.has('search') && !this.jobs.has('filter')) {
      say(state);
      await this.jobs.pause();
      state = this.module.searchStep(SEARCH_STEP_EVENTS);
    }
    return state;
  }

  /** @param {string} key @param {boolean} descending @param {import('./slices.js').Say} say */
  async sort(key, descending, say) {
    this.order = { key, descending };
    return this.#ready(say).then(() => ({ rows: this.events }));
  }

  /**
   * Sorts the table when it is looked at; if that is given up, the previous order stays in force. A
   * growing trace does not grow until this is done: otherwise it would never be sorted.
   * @param {import('./slices.js').Say} [say]
   */
  async #ready(say = () => {}) {
    const { key, descending } = this.order;
    if (this.made?.key === key && this.made.descending === descending) return;
    orderBegin(this.module, key, descending);
    try {
      await inSlices(this.jobs, ['sort', 'filter'], () => orderStep(this.module, STEP_EVENTS), say);
      this.made = this.order;
    } finally {
      orderStop(this.module);
      this.order = this.made ?? this.order;
    }
  }

  /** @param {number} first @param {number} count */
  async rows(first, count) {
    await this.#ready();
    return this.module.rows(first, count);
  }

  /** @param {number} event */
  async position(event) {
    await this.#ready();
    return this.module.position(event);
  }

  /** @param {import('./types.js').WindowRequest} request */
  window(request) {
    return this.module.window(request);
  }

  /** The longest gap of each thread. */
  gaps() {
    return longestGaps(this.module, this.lists, () => this.jobs.pause(['search']));
  }

  /** @param {number} row @param {number} timeNs @param {number} toleranceNs */
  hit(row, timeNs, toleranceNs) {
    return this.module.hit(row, timeNs, toleranceNs);
  }

  /** @param {number} event */
  event(event) {
    return this.module.event(event);
  }

  /** @param {number} event */
  stack(event) {
    return this.module.stack(event);
  }

  /** @param {number} event @param {'row' | 'track' | 'name'} among @param {-1 | 1} direction */
  neighbour(event, among, direction) {
    return this.module.neighbour(event, among, direction);
  }

  /** @param {{ event?: number, timeNs?: number }} from @param {-1 | 1} direction */
  nextHit(from, direction) {
    return this.module.nextHit(from, direction);
  }
}
