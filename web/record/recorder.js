/** Records spans and calls from JavaScript into a tracer. */
import { codeAndLabel } from './category.js';
import { currentPart } from './contexts.js';
import { Events } from './events.js';
import { putFields, putText } from './fields.js';
import { Span, runInSpan } from './span.js';

/** @template {string} T @typedef {import('./category.js').OwnCategory<T>} OwnCategory */
/** @typedef {import('./category.js').Category} Category */
/** @typedef {{ async?: boolean, parent?: Span | number }} SpanOptions parent: the span that it is a part of, if the engine does not track awaits */
/** @typedef {{ code: number, address: number }} Operation */
/** @typedef {import('./events.js').Watch} Watch */
/** @typedef {import('./fields.js').Fields} Fields */

export class Recorder extends Events {
  /**
   * Begins a span, or runs work inside one; if the work returns a promise, the span ends when it settles. `async` is for a
   * span in which others do not nest.
   * @template T
   * @template {string} C
   * @overload
   * @param {Category | OwnCategory<C>} category @param {string} name @param {(span: Span) => T} work
   * @returns {T}
   */
  /**
   * @template T
   * @template {string} C
   * @overload
   * @param {Category | OwnCategory<C>} category @param {string} name @param {SpanOptions} options @param {(span: Span) => T} work
   * @returns {T}
   */
  /**
   * @template {string} C
   * @overload
   * @param {Category | OwnCategory<C>} category @param {string} name @param {SpanOptions} [options]
   * @returns {Span}
   */
  /** @param {any} category @param {string} name @param {any} [how] @param {any} [work] */
  span(category, name, how, work = how) {
    const { memory, slots } = this, { code, address } = this.subject(category, name), apart = Boolean(how?.async);
    const parent = this.#parent(how?.parent ?? currentPart());
    const tracer = this.live(), { late } = this;
    if (late.any) this.makeUp();
    const slot = slots.take(), at = slot || slots.pass(slots.blank);
    late.begun = at;
    late.any = true;
    memory.exports[apart ? 'tracer_wasm_span_begin_async' : 'tracer_wasm_span_begin'](tracer, code, address, at);
    if (parent) memory.exports.tracer_wasm_span_parent(at, parent);
    if (!apart && slot) slots.nested.push(slot);
    else if (!apart) memory.exports.tracer_wasm_span_detach(at);
    const span = new Span(this, slot, slot ? undefined : slots.passed());
    if (typeof work === 'function') return runInSpan(span, work);
    late.begun = 0;
    late.any = false;
    return span;
  }

  /** The parent's id, 0 if it belongs to another tracer: ids are per tracer. @param {Span | number | undefined} parent */
  #parent(parent) {
    if (typeof parent !== 'object') return parent ?? 0;
    return parent.tracer === this ? parent.id : 0;
  }

  /** @param {Span} span */
  identify(span) {
    if (!this.tracer) return 0;
    if (this.late.any) this.makeUp();
    const id = this.memory.exports.tracer_wasm_span_id(this.#slotOf(span));
    if (!span.slot) span.words = this.slots.passed();
    return id;
  }

  /** @param {Span} span @param {string | null} [detail] @param {number} [pid] */
  endSpan(span, detail, pid) {
    if (!this.tracer) return; // disposed meanwhile
    if (this.late.any) this.makeUp();
    this.#endSpan(span, detail, pid);
  }

  /** May be interrupted and repeated. @param {Span} span @param {string | null} [detail] @param {number} [pid] */
  #endSpan(span, detail, pid) {
    if (this.clock) this.refresh();
    const slot = this.#slotOf(span);
    if (span.slot) this.slots.leave(slot);
    const bytes = detail === undefined || detail === null ? 0 : this.putDetail(detail);
    const text = detail === undefined || detail === null ? 0 : this.scratch;
    if (pid === undefined) this.memory.exports.tracer_wasm_span_end(slot, text, bytes);
    else this.memory.exports.tracer_wasm_span_end_pid(slot, text, bytes, pid);
    if (span.slot) this.slots.give(slot);
    span.ended = true;
  }

  /** The span's address in C. @param {Span} span */
  #slotOf(span) {
    return span.slot || this.slots.pass(span.words);
  }

  /** @param {Span} span */
  failSpan(span) {
    if (!this.tracer) return;
    if (this.late.any) this.makeUp();
    this.#failSpan(span);
  }

  /** @param {Span} span */
  #failSpan(span) {
    this.memory.exports.tracer_wasm_span_fail(this.#slotOf(span));
    if (!span.slot) span.words = this.slots.passed();
  }

  /** @param {Span} span */
  detachSpan(span) {
    if (!this.tracer || !span.slot) return; // a span that is kept in JavaScript is on no stack
    if (this.late.any) this.makeUp();
    this.slots.leave(span.slot);
    this.memory.exports.tracer_wasm_span_detach(span.slot);
  }

  /* ---------------------------------------------------------------- calls */

  /** An operation that beginCall() counts. @param {Category | string} category @param {string} name @returns {Operation} */
  operation(category, name) {
    this.live();
    const { code, label } = codeAndLabel(this.memory, category);
    return { code, address: this.names.keep(name, label) };
  }

  /**
   * Begins a call: a span, and one call of an operation. The call is counted even if the filter excludes the span.
   * @param {Operation} operation
   * @returns {number} a token for endCall(): 0 while this is disabled or disposed, and odd if the span is filtered out
   */
  beginCall({ code, address }) {
    const { watch } = this;
    if (watch.words.length === 0) this.look(); // C's memory has grown
    if (watch.words[watch.at] === 0) return 0;
    const { slots, late } = this;
    if (late.any) this.makeUp();
    if (this.clock) this.refresh();
    const slot = slots.free.pop() ?? slots.add();
    late.begun = slot;
    late.any = true;
    const wanted = this.startCall(this.tracer, code, address, slot);
    slots.nested.push(slot);
    late.begun = 0;
    late.any = false;
    return wanted ? slot : slot | 1;
  }

  /** For a call that continues across an await. @param {number} token */
  detachCall(token) {
    if (!this.tracer) return;
    if (this.late.any) this.makeUp();
    this.slots.leave(token & ~1);
    if (!(token & 1)) this.memory.exports.tracer_wasm_span_detach(token);
  }

  /**
   * Never throws: if there is too little stack to record now, it is recorded later.
   * @param {number} token @param {boolean} ok @param {string} [detail] @param {Fields} [args] @param {string} [result] JSON
   */
  endCall(token, ok, detail, args, result) {
    const { late } = this;
    try {
      if (late.any) this.makeUp();
      this.#endCall(token, ok, detail, args, result);
    } catch {
      late.items[late.count++] = ok ? token : -token;
      late.any = true;
    }
  }

  /** May be interrupted and repeated. @param {number} token @param {boolean} ok @param {string} [detail] @param {Fields} [args] @param {string} [result] */
  #endCall(token, ok, detail, args, result) {
    if (!this.tracer) return;
    if (this.clock) this.refresh();
    const slot = token & ~1;
    this.slots.leave(slot);
    if (detail === undefined && args === undefined && result === undefined) this.finishCall(this.tracer, slot, ok, 0, 0, 0, 0);
    else this.#endWith(slot, ok, detail, args, result);
    this.slots.give(slot);
  }

  /** Finishes interrupted recordings; throws if there is too little stack for that as well. */
  makeUp() {
    const { late } = this;
    if (this.tracer) {
      this.memory.recover();
      if (late.begun) this.#undo(late.begun);
      late.endAll((ended) => this.#endLate(ended));
    }
    late.any = false;
  }

  /** Drops a span or call that has begun, but that the caller never received. @param {number} slot */
  #undo(slot) {
    this.slots.leave(slot);
    this.memory.exports.tracer_wasm_span_drop(slot);
    if (slot !== this.slots.passing) this.slots.give(slot);
    this.late.begun = 0;
  }

  /** @param {import('./late.js').Ended} ended */
  #endLate(ended) {
    if (ended === null) return;
    if (typeof ended === 'number') return this.#endCall(Math.abs(ended), ended > 0);
    if (ended.ended) return;
    if (ended.failing) this.#failSpan(ended);
    this.#endSpan(ended);
  }

  /** @param {number} slot @param {boolean} ok @param {string | undefined} detail @param {Fields | undefined} args @param {string | undefined} result */
  #endWith(slot, ok, detail, args, result) {
    const { memory, scratch, scratchBytes } = this, bytes = detail === undefined ? 0 : this.putDetail(detail), end = scratch + scratchBytes;
    const from = scratch + bytes + 1;
    // Arguments and results that do not fit after the detail are left out entirely: half a JSON text is useless.
    const given = args === undefined ? 0 : putFields(memory, args, from, end), after = given ? given + 1 : from;
    const fits = result !== undefined && putText(memory, result, after, end) !== 0;
    this.finishCall(this.tracer, slot, ok, detail === undefined ? 0 : scratch, bytes, given && from, fits ? after : 0);
  }
}
