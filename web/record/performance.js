/** What the page, worker or process says of itself by performance: marks, measures, fetches and long tasks, as tracks of a trace. */

/** @typedef {import('../ringscope.js').Tracer} Tracer */
/** @typedef {import('./whole.js').WholeEvent} WholeEvent */
/** @typedef {{ types?: PerformanceType[] }} PerformanceOptions which of them: all that there are here */
/** @typedef {keyof typeof KINDS} PerformanceType */

const TID = 0x7ffffff0; // of no thread
const IDS = 2 ** 40; // beyond those of spans
const LOOKS = 5; // at two clocks, of which the quickest counts
const FAILED = 400;

/** @param {any} detail of a mark, anything that can be cloned */
function asFields(detail) {
  if (detail === null || detail === undefined) return undefined;
  try {
    JSON.stringify(detail);
    return { detail };
  } catch {
    return undefined; // a cycle, or a BigInt, has no form in JSON
  }
}

/** What is recorded of an entry beside its times, and on which track. @type {Record<string, { track: string, event: (entry: any) => Partial<WholeEvent> }>} */
const KINDS = /** @type {const} */ ({
  mark: { track: 'marks', event: ({ name, detail }) => ({ category: 'measure', name, args: asFields(detail) }) },
  measure: { track: 'marks', event: ({ name, detail }) => ({ category: 'measure', name, args: asFields(detail) }) },
  resource: {
    track: 'fetches',
    event: ({ name, initiatorType, responseStatus, encodedBodySize: bytes }) => ({
      category: 'fetch', name: initiatorType || 'fetch', detail: name, failed: responseStatus >= FAILED,
      // Of another origin that does not say, both are 0.
      args: { ...(responseStatus && { status: responseStatus }), ...(bytes && { bytes }) },
    }),
  },
  longtask: { track: 'long tasks', event: () => ({ category: 'task', name: 'long task' }) },
});
const TYPES = Object.keys(KINDS);

let ids = IDS;

/** What is to be taken from a time of performance.now() to have the tracer's. @param {Tracer} tracer */
function offsetOf(tracer) {
  let offset = 0, least = Infinity;
  for (let i = 0; i < LOOKS; i++) {
    const before = performance.now(), ours = tracer.now(), took = performance.now() - before;
    if (took >= least) continue;
    least = took;
    offset = before + took / 2 - ours;
  }
  return offset;
}

/** @param {Tracer} tracer */
function recorder(tracer) {
  const offset = offsetOf(tracer), { pid } = tracer.info();
  /** @type {Map<string, number>} */
  const tracks = new Map();
  const trackOf = (/** @type {string} */ name) => {
    const known = tracks.get(name) ?? tracer.track(pid, TID + tracks.size, name);
    tracks.set(name, known);
    return known;
  };
  return (/** @type {PerformanceEntry} */ entry) => {
    const { track, event } = KINDS[entry.entryType], timestamp = entry.startTime - offset;
    if (timestamp < 0) return; // it began before the trace did
    const about = /** @type {WholeEvent} */ (event(entry));
    // They overlap as they like, and nest in nothing.
    const times = entry.entryType === 'mark' ? { timestamp } : { timestamp, duration: entry.duration, async_id: ids++ };
    tracer.record({ ...about, ...times, track: trackOf(track) });
  };
}

/**
 * Records from now on. The entries come a little after what they tell of; those that wait are taken at the end.
 * @param {Tracer} tracer that has performance.now() as its clock @param {PerformanceOptions} [options]
 * @returns {() => void} ends it, harmless when called twice
 */
export function tracePerformance(tracer, { types = TYPES } = {}) {
  const unknown = types.find((type) => !TYPES.includes(type));
  if (unknown !== undefined) throw new RangeError(`types: ${JSON.stringify(unknown)} is none of ${TYPES.join(', ')}`);
  const { clock } = tracer.info();
  if (clock !== 'performance.now') throw new TypeError(`the tracer has a clock of its own, by which the page's times mean nothing: ${clock}`);
  const record = recorder(tracer);
  const take = (/** @type {PerformanceEntry[]} */ entries) => {
    if (!tracer.disposed && tracer.enabled) entries.forEach(record);
  };
  const observers = types.filter((type) => PerformanceObserver.supportedEntryTypes.includes(type)).map((type) => {
    const observer = new PerformanceObserver((list) => take(list.getEntries()));
    observer.observe({ type });
    return observer;
  });
  return () => {
    for (const observer of observers.splice(0)) {
      take(observer.takeRecords());
      observer.disconnect();
    }
  };
}
