/**
 * Call trees for display: the module's nodes with names, averages and places in a flame graph.
 * Pure.
 */

import { hasStates, isState } from '../trace/states.js';

/**
 * @typedef {import('../trace/types.js').TreeNode} TreeNode
 * @typedef {import('../trace/types.js').Overview} Overview
 */
/**
 * @typedef {object} Cell a node
 * @property {number} id of the name, or -1
 * @property {string} name
 * @property {string} key names and threads from the root to it: stable across trees of the trace
 * @property {Cell | null} parent
 * @property {Cell[]} children largest first
 * @property {number} depth of the root: 0
 * @property {number} count
 * @property {number} errors
 * @property {number} totalNs
 * @property {number} selfNs
 * @property {number | null} avgNs null: with recursion, the total is not the sum of the calls
 * @property {number} longest event, or -1
 * @property {number} weight the quantity that its width shows
 */

/** @param {Overview} overview @param {number} track */
function threadName({ tracks, processes }, track) {
  const { name, tid, process } = tracks[track];
  const words = [processes[process]?.name, name || `thread ${tid}`];
  return words.filter((word, at) => word && words.indexOf(word) === at).join(' · ');
}

/** @param {Overview} overview @param {TreeNode} node */
function nameOf(overview, { name, track }) {
  if (name >= 0) return overview.names[name];
  return track >= 0 ? threadName(overview, track) : 'all';
}

/**
 * In an inverted tree, calls of a name within itself count, but add nothing to its total: cells
 * that have such calls, or are among their callers, have no average.
 * @param {Cell[]} cells parents first
 */
function withoutMixedAverages(cells) {
  /** @type {Map<Cell, Cell>} the cell just below the root, per cell */ const tops = new Map();
  /** @type {Set<Cell>} */ const within = new Set();
  for (const cell of cells) {
    const { parent } = cell;
    const top = (parent && tops.get(parent)) ?? cell;
    if (parent) tops.set(cell, top);
    if (parent && within.has(parent)) within.add(cell);
    if (!parent || cell === top || cell.id !== top.id) continue;
    within.add(cell);
    for (let at = parent; at.parent; at = at.parent) at.avgNs = null;
  }
  for (const cell of within) cell.avgNs = null;
}

/**
 * Takes a state of the scheduler out of the sums: it runs beside the calls, whose time would count
 * twice.
 * @param {Cell} state
 */
function leaveOut({ parent, count, errors, totalNs, weight }) {
  for (let at = parent; at; at = at.parent) {
    at.count -= count;
    at.errors -= errors;
    at.totalNs = Math.max(0, at.totalNs - totalNs);
    at.weight = Math.max(0, at.weight - weight);
  }
}

/**
 * @param {TreeNode[]} nodes parents first @param {Overview} overview
 * @param {{ inverted: boolean, weight: 'totalNs' | 'selfNs' }} how
 * @returns {Cell | null} the root; null: there are no spans
 */
export function callTree(nodes, overview, { inverted, weight }) {
  /** @type {Cell[]} */
  const cells = [];
  const isScheduled = hasStates(overview.categories);
  for (const node of nodes) {
    const parent = node.parent < 0 ? null : cells[node.parent];
    const { count, errors, totalNs, selfNs, longest, track, name: id } = node;
    /** @type {Cell} */
    const cell = {
      ...{ id, count, errors, totalNs, selfNs, longest, parent, children: [] },
      name: nameOf(overview, node),
      key: parent ? `${parent.key}/${id < 0 ? `t${track}` : id}` : '',
      depth: parent ? parent.depth + 1 : 0,
      avgNs: parent && count > 0 ? totalNs / count : null,
      weight: node[weight],
    };
    cells.push(cell);
    if (parent && parent.id < 0 && isScheduled && isState(cell.name, 'SCHED')) leaveOut(cell);
    else parent?.children.push(cell);
  }
  if (inverted) withoutMixedAverages(cells);
  for (const { children } of cells) children.sort((a, b) => b.weight - a.weight);
  return cells.length > 0 && cells[0].children.length > 0 ? cells[0] : null;
}

/** The cell with this key, or the root. @param {Cell} root @param {string} key */
export function cellAt(root, key) {
  let at = root;
  while (at.key !== key) {
    const next = at.children.find((cell) => `${key}/`.startsWith(`${cell.key}/`));
    if (!next) return root;
    at = next;
  }
  return at;
}

/** The path from the root to a cell. @param {Cell} cell @returns {Cell[]} */
export function pathTo(cell) {
  const path = [];
  for (let at = /** @type {Cell | null} */ (cell); at; at = at.parent) path.unshift(at);
  return path;
}

/**
 * Cells in table order, without the root and the contents of closed ones.
 * @param {Cell} cell @param {ReadonlySet<string>} [closed] keys @returns {Cell[]}
 */
export function listed(cell, closed = new Set()) {
  const list = [];
  const waiting = [cell];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.parent) list.push(next);
    if (!closed.has(next.key)) for (const child of next.children.toReversed()) waiting.push(child);
  }
  return list;
}

/**
 * @typedef {{ cell: Cell, left: number, width: number, above: boolean }} Box left and width:
 *   fractions of the whole
 */

const LEAST_WIDTH = 1 / 1500;
const BOXES = 4000;

/**
 * Lays out the cells: those around the focused one fill the whole width, and those within it get
 * widths by weight. Overlapping spans may exceed their parent: then they share its width.
 * @param {Cell} focus
 * @returns {{ boxes: Box[], levels: number, left: number, timeless: number }} left: how many are
 *   too narrow to draw; timeless: how many have no time; neither counts cells inside those
 */
export function boxesOf(focus) {
  /** @type {Box[]} */
  const boxes = pathTo(focus).map((cell) => ({ cell, left: 0, width: 1, above: cell !== focus }));
  let out = 0;
  let timeless = 0;
  for (let at = boxes.length - 1; at < boxes.length; at++) {
    const { cell, width } = boxes[at];
    const inside = cell.children.reduce((sum, { weight }) => sum + weight, 0);
    const whole = Math.max(cell.weight, inside);
    let { left } = boxes[at];
    for (const child of cell.children) {
      const part = whole > 0 ? (width * child.weight) / whole : 0;
      if (child.weight === 0) timeless++;
      else if (part < LEAST_WIDTH || boxes.length >= BOXES) out++;
      else boxes.push({ cell: child, left, width: part, above: false });
      left += part;
    }
  }
  const levels = boxes.reduce((most, { cell }) => Math.max(most, cell.depth + 1), 0);
  return { boxes, levels, left: out, timeless };
}
