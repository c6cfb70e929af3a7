/** Records what a page, worker or process reports through `performance`, as tracks: marks, measures, fetches, long tasks. */
import { oneOf, tracerGiven } from '../module/checked.js';

/** @typedef {import('../ringscope.js').Tracer} Tracer */
/** @typedef {import('./whole.js').WholeEvent} WholeEvent */
/** @typedef {{ types?: PerformanceType[] }} PerformanceOptions the types to record; default: all that are available */
/** @typedef {keyof typeof KINDS} PerformanceType */

const TID = 0x7ffffff0; // the id of no real thread
const IDS = 2 ** 40; // above the ids of spans
const LOOKS = 5; // number of readings of both clocks; the quickest one counts
const FAILED = 400;

/** @param {any} detail a mark's: anything that can be cloned */
function asFields(detail) {
  if (detail === null || detail === undefined) return undefined;
  try {
    JSON.stringify(detail);
    return { detail };
  } catch {
    return undefined; // a cycle, or a BigInt, has no form in JSON
  }
}

/** The fields that are recorded for an entry in addition to its times, and the track. @type {Record<string, { track: string, event: (entry: any) => Partial<WholeEvent> }>} */
const KINDS = /** @type {const} */ ({
  mark: { track: 'marks', event: ({ name, detail }) => ({ category: 'measure', name, args: asFields(detail) }) },
  measure: { track: 'marks', event: ({ name, detail }) => ({ category: 'measure', name, args: asFields(detail) }) },
  resource: {
    track: 'fetches',
    event: ({ name, initiatorType, responseStatus, encodedBodySize: bytes }) => ({
      category: 'fetch', name: initiatorType || 'fetch', detail: name, failed: responseStatus >= FAILED,
      // Both are 0 for another origin that does not expose them.
      args: { ...(responseStatus && { status: responseStatus }), ...(bytes && { bytes }) },
    }),
  },
  longtask: { track: 'long tasks', event: () => ({ category: 'task', name: 'long task' }) },
});
const TYPES = Object.keys(KINDS);

let ids = IDS;

/** performance.now() minus the tracer's time. @param {Tracer} tracer */
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
    // They may overlap in any way, and do not nest.
    const times = entry.entryType === 'mark' ? { timestamp } : { timestamp, duration: entry.duration, async_id: ids++ };
    tracer.record({ ...about, ...times, track: trackOf(track) });
  };
}

/**
 * Records from now on. Entries arrive a little after the fact; pending ones are recorded at the end.
 * @param {Tracer} tracer its clock must be performance.now() @param {PerformanceOptions} [options]
 * @returns {() => void} stops recording; harmless when called twice
 */
export function tracePerformance(tracer, { types = TYPES } = {}) {
  for (const type of types) oneOf('types', type, TYPES);
  const { clock } = tracerGiven(tracer).info();
  if (clock !== 'performance.now') throw new TypeError(`the tracer's clock must be performance.now(), which the page's times are in, not ${clock}`);
  const record = recorder(tracer);
  const handle = (/** @type {PerformanceEntry[]} */ entries) => {
    if (!tracer.disposed && tracer.enabled) entries.forEach(record);
  };
  const observers = types.filter((type) => PerformanceObserver.supportedEntryTypes.includes(type)).map((type) => {
    const observer = new PerformanceObserver((list) => handle(list.getEntries()));
    observer.observe({ type });
    return observer;
  });
  return () => {
    for (const observer of observers.splice(0)) {
      handle(observer.takeRecords());
      observer.disconnect();
    }
  };
}
