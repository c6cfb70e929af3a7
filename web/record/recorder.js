/** Records from JavaScript into a tracer, and counts. */
import { ImageReader } from '../read/reader.js';
import { categoryCode } from './category.js';
import { Names } from './names.js';
import { Slots } from './slots.js';
import { Span, runInSpan } from './span.js';

/** @typedef {import('../module/memory.js').Memory} Memory */
/** @typedef {import('./category.js').Category} Category */

/** @typedef {{ code: number, address: number }} Operation */

const SPANS_IN_MEMORY = 1024;
const DETAIL_MARGIN = 16; // so that a detail that is too long is seen to be

export class Recorder extends ImageReader {
  /**
   * @param {Memory} memory @param {number} tracer
   * @param {{ clock?: () => number, cell?: number, reader?: number, scratchBytes?: number, namesBytes?: number }} [given]
   */
  constructor(memory, tracer, { clock, cell = 0, reader, scratchBytes, namesBytes } = {}) {
    super(memory, reader ?? memory.call('tracer_wasm_reader_attach', tracer));
    this.tracer = tracer;
    /** @protected */
    this.clock = clock;
    /** @protected */
    this.cell = cell;
    /** @protected */
    this.names = new Names(memory, namesBytes);
    /** @protected */
    this.slots = new Slots(memory, SPANS_IN_MEMORY);
    this.scratchBytes = scratchBytes ?? this.info().detail_bytes_max + DETAIL_MARGIN;
    this.scratch = memory.allocate(this.scratchBytes);
    this.recordEvent = memory.exports.tracer_wasm_event;
    this.startCall = memory.exports.tracer_wasm_call_begin;
    this.finishCall = memory.exports.tracer_wasm_call_end;
    this.refresh();
  }

  /** A clock that is a function of JavaScript's is asked, and C told. @protected */
  refresh() {
    if (this.clock) this.memory.setDouble(this.cell, this.clock());
  }

  /** @protected */
  live() {
    if (!this.tracer) throw new Error('this tracer has been disposed');
    if (this.clock) this.refresh();
    return this.tracer;
  }

  /* ----------------------------------------------------------- recording */

  /** An instant. @param {Category} category @param {string} name @param {string | null} [detail] */
  event(category, name, detail) {
    const tracer = this.live();
    const { names } = this;
    const code = typeof category === 'number' ? category : categoryCode(this.memory, category);
    const address = name === names.last ? names.lastAddress || names.address(name) : names.address(name);
    if (detail === undefined || detail === null) this.recordEvent(tracer, code, address, 0, 0);
    else this.recordEvent(tracer, code, address, this.scratch, this.putDetail(detail));
  }

  /** @param {string} detail @protected */
  putDetail(detail) {
    return this.memory.write(typeof detail === 'string' ? detail : String(detail), this.scratch, this.scratchBytes);
  }

  /** A counter's value now. @param {Category} category @param {string} name @param {number} value */
  counter(category, name, value) {
    const code = categoryCode(this.memory, category);
    this.memory.exports.tracer_wasm_counter(this.live(), code, this.names.address(name), value);
  }

  /**
   * An arrow leaves here, from the innermost open span, and arrives where flowIn() has the same id.
   * @param {Category} category @param {string} name @param {number | bigint} id an integer of up to 64 bits
   */
  flowOut(category, name, id) {
    this.#flow(category, name, id, false);
  }

  /** @param {Category} category @param {string} name @param {number | bigint} id */
  flowIn(category, name, id) {
    this.#flow(category, name, id, true);
  }

  /** @param {Category} category @param {string} name @param {number | bigint} id @param {boolean} arrives */
  #flow(category, name, id, arrives) {
    const code = categoryCode(this.memory, category), whole = BigInt.asUintN(64, BigInt(id));
    const low = Number(whole & 0xffffffffn), high = Number(whole >> 32n);
    this.memory.exports.tracer_wasm_flow(this.live(), code, this.names.address(name), low, high, arrives);
  }

  /**
   * An event with all that one may say of it: a duration makes it a span, a value a sample. A label is a category of
   * one's own, kept with the name.
   * @param {{ category: Category, name: string, label?: string, detail?: string | null, timestamp?: number, duration?: number,
   *   value?: number, pid?: number, track?: number, failed?: boolean }} event
   */
  record(event) {
    const { memory } = this, tracer = this.live();
    const { event: names, event_fields: fields, kinds } = memory.constants;
    const given = /** @type {Record<string, any>} */ (event);
    let has = 0;
    for (const field in fields) if (given[field] !== undefined && given[field] !== false) has |= fields[field];
    const kind = event.value === undefined ? 0 : kinds.indexOf('sample');
    const category = categoryCode(memory, event.category), address = this.names.address(event.name);
    const bytes = event.detail === undefined || event.detail === null ? -1 : this.putDetail(event.detail);
    memory.setNumbers(names, given, { has, kind, category });
    memory.setText(0, bytes < 0 ? 0 : this.scratch, Math.max(bytes, 0));
    const label = event.label === undefined ? { address: 0, bytes: 0 } : memory.copyText(event.label);
    memory.setText(1, label.address, label.bytes);
    try {
      memory.call('tracer_wasm_event_ex', tracer, address);
    } finally {
      if (label.address) memory.free(label.address);
    }
  }

  /**
   * Whom events are about, for record(): what pid and tid denote, with its name. 0: the table is full.
   * @param {number} pid @param {number} tid @param {string} [name]
   * @returns {number}
   */
  track(pid, tid, name) {
    const text = name === undefined ? { address: 0 } : this.memory.copyText(name);
    const track = this.memory.exports.tracer_add_track(this.live(), pid, tid, text.address);
    if (text.address) this.memory.free(text.address);
    return track;
  }

  /**
   * Begins a span, or runs work inside one; a promise is waited for. `async` is for a span that others
   * will not nest in.
   * @template T
   * @overload
   * @param {Category} category @param {string} name @param {(span: Span) => T} work
   * @returns {T}
   */
  /**
   * @template T
   * @overload
   * @param {Category} category @param {string} name @param {{ async?: boolean }} options @param {(span: Span) => T} work
   * @returns {T}
   */
  /**
   * @overload
   * @param {Category} category @param {string} name @param {{ async?: boolean }} [options]
   * @returns {Span}
   */
  /** @param {Category} category @param {string} name @param {any} [how] @param {any} [work] */
  span(category, name, how, work = how) {
    const code = categoryCode(this.memory, category), address = this.names.address(name), apart = Boolean(how?.async);
    const tracer = this.live(), slot = this.slots.take(), at = slot || this.slots.pass();
    this.memory.exports[apart ? 'tracer_wasm_span_begin_async' : 'tracer_wasm_span_begin'](tracer, code, address, at);
    if (!apart && slot) this.slots.nested.push(slot);
    else if (!apart) this.memory.exports.tracer_wasm_span_detach(at);
    const span = new Span(this, slot, slot ? undefined : this.slots.passed());
    return typeof work === 'function' ? runInSpan(span, work) : span;
  }

  /** @param {Span} span @param {string | null} [detail] @param {number} [pid] */
  endSpan(span, detail, pid) {
    if (!this.tracer) return; // disposed since
    if (this.clock) this.refresh();
    const slot = this.#slotOf(span);
    if (span.slot) this.slots.leave(slot);
    const bytes = detail === undefined || detail === null ? 0 : this.putDetail(detail);
    const text = detail === undefined || detail === null ? 0 : this.scratch;
    if (pid === undefined) this.memory.exports.tracer_wasm_span_end(slot, text, bytes);
    else this.memory.exports.tracer_wasm_span_end_pid(slot, text, pid);
    if (span.slot) this.slots.give(slot);
  }

  /** Where C finds the span. @param {Span} span */
  #slotOf(span) {
    return span.slot || this.slots.pass(span.words);
  }

  /** @param {Span} span */
  failSpan(span) {
    if (!this.tracer) return;
    this.memory.exports.tracer_wasm_span_fail(this.#slotOf(span));
    if (!span.slot) span.words = this.slots.passed();
  }

  /** @param {Span} span */
  detachSpan(span) {
    if (!this.tracer || !span.slot) return; // what waits in JavaScript is on no stack
    this.slots.leave(span.slot);
    this.memory.exports.tracer_wasm_span_detach(span.slot);
  }

  /* ---------------------------------------------------------------- calls */

  /** An operation that beginCall() counts. @param {Category} category @param {string} name @returns {Operation} */
  operation(category, name) {
    this.live();
    return { code: categoryCode(this.memory, category), address: this.names.keep(name) };
  }

  /**
   * Begins a call: a span, and one call of an operation that is counted, wanted or not.
   * @param {Operation} operation
   * @returns {number} for endCall(): 0 once this is disposed, and odd if nobody wants the span
   */
  beginCall({ code, address }) {
    if (!this.tracer) return 0;
    if (this.clock) this.refresh();
    const slot = this.slots.take() || this.slots.add();
    const wanted = this.startCall(this.tracer, code, address, slot);
    this.slots.nested.push(slot);
    return wanted ? slot : slot | 1;
  }

  /** It goes on across an await. @param {number} token */
  detachCall(token) {
    if (!this.tracer) return;
    this.slots.leave(token & ~1);
    if (!(token & 1)) this.memory.exports.tracer_wasm_span_detach(token);
  }

  /** Harmless when the call was ended. @param {number} token @param {boolean} ok @param {string | undefined} detail */
  endCall(token, ok, detail) {
    if (!this.tracer) return;
    if (this.clock) this.refresh();
    const slot = token & ~1;
    this.slots.leave(slot);
    if (detail === undefined) this.finishCall(this.tracer, slot, ok, 0, 0);
    else this.finishCall(this.tracer, slot, ok, this.scratch, this.putDetail(detail));
    this.slots.give(slot);
  }

  /* ---------------------------------------------------------- statistics */

  /**
   * Counts one call of an operation.
   * @param {string} name @param {number} durationMs @param {boolean} [ok]
   */
  op(name, durationMs, ok = true) {
    this.memory.exports.tracer_wasm_op(this.live(), this.names.address(name), durationMs, ok);
  }

  /** @param {number} tasksPolled @param {number} durationMs */
  tick(tasksPolled, durationMs) {
    this.memory.checkPlain(this.memory.exports.tracer_wasm_tick(this.live(), tasksPolled, durationMs));
  }

  /** @param {number} bytesRead @param {number} bytesWritten */
  io(bytesRead, bytesWritten) {
    this.memory.checkPlain(this.memory.exports.tracer_wasm_io(this.live(), bytesRead, bytesWritten));
  }

  taskSpawned() {
    this.memory.exports.tracer_task_spawned(this.live());
  }

  taskCompleted() {
    this.memory.exports.tracer_task_completed(this.live());
  }

  processSpawned() {
    this.memory.exports.tracer_process_spawned(this.live());
  }

  processExited() {
    this.memory.exports.tracer_process_exited(this.live());
  }

  signalDelivered() {
    this.memory.exports.tracer_signal_delivered(this.live());
  }

  timerFired() {
    this.memory.exports.tracer_timer_fired(this.live());
  }

  /** Gives back the memory; harmless when called twice. */
  dispose() {
    if (!this.tracer) return;
    super.dispose();
    this.slots.dispose();
    this.names.dispose();
    this.memory.free(this.scratch);
    this.tracer = 0;
  }
}
