/** Events with any set of fields, for Recorder.record(). */

/** @typedef {import('./events.js').Events} Recorder */

/**
 * @typedef {object} WholeEvent with a duration it is a span, with a value a sample
 * @property {import('./category.js').Category | string} category
 * @property {string} name
 * @property {string} [label] a category of the program's own, kept with the name
 * @property {string | null} [detail]
 * @property {number} [timestamp] ms; for a span, its start
 * @property {number} [duration] ms
 * @property {number} [value]
 * @property {number} [pid] @property {number} [track] from track()
 * @property {boolean} [failed]
 * @property {number} [async_id] joins events that belong together @property {number} [parent] the id of the span it is a part of
 * @property {unknown} [args] @property {unknown} [result] anything that JSON can express, below 4 KiB
 */

/** Offsets for putting an event into the exchange block, looked up once. */
export class EventLayout {
  /** @param {import('../module/memory.js').Memory} memory */
  constructor({ exchange: at, constants: { event, event_fields: fields, exchange, kinds } }) {
    const place = (/** @type {string} */ name) => (at + exchange.numbers) / 8 + event.indexOf(name);
    this.category = place('category');
    this.kind = place('kind');
    this.has = place('has');
    this.texts = (at + exchange.texts) / 4;
    this.textBytes = (at + exchange.text_bytes) / 4;
    this.message = at + exchange.message;
    this.sample = kinds.indexOf('sample');
    this.failed = fields.failed;
    this.exchange = at;
    this.timestamp = place('timestamp');
    this.duration = place('duration');
    this.value = place('value');
    this.pid = place('pid');
    this.track = place('track');
    this.asyncId = place('async_id');
    this.parent = place('parent');
    this.fields = fields;
  }
}

/** Written out field by field, because engines are slow to access a property by a computed name. @param {Float64Array} numbers @param {EventLayout} layout @param {WholeEvent} event */
function putNumbers(numbers, layout, event) {
  const { timestamp, duration, value, pid, track, async_id: asyncId, parent } = event, { fields } = layout;
  let has = event.failed ? layout.failed : 0;
  if (timestamp !== undefined) has |= fields.timestamp;
  if (duration !== undefined) has |= fields.duration;
  if (pid !== undefined) has |= fields.pid;
  if (track !== undefined) has |= fields.track;
  if (asyncId !== undefined) has |= fields.async_id;
  if (parent !== undefined) has |= fields.parent;
  numbers[layout.timestamp] = timestamp ?? 0;
  numbers[layout.duration] = duration ?? 0;
  numbers[layout.value] = value ?? 0;
  numbers[layout.pid] = pid ?? 0;
  numbers[layout.track] = track ?? 0;
  numbers[layout.asyncId] = asyncId ?? 0;
  numbers[layout.parent] = parent ?? 0;
  numbers[layout.has] = has;
  numbers[layout.kind] = value === undefined ? 0 : layout.sample;
}

/** @param {unknown} value @returns {string | undefined} */
const asJson = (value) => (value === undefined ? undefined : JSON.stringify(value));

/** @param {Recorder} recorder @param {WholeEvent} event @param {number} code @param {number} name its address @param {string} label */
export function recordWhole(recorder, event, code, name, label) {
  const { memory, layout } = recorder, { detail } = event;
  const args = asJson(event.args), result = asJson(event.result);
  const bytes = detail === undefined || detail === null ? 0 : recorder.putDetail(detail);
  const kept = label && recorder.names.kept(label);
  const copies = (label && !kept) || args || result ? [kept ? '' : label, args, result].map((text) => (text ? memory.copyText(text).address : 0)) : NONE;
  const { numbers, words } = memory.arrays();
  putNumbers(numbers, layout, event);
  numbers[layout.category] = code;
  words[layout.texts] = detail === undefined || detail === null ? 0 : recorder.scratch;
  words[layout.textBytes] = bytes;
  for (let i = 0; i < copies.length; i++) words[layout.texts + 1 + i] = copies[i];
  if (kept) words[layout.texts + 1] = kept;
  const error = recorder.recordEventWhole(recorder.tracer, name, layout.exchange);
  if (copies !== NONE) for (const address of copies.toReversed()) if (address) memory.free(address);
  return error;
}
const NONE = [0, 0, 0];
