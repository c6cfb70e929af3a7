/** The page's view of a trace that a worker holds: see Trace in types.js. */

/** @typedef {import('./types.js').Trace} Trace */
/** @typedef {import('./client.js').Client} Client */
/** @typedef {import('./types.js').EventDetails} EventDetails */
/** @typedef {import('./types.js').TableRow} TableRow */
/** @template T @typedef {Omit<T, 'name'> & { name: number }} Sent */

/** @implements {Trace} */
export class TraceProxy {
  /**
   * @param {Client} client @param {import('./types.js').Overview} overview
   * @param {(format: import('./types.js').SaveFormat) => Promise<Blob>} save
   */
  constructor(client, overview, save) {
    this.client = client;
    this.overview = overview;
    this.save = save;
    /** @type {import('./types.js').Live | null} */
    this.live = null;
    /** @type {Promise<Error>} */
    this.lost = new Promise((resolve) => {
      client.onlost = resolve;
    });
  }

  get ended() {
    return this.client.ended;
  }

  /**
   * @param {import('./types.js').Filter} filter @param {import('./types.js').How} [how]
   * @returns {ReturnType<Trace['filter']>}
   */
  filter(filter, how) {
    return this.client.call('filter', [filter], how);
  }

  /**
   * @param {string} text
   * @returns {ReturnType<Trace['check']>}
   */
  check(text) {
    return this.client.call('check', [text]);
  }

  /**
   * @param {import('./types.js').WindowRequest} request
   * @returns {ReturnType<Trace['window']>}
   */
  window(request) {
    return this.client.call('window', [request], { transfer: request.room ? [request.room] : [] });
  }

  /** @returns {ReturnType<Trace['gaps']>} */
  gaps() {
    return this.client.call('gaps', []);
  }

  /**
   * @param {number} row @param {number} timeNs @param {number} toleranceNs
   * @returns {ReturnType<Trace['hit']>}
   */
  hit(row, timeNs, toleranceNs) {
    return this.client.call('hit', [row, timeNs, toleranceNs]);
  }

  /** @param {number} event @returns {ReturnType<Trace['event']>} */
  async event(event) {
    const sent = /** @type {Promise<Sent<EventDetails>>} */ (this.client.call('event', [event]));
    return this.#named(await sent);
  }

  /**
   * @param {number} event
   * @returns {ReturnType<Trace['stack']>}
   */
  stack(event) {
    return this.client.call('stack', [event]);
  }

  /**
   * @param {number} event @param {'row' | 'track' | 'name'} among @param {-1 | 1} direction
   * @returns {ReturnType<Trace['neighbour']>}
   */
  neighbour(event, among, direction) {
    return this.client.call('neighbour', [event, among, direction]);
  }

  /**
   * @param {string} text @param {(state: import('./types.js').SearchState) => void} report
   * @returns {ReturnType<Trace['search']>}
   */
  search(text, report) {
    return this.client.call('search', [text], { report });
  }

  /**
   * @param {{ event?: number, timeNs?: number }} from @param {-1 | 1} direction
   * @returns {ReturnType<Trace['nextHit']>}
   */
  nextHit(from, direction) {
    return this.client.call('nextHit', [from, direction]);
  }

  /**
   * @param {number} fromNs @param {number} toNs @param {import('./types.js').GroupKey} by
   * @param {Parameters<Trace['statistics']>[3]} [how]
   * @returns {ReturnType<Trace['statistics']>}
   */
  statistics(fromNs, toNs, by, { hits = false, only = 'all', ...how } = {}) {
    return this.client.call('statistics', [{ fromNs, toNs, by, hits, only }], how);
  }

  /**
   * @param {number} fromNs @param {number} toNs @param {boolean} hits
   * @returns {ReturnType<Trace['occupied']>}
   */
  occupied(fromNs, toNs, hits) {
    return this.client.call('occupied', [fromNs, toNs, hits]);
  }

  /**
   * @param {import('./types.js').TreeRequest} request
   * @param {Parameters<Trace['tree']>[1]} [how]
   * @returns {ReturnType<Trace['tree']>}
   */
  tree(request, how) {
    return this.client.call('tree', [request], how);
  }

  /**
   * @param {import('./types.js').WorkRequest} request @param {import('./types.js').How} [how]
   * @returns {ReturnType<Trace['work']>}
   */
  work(request, how) {
    return this.client.call('work', [request], how);
  }

  /**
   * @param {number} name @param {number} bins
   * @returns {ReturnType<Trace['histogram']>}
   */
  histogram(name, bins) {
    return this.client.call('histogram', [name, bins]);
  }

  /**
   * @param {number} fromNs @param {number} toNs @param {number} buckets
   * @returns {ReturnType<Trace['density']>}
   */
  density(fromNs, toNs, buckets) {
    return this.client.call('density', [fromNs, toNs, buckets]);
  }

  /** @param {number} fromNs @param {number} toNs @returns {ReturnType<Trace['arrows']>} */
  arrows(fromNs, toNs) {
    return this.client.call('arrows', [fromNs, toNs]);
  }

  /**
   * @param {import('./types.js').SortKey} key @param {boolean} descending
   * @param {import('./types.js').How} [how]
   * @returns {ReturnType<Trace['sort']>}
   */
  sort(key, descending, how) {
    return this.client.call('sort', [key, descending], how);
  }

  /** @param {number} first @param {number} count @param {{ signal?: AbortSignal }} [how] */
  async rows(first, count, how) {
    const rows = await /** @type {Promise<Sent<TableRow>[]>} */ (
      this.client.call('rows', [first, count], how)
    );
    return rows.map((row) => this.#named(row));
  }

  /**
   * @param {number} event
   * @returns {ReturnType<Trace['position']>}
   */
  position(event) {
    return this.client.call('position', [event]);
  }

  /**
   * @param {number} name
   * @returns {ReturnType<Trace['series']>}
   */
  series(name) {
    return this.client.call('series', [name]);
  }

  /** @param {number} fromNs @param {number} toNs @returns {Promise<Blob>} */
  saveRange(fromNs, toNs) {
    return this.client.call('saveRange', [fromNs, toNs]);
  }

  dispose() {
    this.client.end();
  }

  /**
   * The worker sends ids of names.
   * @template {{ name: number }} Sent @param {Sent} event
   */
  #named(event) {
    return { ...event, name: this.overview.names[event.name] };
  }
}
