/**
 * The tracks' state: which are shown, in which order and from which scroll position, how they look,
 * and the marks drawn over them.
 */
import { clampScroll, itemOfTrack, layoutTracks, scrollToShow } from './layout.js';
import { movedTo } from './pin_drag.js';
import { emptyState } from './state.js';

/** @typedef {import('./state.js').ViewState} ViewState */

/**
 * The `detail` of the events that a view dispatches.
 * @typedef {object} ViewEvents
 * @property {import('./scale.js').TimeWindow} window the window has changed
 * @property {{ event: number }} select an event was clicked; -1: empty space was
 * @property {{ event: number }} open double-clicked (the view itself zooms to it)
 * @property {{ track: number, timeNs: number }} gap double-clicked where nothing runs
 * @property {import('./scale.js').TimeWindow | null} range was dragged, or cleared
 * @property {import('./scale.js').TimeWindow | null} other a second range was dragged, to compare
 *   with
 * @property {{ collapsed: number[], collapsedProcesses: number[], pinned: number[] }} tracks a
 *   person collapsed or pinned something
 * @property {{ message: string }} failed the trace could not answer
 * @property {{ px: number }} labels the column of names was dragged to this width
 * @property {{ ms: number }} frame main-thread work of a frame, for benchmarks
 */

export class TrackView extends EventTarget {
  /** @type {ViewState} */ state = emptyState();
  frame = 0; // the one requested

  /** Draws the stale parts. */
  draw() {}

  /** @returns {number} the current track, or -1 */
  get track() {
    return this.state.track;
  }

  /**
   * @returns {number[]} the visible rows from top to bottom, ticks after the row that they are
   *   drawn over
   */
  rowsInOrder() {
    const { layout } = this.state;
    /** @type {number[]} */
    const order = [];
    for (const items of [layout.pinned, layout.items])
      for (const { kind, firstRow, rows, firstTick, ticks } of items)
        for (let at = 0; kind === 'thread' && at < rows; at++) {
          order.push(firstRow + at);
          if (at < ticks) order.push(firstTick + at);
        }
    return order;
  }

  /** @param {number} track becomes the current one, and visible */
  showTrack(track) {
    const { trace, collapsedProcesses } = this.state;
    const process = trace?.overview.tracks[track]?.process ?? -1;
    if (collapsedProcesses.has(process)) this.toggle('collapsedProcesses', process);
    this.state.track = track;
    this.scrollTo(track);
    this.invalidate('labels');
  }

  /** @param {Iterable<number>} tracks kept on top */
  setPinned(tracks) {
    this.arrange({ pinned: new Set(tracks) });
  }

  /** @param {ReadonlySet<number>} tracks to hide */
  setHidden(tracks) {
    const { hidden } = this.state;
    if (tracks === hidden || (tracks.size === 0 && hidden.size === 0)) return;
    this.arrange({ hidden: tracks });
  }

  /** @param {ViewState['other']} other a second range to compare with */
  setOther(other) {
    this.state.other = other;
    this.invalidate('overlay');
  }

  /** A person ordered the pinned tracks; dispatches `tracks`. @param {number[]} tracks */
  orderPins(tracks) {
    if (tracks.join() === [...this.state.pinned].join()) return;
    this.arrange({ pinned: new Set(tracks) });
    this.#sayTracks();
  }

  /** Moves the current track among the pinned ones. @param {-1 | 1} direction */
  movePin(direction) {
    const { track, pinned } = this.state;
    const order = [...pinned];
    if (pinned.has(track)) this.orderPins(movedTo(order, track, order.indexOf(track) + direction));
  }

  /**
   * Sets how the tracks look.
   * @param {Partial<Pick<ViewState, 'colour' | 'order' | 'rowPx' | 'busy'>>} look
   */
  setLook(look) {
    const { order, rowPx, busy, colour } = this.state;
    Object.assign(this.state, look);
    const now = this.state;
    if (order !== now.order || rowPx !== now.rowPx) this.arrange({});
    if (busy !== now.busy) this.invalidate('labels');
    if (colour !== now.colour || rowPx !== now.rowPx) this.invalidate('all');
  }

  /** @param {ViewState['notes']} notes drawn on the ruler */
  setNotes(notes) {
    this.state.notes = notes;
    this.invalidate('window');
    this.invalidate('density');
  }

  /** @param {ViewState['flows']} flows drawn as arrows */
  setFlows(flows) {
    if (flows === this.state.flows || flows.length + this.state.flows.length === 0) return;
    this.state.flows = flows;
    this.invalidate('overlay');
  }

  /**
   * Works like the labels' triangle and pin; dispatches `tracks`.
   * @param {'collapsed' | 'collapsedProcesses' | 'pinned'} what @param {number} index
   */
  toggle(what, index) {
    const set = new Set(this.state[what]);
    if (!set.delete(index)) set.add(index);
    this.arrange({ [what]: set });
    this.#sayTracks();
  }

  #sayTracks() {
    const { collapsed, collapsedProcesses, pinned } = this.state;
    this.send('tracks', {
      collapsed: [...collapsed],
      collapsedProcesses: [...collapsedProcesses],
      pinned: [...pinned],
    });
  }

  /** The same for the current track, if any. @param {'collapsed' | 'pinned'} what */
  toggleTrack(what) {
    const { track, trace } = this.state;
    if (track >= 0 && track < (trace?.overview.tracks.length ?? 0)) this.toggle(what, track);
  }

  /** @param {number} deltaPx css px, down */
  scrollBy(deltaPx) {
    this.state.scrollPx = clampScroll(
      this.state.layout,
      this.state.scrollPx + deltaPx,
      this.state.heightPx,
    );
    this.invalidate('tracks');
  }

  /** @template {keyof ViewEvents} T @param {T} type @param {ViewEvents[T]} detail */
  send(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Redraws a part in the next frame. @param {import('./state.js').Stale} what */
  invalidate(what) {
    this.state.stale.add(what);
    if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  /** @param {Partial<import('./layout.js').LayoutState>} change */
  arrange(change) {
    const state = this.state;
    Object.assign(state, change);
    const none = { pinned: [], items: [], pinnedHeight: 0, height: 0, rowPx: state.rowPx };
    state.layout = state.trace ? layoutTracks(state.trace.overview, state) : none;
    state.scrollPx = clampScroll(state.layout, state.scrollPx, state.heightPx);
    this.invalidate('tracks');
  }

  /** @param {number} track */
  scrollTo(track) {
    const { layout, scrollPx, heightPx, trace } = this.state;
    const item = itemOfTrack(layout, track, trace?.overview);
    if (item) this.scrollBy(scrollToShow(layout, item, scrollPx, heightPx) - scrollPx);
  }
}
