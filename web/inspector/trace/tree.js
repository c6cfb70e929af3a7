/** Call trees of a scope, from the timeline module; in steps, like engine.js. */
import { ONLY } from './counting.js';
import { numbers, takeTable } from './tables.js';

/** @typedef {import('./module.js').TraceModule} TraceModule */
/** @typedef {import('./types.js').TreeRequest} TreeRequest */
/** @typedef {import('./types.js').TreeNode} TreeNode */

const NONE = 0xffffffff;
const ALL_EVENTS = 0xffffffff;
/** In the order of enum turned. */
const WAYS = /** @type {const} */ (['upright', 'inverted', 'callees']);

/** @param {TraceModule} module @param {TreeRequest} request */
export function treeBegin(module, request) {
  const { fromNs, toNs, hits = false, only = 'all', perThread = false } = request;
  module.ask({ fromNs, toNs, hits: Number(hits), only: ONLY.indexOf(only) });
  module.call('tree_begin', Number(perThread));
}

/** @param {TraceModule} module @param {number} events how many, roughly */
export function treeStep(module, events) {
  module.call('tree_step', events);
  const { done, share } = numbers(module.memory, ['done', 'share']);
  return { done: done === 1, share };
}

/**
 * Its nodes, parents before children, the root first; upright trees have nodes even before they are
 * done.
 * @param {TraceModule} module
 * @param {typeof WAYS[number]} way inverted: names, with their callers below; callees: what one
 *   name called
 * @param {number} [name] id: of this one alone
 * @returns {TreeNode[]}
 */
export function treeNodes(module, way = 'upright', name = NONE) {
  const address = module.call('tree_nodes', WAYS.indexOf(way), name);
  const { rows } = takeTable(module.memory, address, module.lists.tree);
  return /** @type {TreeNode[]} */ (/** @type {unknown} */ (rows));
}

/** @param {TraceModule} module */
export function treeStop(module) {
  module.exports.timeline_wasm_tree_stop(module.handle);
}

/**
 * A request's result from a finished tree.
 * @param {TraceModule} module @param {TreeRequest} request
 */
export function treeTake(module, { way = 'upright', name = NONE }) {
  if (way !== 'sandwich') return { nodes: treeNodes(module, way, name) };
  return {
    callers: treeNodes(module, 'inverted', name),
    callees: treeNodes(module, 'callees', name),
  };
}

/** All in one step. @param {TraceModule} module @param {TreeRequest} request */
export function treeAll(module, request) {
  treeBegin(module, request);
  while (!treeStep(module, ALL_EVENTS).done);
  const taken = treeTake(module, request);
  treeStop(module);
  return taken;
}
