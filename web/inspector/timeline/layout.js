/**
 * The vertical axis: where each process, thread and counter is, and how much of it is visible.
 * Pure.
 *
 *     ├ pinned ── main 812 ────────┤  stays on top
 *     ├ sh 812 ── row 0 ───────────┤  ┐ a process of one thread
 *     ├ server 813 ────────────────┤  │ one of several: a header, or a strip of how busy it was
 *     ├   thread  row 0            │  │ scrolls
 *     │           row 1            │  │
 *     ├   counter ─────────────────┤  ┘
 *
 * @typedef {object} Item one entry of the column; heights and tops in css px
 * @property {'process' | 'thread' | 'counter'} kind
 * @property {number} index of the process or track
 * @property {number} process index
 * @property {boolean} alone a thread that is its whole process, and has its name
 * @property {number} depth in the tree of processes, and of threads within them
 * @property {number} top within the pinned or the scrolling part
 * @property {number} height
 * @property {number} firstRow -1: none
 * @property {number} rows shown
 * @property {number} firstTick the first of the rows drawn over these
 * @property {number} ticks how many of those
 * @property {number} hiddenRows because it is collapsed
 * @property {[number, number][]} strip in a collapsed process, of each thread its first row and how
 *   many rows are looked through for failures
 * @property {boolean} collapsed
 * @property {boolean} pinned
 *
 * @typedef {object} Layout
 * @property {Item[]} pinned
 * @property {Item[]} items
 * @property {number} pinnedHeight
 * @property {number} height of all items except pinned ones
 * @property {number} rowPx
 *
 * @typedef {object} LayoutState
 * @property {ReadonlySet<number>} collapsed tracks
 * @property {ReadonlySet<number>} collapsedProcesses
 * @property {ReadonlySet<number>} pinned tracks, in display order
 * @property {ReadonlySet<number>} hidden tracks
 * @property {number} rowPx
 * @property {readonly number[] | null} order of the processes; null: the trace's own
 */

import { treeOf } from './process_tree.js';

export const ROW_PX = 18;
/** The choices: to read, to see, and to see everything. */
export const ROW_HEIGHTS = /** @type {const} */ ([18, 10, 4]);
export const HEADER_PX = 18;
export const COUNTER_PX = 36;
/** Space below each thread, to separate it from the next. */
export const GAP_PX = 2;
/** If there are more processes, they begin collapsed. */
export const PROCESSES_OPEN = 40;
// if a process has more, these represent all
const STRIP_THREADS = 32;
const STRIP_ROWS = 96;
/** @type {Item['strip']} */
const NO_STRIP = [];

/** @typedef {Pick<import('../trace/types.js').Overview, 'tracks' | 'processes'>} Lists */

/**
 * One object of a fixed shape: there may be a million.
 * @param {Lists} overview @param {number} index @param {LayoutState} state
 * @param {number} [depth] @param {boolean} [alone]
 * @returns {Item}
 */
function trackItem(overview, index, state, depth = 0, alone = false) {
  const track = overview.tracks[index];
  const collapsed = state.collapsed.has(index);
  const isCounter = track.counter !== null;
  const rows = isCounter ? 1 : collapsed ? Math.min(1, track.rows) : track.rows;
  const counterPx = collapsed ? ROW_PX : COUNTER_PX;
  return {
    kind: isCounter ? 'counter' : 'thread',
    index,
    process: track.process,
    alone,
    depth,
    top: 0,
    height: (isCounter ? counterPx : Math.max(1, rows) * state.rowPx) + GAP_PX,
    firstRow: track.firstRow,
    rows,
    firstTick: track.firstRow + track.rows,
    ticks: isCounter ? 0 : Math.min(rows, track.ticks),
    hiddenRows: isCounter ? 0 : track.rows - rows,
    strip: NO_STRIP,
    collapsed,
    pinned: state.pinned.has(index),
  };
}

/**
 * The rows of a process's threads that stand for all of them when it is collapsed.
 * @param {Lists} overview @param {number[]} tracks
 */
function stripOf(overview, tracks) {
  /** @type {Item['strip']} */
  const strip = [];
  let spare = STRIP_ROWS - STRIP_THREADS;
  for (let at = 0; at < tracks.length && strip.length < STRIP_THREADS; at++) {
    const { counter, firstRow, rows, ticks } = overview.tracks[tracks[at]];
    if (counter !== null) continue;
    const count = Math.min(rows + ticks, 1 + spare);
    spare -= Math.max(0, count - 1);
    strip.push([firstRow, count]);
  }
  return strip;
}

/**
 * @param {number} index @param {boolean} collapsed @param {Item['strip']} strip
 * @param {number} depth
 * @returns {Item}
 */
function headerItem(index, collapsed, strip, depth) {
  return {
    kind: 'process',
    index,
    process: index,
    alone: false,
    depth,
    top: 0,
    height: HEADER_PX + GAP_PX,
    firstRow: -1,
    rows: 0,
    firstTick: -1,
    ticks: 0,
    hiddenRows: 0,
    strip,
    collapsed,
    pinned: false,
  };
}

/** Sets each item's top. @param {Item[]} items @returns {number} their total height */
function stack(items) {
  let top = 0;
  for (const item of items) {
    item.top = top;
    top += item.height;
  }
  return top;
}

/**
 * Adds the items of one process.
 * @param {Item[]} items @param {Lists} overview @param {number} process @param {number} depth
 * @param {LayoutState} state
 */
function addProcess(items, overview, process, depth, state) {
  const { tracks, firstTrack } = overview.processes[process];
  const shown = [];
  for (let index = firstTrack; index < firstTrack + tracks; index++)
    if (!state.hidden.has(index) && !state.pinned.has(index)) shown.push(index);
  if (shown.length === 0) return;
  if (tracks === 1 && overview.tracks[firstTrack].counter === null) {
    items.push(trackItem(overview, firstTrack, state, depth, true));
    return;
  }
  const collapsed = state.collapsedProcesses.has(process);
  items.push(
    headerItem(process, collapsed, collapsed ? stripOf(overview, shown) : NO_STRIP, depth),
  );
  if (collapsed) return;
  for (const index of shown) items.push(trackItem(overview, index, state, depth + 1));
}

/** @param {Lists} overview @param {LayoutState} state @returns {Layout} */
export function layoutTracks(overview, state) {
  const pinned = [...state.pinned]
    .filter((index) => index < overview.tracks.length && !state.hidden.has(index))
    .map((index) => trackItem(overview, index, state));
  /** @type {Item[]} */
  const items = [];
  for (const { process, depth } of treeOf(overview, state.order))
    addProcess(items, overview, process, depth, state);
  const { rowPx } = state;
  return { pinned, items, pinnedHeight: stack(pinned), height: stack(items), rowPx };
}

/** The first item that ends below y. @param {Item[]} items @param {number} y */
export function firstBelow(items, y) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].top + items[middle].height > y) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * @param {Layout} layout @param {number} scrollPx @param {number} heightPx of the area
 * @returns {number}
 */
export function clampScroll(layout, scrollPx, heightPx) {
  return Math.min(
    Math.max(0, scrollPx),
    Math.max(0, layout.height + layout.pinnedHeight - heightPx),
  );
}

/**
 * Visits each visible item, with its top in the area. Pinned ones come first; they cover the
 * others.
 * @param {Layout} layout @param {number} scrollPx @param {number} heightPx
 * @param {(item: Item, topPx: number, clipTopPx: number) => void} visit
 */
export function eachVisible(layout, scrollPx, heightPx, visit) {
  for (const item of layout.pinned) if (item.top < heightPx) visit(item, item.top, 0);
  const start = layout.pinnedHeight;
  for (let index = firstBelow(layout.items, scrollPx); index < layout.items.length; index++) {
    const top = layout.items[index].top - scrollPx + start;
    if (top >= heightPx) return;
    visit(layout.items[index], top, start);
  }
}

/**
 * The item at a height of the area.
 * @param {Layout} layout @param {number} scrollPx @param {number} y
 * @returns {{ item: Item, topPx: number } | null}
 */
export function itemAt(layout, scrollPx, y) {
  const inPinned = y < layout.pinnedHeight;
  const items = inPinned ? layout.pinned : layout.items;
  const inside = inPinned ? y : y - layout.pinnedHeight + scrollPx;
  const item = items[firstBelow(items, inside)];
  if (!item || inside < item.top) return null;
  return { item, topPx: inPinned ? item.top : item.top - scrollPx + layout.pinnedHeight };
}

/**
 * A track's item, or its process's if that is collapsed.
 * @param {Layout} layout @param {number} track
 * @param {Pick<Lists, 'tracks'>} [overview]
 * @returns {Item | null}
 */
export function itemOfTrack({ pinned, items }, track, overview) {
  const process = overview?.tracks[track]?.process;
  const matches = (/** @type {Item} */ { kind, index }) => kind !== 'process' && index === track;
  return (
    pinned.find(matches) ??
    items.find(matches) ??
    items.find(({ kind, index }) => kind === 'process' && index === process) ??
    null
  );
}

/**
 * The scroll position closest to the present one that shows the whole item.
 * @param {Layout} layout @param {Item} item @param {number} scrollPx @param {number} heightPx
 */
export function scrollToShow(layout, item, scrollPx, heightPx) {
  if (item.pinned) return scrollPx;
  const room = heightPx - layout.pinnedHeight;
  const lowest = Math.min(item.top, item.top + item.height - room);
  return clampScroll(layout, Math.min(Math.max(scrollPx, lowest), item.top), heightPx);
}
