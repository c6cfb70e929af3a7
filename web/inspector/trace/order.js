/** The table's order, from the timeline module, in steps, like engine.js. */
import { numbers } from './tables.js';

/** @typedef {import('./module_answers.js').ModuleAnswers} ModuleAnswers */

const SORT_KEYS = ['start', 'duration', 'name', 'category', 'track'];

/** @param {ModuleAnswers} module @param {string} key @param {boolean} descending */
export function orderBegin(module, key, descending) {
  module.call('order_begin', SORT_KEYS.indexOf(key), descending ? 1 : 0);
}

/**
 * Once done, rows and positions follow the new order.
 * @param {ModuleAnswers} module @param {number} events how many, roughly
 */
export function orderStep(module, events) {
  module.call('order_step', events);
  const { done, share } = numbers(module.memory, ['done', 'share']);
  return { done: done === 1, share };
}

/** Gives up sorting; the previous order stays. @param {ModuleAnswers} module */
export function orderStop(module) {
  module.exports.timeline_wasm_order_stop(module.handle);
}
