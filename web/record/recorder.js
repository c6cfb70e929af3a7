/** Records from JavaScript into a tracer, and counts. */
import { codeAndLabel } from './category.js';
import { currentPart } from './contexts.js';
import { Names } from './names.js';
import { Slots } from './slots.js';
import { Span, runInSpan } from './span.js';
import { Statistics } from './statistics.js';
import { EventLayout, recordWhole } from './whole.js';

/** @typedef {import('../module/memory.js').Memory} Memory */
/** @typedef {import('./category.js').Category} Category */
/** @template {string} T @typedef {import('./category.js').OwnCategory<T>} OwnCategory */
/** @typedef {import('./whole.js').WholeEvent} WholeEvent */
/** @typedef {{ async?: boolean, parent?: Span | number }} SpanOptions parent: what it is a part of, where the engine does not follow awaits */
/** Where C says whether anything is wanted: 0 if not. @typedef {{ words: Uint16Array, at: number }} Watch */

/** @typedef {{ code: number, address: number }} Operation */

const SPANS_IN_MEMORY = 1024;
const NOTHING = Uint16Array.of(0);
const DETAIL_MARGIN = 16; // so that a detail that is too long is seen to be

/** @param {string} text @param {number} from @param {number} to addresses */
const fits = (text, from, to) => text.length * 3 + 1 <= to - from;

export class Recorder extends Statistics {
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
    const names = (this.names = new Names(memory, tracer, namesBytes)), slots = (this.slots = new Slots(memory, SPANS_IN_MEMORY));
    this.scratchBytes = scratchBytes ?? this.info().detail_bytes_max + DETAIL_MARGIN;
    const scratch = (this.scratch = memory.allocate(this.scratchBytes));
    this.layout = new EventLayout(memory);
    /** @type {Watch} */
    this.watch = { words: NOTHING, at: 0 };
    this.recordEvent = memory.exports.tracer_wasm_event;
    this.recordEventWhole = memory.exports.tracer_wasm_event_ex;
    this.startCall = memory.exports.tracer_wasm_call_begin;
    this.finishCall = memory.exports.tracer_wasm_call_end;
    this.release.add(() => {
      slots.dispose();
      names.dispose();
      memory.free(scratch);
    });
    this.look();
    this.refresh();
  }

  /** A clock that is a function of JavaScript's is asked, and C told. @protected */
  refresh() {
    if (this.clock) this.memory.setDouble(this.cell, this.clock());
  }

  /** Looks where C's memory is now for whether anything is wanted. */
  look() {
    const image = this.memory.exports.tracer_wasm_image(this.tracer) >>> 0;
    this.watch.at = (image + this.memory.constants.sizes.control) / 2;
    this.watch.words = new Uint16Array(this.memory.memory.buffer);
  }

  /* ----------------------------------------------------------- recording */

  /**
   * An instant.
   * @template {string} C
   * @param {Category | OwnCategory<C>} category @param {string} name @param {string | null} [detail]
   */
  event(category, name, detail) {
    const tracer = this.live();
    const { names } = this;
    const code = typeof category === 'number' ? category : this.memory.categoryCodes.get(category);
    if (code === undefined) return this.record({ category, name, detail }); // seldom: in small letters, or of one's own
    const address = name === names.last ? names.lastAddress || names.address(name) : names.address(name);
    if (detail === undefined || detail === null) this.recordEvent(tracer, code, address, 0, 0);
    else this.recordEvent(tracer, code, address, this.scratch, this.putDetail(detail));
  }

  /** What C knows category and name by. @param {string | number} category @param {string} name @param {string} [own] label @protected */
  subject(category, name, own) {
    const { code, label } = codeAndLabel(this.memory, category), whose = own ?? label;
    return { code, address: whose === '' ? this.names.address(name) : this.names.labelled(name, whose) };
  }

  /** @param {string} detail */
  putDetail(detail) {
    return this.memory.write(typeof detail === 'string' ? detail : String(detail), this.scratch, this.scratchBytes);
  }

  /**
   * A counter's value now.
   * @template {string} C
   * @param {Category | OwnCategory<C>} category @param {string} name @param {number} value
   */
  counter(category, name, value) {
    const tracer = this.live(), { code, address } = this.subject(category, name);
    this.memory.exports.tracer_wasm_counter(tracer, code, address, value);
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
    const tracer = this.live(), { code, address } = this.subject(category, name), whole = BigInt.asUintN(64, BigInt(id));
    const low = Number(whole & 0xffffffffn), high = Number(whole >> 32n);
    this.memory.exports.tracer_wasm_flow(tracer, code, address, low, high, arrives);
  }

  /** An event with all that one may say of it. @param {WholeEvent} event */
  record(event) {
    this.live();
    const { code, label: own } = codeAndLabel(this.memory, event.category);
    const error = recordWhole(this, event, code, this.names.address(event.name), event.label ?? own);
    if (error !== 0) this.memory.check(error);
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
    const tracer = this.live(), slot = slots.take(), at = slot || slots.pass();
    memory.exports[apart ? 'tracer_wasm_span_begin_async' : 'tracer_wasm_span_begin'](tracer, code, address, at);
    if (parent) memory.exports.tracer_wasm_span_parent(at, parent);
    if (!apart && slot) slots.nested.push(slot);
    else if (!apart) memory.exports.tracer_wasm_span_detach(at);
    const span = new Span(this, slot, slot ? undefined : slots.passed());
    return typeof work === 'function' ? runInSpan(span, work) : span;
  }

  /** Ids are a tracer's own. @param {Span | number | undefined} parent */
  #parent(parent) {
    if (typeof parent !== 'object') return parent ?? 0;
    return parent.tracer === this ? parent.id : 0;
  }

  /** @param {Span} span */
  identify(span) {
    if (!this.tracer) return 0;
    const id = this.memory.exports.tracer_wasm_span_id(this.#slotOf(span));
    if (!span.slot) span.words = this.slots.passed();
    return id;
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
    else this.memory.exports.tracer_wasm_span_end_pid(slot, text, bytes, pid);
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

  /** An operation that beginCall() counts. @param {Category | string} category @param {string} name @returns {Operation} */
  operation(category, name) {
    this.live();
    const { code, label } = codeAndLabel(this.memory, category);
    return { code, address: this.names.keep(name, label) };
  }

  /**
   * Begins a call: a span, and one call of an operation that is counted, wanted or not.
   * @param {Operation} operation
   * @returns {number} for endCall(): 0 while this is disabled or disposed, and odd if nobody wants the span
   */
  beginCall({ code, address }) {
    const { watch } = this;
    if (watch.words.length === 0) this.look(); // C's memory has grown
    if (watch.words[watch.at] === 0) return 0;
    if (this.clock) this.refresh();
    const { slots } = this, slot = slots.free.pop() ?? slots.add();
    const wanted = this.startCall(this.tracer, code, address, slot);
    slots.nested.push(slot);
    return wanted ? slot : slot | 1;
  }

  /** It goes on across an await. @param {number} token */
  detachCall(token) {
    if (!this.tracer) return;
    this.slots.leave(token & ~1);
    if (!(token & 1)) this.memory.exports.tracer_wasm_span_detach(token);
  }

  /**
   * Harmless when the call was ended.
   * @param {number} token @param {boolean} ok @param {string} [detail] @param {string} [args] JSON @param {string} [result] JSON
   */
  endCall(token, ok, detail, args, result) {
    if (!this.tracer) return;
    if (this.clock) this.refresh();
    const slot = token & ~1;
    this.slots.leave(slot);
    if (detail === undefined && args === undefined && result === undefined) this.finishCall(this.tracer, slot, ok, 0, 0, 0, 0);
    else this.#endWith(slot, ok, detail, args, result);
    this.slots.give(slot);
  }

  /** @param {number} slot @param {boolean} ok @param {string | undefined} detail @param {string | undefined} args @param {string | undefined} result */
  #endWith(slot, ok, detail, args, result) {
    const { memory, scratch, scratchBytes } = this, bytes = detail === undefined ? 0 : this.putDetail(detail);
    let free = scratch + bytes + 1, argsAt = 0, resultAt = 0;
    // What does not fit behind the detail is left out whole: half of its JSON says nothing.
    if (args !== undefined && fits(args, free, scratch + scratchBytes)) {
      argsAt = free;
      free += memory.write(args, free, scratch + scratchBytes - free) + 1;
    }
    if (result !== undefined && fits(result, free, scratch + scratchBytes)) {
      resultAt = free;
      memory.write(result, free, scratch + scratchBytes - free);
    }
    this.finishCall(this.tracer, slot, ok, detail === undefined ? 0 : scratch, bytes, argsAt, resultAt);
  }

  /** Gives back the memory; harmless when called twice. */
  dispose() {
    if (!this.tracer) return;
    super.dispose();
    this.tracer = 0;
    this.watch.words = NOTHING;
    this.watch.at = 0;
  }
}
