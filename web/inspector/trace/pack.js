/** Packs the events that readSince() gives, so that they reach the worker as two buffers. */

/** @typedef {import('../../read/reader.js').TraceEvent} TraceEvent */

const encoder = new TextEncoder();
const NS_PER_MS = 1e6;
const DETAIL_LOST = 8; // as in Geometry's flags
const ERROR = 1;
const BYTES_PER_CODE_UNIT = 3;

/** Texts one after the other; repeated names are there once. */
class Texts {
  /** @param {number} codeUnits */
  constructor(codeUnits) {
    this.bytes = new Uint8Array(codeUnits * BYTES_PER_CODE_UNIT);
    this.used = 0;
  }

  /** @param {string} text */
  add(text) {
    const at = this.used;
    const { written } = encoder.encodeInto(text, this.bytes.subarray(at));
    this.used += written;
    return { at, bytes: written };
  }
}

/** @param {TraceEvent} event */
const kindOf = ({ value, duration }) => (value !== undefined ? 2 : duration !== undefined ? 1 : 0);

/** @param {TraceEvent} event */
function flagsOf({ failed, detail_lost }) {
  return (detail_lost ? DETAIL_LOST : 0) | (failed ? ERROR : 0);
}

/**
 * @param {TraceEvent[]} events @param {number} missed @param {string[]} columns in their order @param {Map<string, number>} categories
 * @returns {import('./live_events.js').Batch}
 */
export function pack(events, missed, columns, categories) {
  const items = new Float64Array(events.length * columns.length);
  const texts = new Texts(events.reduce((sum, { name, detail = '' }) => sum + name.length + detail.length, 0));
  /** @type {Map<string, { at: number, bytes: number }>} */
  const names = new Map();
  events.forEach((event, i) => {
    if (!names.has(event.name)) names.set(event.name, texts.add(event.name));
    const name = /** @type {{ at: number, bytes: number }} */ (names.get(event.name));
    const detail = event.detail === undefined ? { at: -1, bytes: 0 } : texts.add(event.detail);
    const pid = event.pid ?? 0;
    /** @type {Record<string, number>} */
    const item = {
      kind: kindOf(event), category: categories.get(event.category) ?? 0, flags: flagsOf(event),
      nameAt: name.at, nameBytes: name.bytes, startNs: Math.round(event.timestamp * NS_PER_MS),
      durationNs: Math.round((event.duration ?? 0) * NS_PER_MS), value: event.value ?? 0, pid, tid: pid,
      detailAt: detail.at, detailBytes: detail.bytes,
    };
    columns.forEach((column, at) => (items[i * columns.length + at] = item[column]));
  });
  return { items, count: events.length, texts: texts.bytes.slice(0, texts.used), missed };
}
