/** Statistics of a scope, grouped, from the timeline module; in steps, like engine.js. */
import { orNone } from './module_answers.js';
import { numbers, takeTable } from './tables.js';

/** @typedef {import('./module.js').TraceModule} TraceModule */
/** @typedef {import('./types.js').StatisticsRequest} StatisticsRequest */
/** @typedef {import('./types.js').Statistic} Statistic */

/** In the order of enum timeline_group. */
const GROUPS = /** @type {const} */ ([
  ...['name', 'category', 'process', 'thread'],
  ...['work', 'detail', 'error'],
]);

/** As in struct timeline_scope. */
export const ONLY = /** @type {const} */ (['all', 'calls', 'samples']);

/** @param {TraceModule} module @param {StatisticsRequest} request */
export function countBegin(module, { fromNs, toNs, by, hits = false, only = 'all' }) {
  const group = GROUPS.indexOf(by);
  if (group < 0) throw new TypeError(`statistics are by ${GROUPS.join(', ')}, not by ${by}`);
  module.ask({ fromNs, toNs, hits: Number(hits), only: ONLY.indexOf(only) });
  module.call('count_begin', group);
}

/** @param {TraceModule} module @param {number} events how many, roughly */
export function countStep(module, events) {
  module.call('count_step', events);
  const { done, share } = numbers(module.memory, ['done', 'share']);
  return { done: done === 1, share };
}

/** The result. @param {TraceModule} module @returns {Statistic[]} */
export function countTake(module) {
  const { statistics } = module.lists;
  const { rows, texts } = takeTable(module.memory, module.call('count_take'), statistics);
  return rows.map(
    (row, i) =>
      /** @type {Statistic} */ ({
        ...row,
        text: texts[i],
        avgNs: row.spans ? row.sumNs / row.spans : 0,
        longest: orNone(row.longest),
      }),
  );
}

/** Gives up counting. @param {TraceModule} module */
export function countStop(module) {
  module.exports.timeline_wasm_count_stop(module.handle);
}

const ALL_EVENTS = 0xffffffff;

/** All in one step. @param {TraceModule} module @param {StatisticsRequest} request */
export function countAll(module, request) {
  countBegin(module, request);
  while (!countStep(module, ALL_EVENTS).done);
  return countTake(module);
}
