/** Events from JavaScript: instants, samples, flows, and events with any set of fields. */
import { refuse } from '../module/checked.js';
import { codeAndLabel } from './category.js';
import { Late } from './late.js';
import { Names } from './names.js';
import { Slots } from './slots.js';
import { Statistics } from './statistics.js';
import { EventLayout, recordWhole } from './whole.js';

/** @typedef {import('../module/memory.js').Memory} Memory */
/** @typedef {import('./category.js').Category} Category */
/** @template {string} T @typedef {import('./category.js').OwnCategory<T>} OwnCategory */
/** @typedef {import('./whole.js').WholeEvent} WholeEvent */
/** Where C stores whether anything is to be recorded: 0 if not. @typedef {{ words: Uint16Array, at: number }} Watch */

const SPANS_IN_MEMORY = 1024;
const NOTHING = Uint16Array.of(0);
const DETAIL_MARGIN = 16; // so that C notices that a detail is too long

export class Events extends Statistics {
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
    this.late = new Late();
    this.release.add(() => {
      slots.dispose();
      names.dispose();
      memory.free(scratch);
    });
    this.look();
    this.refresh();
  }

  /** If the clock is a JavaScript function, calls it and gives the time to C. @protected */
  refresh() {
    if (this.clock) this.memory.setDouble(this.cell, this.clock());
  }

  /** Renews the view of `watch` on C's memory, which may have moved. */
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
    if (code === undefined) return this.record({ category, name, detail }); // rare: a category in lower case, or of the program's own
    const address = name === names.last ? names.lastAddress || names.address(name) : names.address(name);
    if (detail === undefined || detail === null) this.recordEvent(tracer, code, address, 0, 0);
    else this.recordEvent(tracer, code, address, this.scratch, this.putDetail(detail));
  }

  /** The category's code and the name's address in C. @param {string | number} category @param {string} name @param {string} [own] label @protected */
  subject(category, name, own) {
    const { code, label } = codeAndLabel(this.memory, category), whose = own ?? label;
    return { code, address: whose === '' ? this.names.address(name) : this.names.labelled(name, whose) };
  }

  /** @param {string} detail */
  putDetail(detail) {
    return this.memory.write(typeof detail === 'string' ? detail : String(detail), this.scratch, this.scratchBytes);
  }

  /**
   * A sample: a counter's current value.
   * @template {string} C
   * @param {Category | OwnCategory<C>} category @param {string} name @param {number} value
   */
  counter(category, name, value) {
    const tracer = this.live(), { code, address } = this.subject(category, name);
    this.memory.exports.tracer_wasm_counter(tracer, code, address, value);
  }

  /**
   * A flow leaves here, from the innermost open span, and arrives where flowIn() is called with the same id.
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
    if (typeof id !== 'bigint' && !Number.isInteger(id)) refuse('id', 'an integer', id);
    const tracer = this.live(), { code, address } = this.subject(category, name), whole = BigInt.asUintN(64, BigInt(id));
    const low = Number(whole & 0xffffffffn), high = Number(whole >> 32n);
    this.memory.exports.tracer_wasm_flow(tracer, code, address, low, high, arrives);
  }

  /** An event with any set of fields. @param {WholeEvent} event */
  record(event) {
    this.live();
    if (typeof event !== 'object' || event === null) refuse('event', 'an object', event);
    const { code, label: own } = codeAndLabel(this.memory, event.category);
    const error = recordWhole(this, event, code, this.names.address(event.name), event.label ?? own);
    if (error === 0) return;
    const { timestamp = 0, duration = 0, value = 0 } = event, isTime = (/** @type {number} */ ms) => Number.isFinite(ms) && ms >= 0;
    if (!isTime(timestamp)) refuse('timestamp', 'a number of ms, at least 0', timestamp);
    if (!isTime(duration)) refuse('duration', 'a number of ms, at least 0', duration);
    if (!Number.isFinite(value)) refuse('value', 'a finite number', value);
    this.memory.check(error);
  }

  /**
   * The track of a process or thread, for record(): identified by pid and tid, with a name. 0: the table is full.
   * @param {number} pid @param {number} tid @param {string} [name]
   * @returns {number}
   */
  track(pid, tid, name) {
    const text = name === undefined ? { address: 0 } : this.memory.copyText(name);
    const track = this.memory.exports.tracer_add_track(this.live(), pid, tid, text.address);
    if (text.address) this.memory.free(text.address);
    return track;
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
