/** Calls into the timeline module's memory: arguments, results, tables. */
import { numbers, takeTable } from './tables.js';

/** @typedef {import('../../module/memory.js').Memory} Memory */
/** @typedef {'tracks' | 'processes' | 'categories' | 'losses' | 'notes' | 'sources'} Named */
/** @typedef {'overview' | 'events' | 'frames' | 'flows' | 'statistics' | 'tree'} Plain */
/**
 * Names of columns, some with their types, and the greatest id that stands for a word: what
 * src/wasm/timeline/describe_timeline.c writes.
 * @typedef {Record<Named | Plain | 'fields', string[]> & Record<'geometry' | 'points',
 *   [string, string][]> & { wordId: number }} Lists
 */

export class ModuleCalls {
  /** @param {Memory} memory */
  constructor(memory) {
    this.memory = memory;
    this.exports = memory.exports;
    /** @type {Lists} */
    this.lists = JSON.parse(memory.takeString(this.exports.timeline_wasm_describe()));
    this.handle = this.exports.timeline_wasm_create();
    if (!this.handle) throw new Error('There is not enough memory to open a trace.');
  }

  trackCount() {
    const address = this.call('tracks');
    const { count, text } = numbers(this.memory, ['count', 'text']);
    this.memory.free(address);
    this.memory.free(text);
    return count;
  }

  /** @param {string} list @param {string[]} columns */
  table(list, columns) {
    return takeTable(this.memory, this.call(list), columns);
  }

  /**
   * The rows of a list with their texts.
   * @template T
   * @param {Named} list @param {string} [text] key for the texts
   * @returns {T[]}
   */
  named(list, text = 'name') {
    const { rows, texts } = this.table(list, this.lists[list]);
    return rows.map((row, i) => /** @type {T} */ ({ ...row, [text]: texts[i] }));
  }

  /**
   * Stores arguments for the next call: engine.js has more questions.
   * @param {Record<string, number>} given @param {string[]} [texts]
   */
  ask(given, texts = []) {
    this.#release();
    this.#release = this.memory.setArguments(Object.keys(given), given, texts);
  }

  #release = () => {};

  /** @param {string} name @param {...number} args */
  call(name, ...args) {
    const result = this.memory.call(`timeline_wasm_${name}`, this.handle, ...args);
    this.#release();
    this.#release = () => {};
    return result;
  }
}
