/** The visible window of time: zooming, panning, and going to events. */
import { clampWindow, fitWindow, panBy, pxToTime, windowAround, zoomAbout } from './scale.js';
import { TrackView } from './track_view.js';

/** @typedef {import('../trace/types.js').EventDetails} EventDetails */
/** @typedef {import('./scale.js').TimeWindow} TimeWindow */

export class WindowView extends TrackView {
  /** @returns {TimeWindow} the visible one */
  get window() {
    return this.state.window;
  }

  /** @returns {import('./scale.js').Limits} of the window */
  get limits() {
    return this.state.limits;
  }

  /** @param {number} fromNs @param {number} toNs */
  setWindow(fromNs, toNs) {
    this.#show(clampWindow({ fromNs, toNs }, this.state.limits));
  }

  fit() {
    this.#show(fitWindow(this.state.limits));
  }

  /**
   * Zooms about a time, by default the pointer's or the middle.
   * @param {number} factor above 1: in @param {number} [atNs]
   */
  zoomBy(factor, atNs) {
    const { window, limits, pointer } = this.state;
    this.#show(
      zoomAbout(
        window,
        limits,
        factor,
        atNs ?? pointer?.timeNs ?? (window.fromNs + window.toNs) / 2,
      ),
    );
  }

  /** @param {number} fraction of the window; positive: to later times */
  panBy(fraction) {
    const { window, limits } = this.state;
    this.#show(panBy(window, limits, fraction * (window.toNs - window.fromNs)));
  }

  /** @param {EventDetails} details */
  zoomToEvent(details) {
    this.scrollTo(details.track);
    this.#show(windowAround(details.startNs, details.durationNs, this.state.limits));
  }

  /**
   * Pans and scrolls just far enough to show the event; the zoom stays.
   * @param {EventDetails} details
   */
  revealEvent(details) {
    const { window, limits } = this.state;
    const span = window.toNs - window.fromNs;
    this.scrollTo(details.track);
    if (details.startNs + details.durationNs >= window.fromNs && details.startNs <= window.toNs)
      return;
    this.#show(
      panBy(
        window,
        limits,
        details.startNs + Math.min(details.durationNs, span) / 2 - (window.fromNs + span / 2),
      ),
    );
  }

  /** Zooms to the range or, without one, to the selected event. */
  zoomToSelection() {
    const { range, selected } = this.state;
    if (range) this.setWindow(range.fromNs, range.toNs);
    else if (selected) this.zoomToEvent(selected);
  }

  /** @param {TimeWindow} window */
  #show(window) {
    const { fromNs, toNs } = this.state.window;
    if (window.fromNs === fromNs && window.toNs === toNs) return;
    const { pointer, widthPx } = this.state;
    if (pointer) pointer.timeNs = pxToTime(window, widthPx, pointer.x);
    this.state.window = window;
    this.invalidate('window');
    this.send('window', window);
  }
}
