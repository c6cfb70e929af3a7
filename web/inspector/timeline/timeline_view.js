/**
 * The timeline of a trace in an element: tracks, ruler and minimap, drawn and controlled. It holds
 * the view's state (window, scroll, selection); every change requests a frame, and one scheduler
 * draws it.
 *
 *     minimap ────────────────────────────────────────
 *     corner   │ ruler
 *     labels   │ area: lanes (spans, counters) under an overlay (hover, selection, cursor)
 */
import { chosenAmong } from './chosen.js';
import { PROCESSES_OPEN } from './layout.js';
import { Painter } from './painter.js';
import { steer } from './pointer.js';
import { Queries } from './queries.js';
import { fitWindow, limitsOf } from './scale.js';
import { emptyState } from './state.js';
import { Surface } from './surface.js';
import { WindowView } from './window_view.js';

/**
 * @typedef {import('../trace/types.js').Trace} Trace
 * @typedef {import('../trace/types.js').EventDetails} EventDetails
 */
/** @typedef {import('./scale.js').TimeWindow} TimeWindow */
/** @typedef {import('./state.js').ViewState} ViewState */

export class TimelineView extends WindowView {
  /** @type {Surface} */ #surface;
  /** @type {Painter} */ #painter;
  /** @type {Queries} */ #queries;
  /**
   * The overview when the tracks were last placed.
   * @type {import('../trace/types.js').Overview | null}
   */
  #overview = null;
  #stopSteering = () => {};

  /**
   * @param {HTMLElement} host positioned; the view fills it. Its custom properties are the colours:
   *   --hue-0 … --hue-9, --hue-text-0 … --hue-text-9, --bg, --fg, --muted, --line, --accent,
   *   --loss, --error
   * @param {{ details?: (event: number) => Promise<EventDetails> }} [options] details: gets an
   *   event's text for the tooltip; by default from the trace
   */
  constructor(host, options = {}) {
    super();
    this.#surface = new Surface(host, () => this.#resized());
    this.#painter = new Painter(
      this,
      this.#surface,
      this.state,
      options.details ?? ((event) => this.#details(event)),
    );
    this.#queries = new Queries(
      this.state,
      (what) => this.invalidate(what),
      (message) => this.send('failed', { message }),
    );
    this.#stopSteering = steer(this, this.#surface, this.state);
    this.#resized();
  }

  /** @param {Trace | null} trace null: nothing is shown */
  setTrace(trace) {
    const { widthPx, heightPx, ratio, changes } = this.state;
    this.#overview = null;
    Object.assign(this.state, emptyState(), {
      widthPx,
      heightPx,
      ratio,
      trace,
      changes: changes + 1,
    });
    const { processes = [] } = trace?.overview ?? {};
    if (processes.length > PROCESSES_OPEN) {
      this.state.collapsedProcesses = new Set(processes.keys());
      const alone = processes.filter(({ tracks }) => tracks === 1);
      this.state.collapsed = new Set(alone.map(({ firstTrack }) => firstTrack));
    }
    this.#painter.forget();
    this.#adopt();
    if (trace) this.state.window = fitWindow(this.state.limits);
    this.invalidate('all');
  }

  /**
   * The filter, the search or a live trace has changed: asks again; the old drawing stays until the
   * answer arrives.
   */
  refresh() {
    this.state.changes++;
    this.#adopt();
    this.invalidate('all');
  }

  /** @param {TimeWindow | null} range to get statistics of; dispatches nothing */
  setSelection(range) {
    this.state.range = range;
    this.invalidate('overlay');
  }

  /** @returns {TimeWindow | null} */
  get selection() {
    return this.state.range;
  }

  /** @param {EventDetails | null} details */
  setSelectedEvent(details) {
    this.state.selected = details;
    if (details) this.state.track = details.track;
    this.invalidate('overlay');
  }

  focus() {
    this.#surface.area.focus({ preventScroll: true });
  }

  /** A picture of the visible tracks. @returns {OffscreenCanvas} */
  picture() {
    return this.#painter.picture();
  }

  /** @param {boolean} searching events that are no hits fade */
  setSearching(searching) {
    this.state.searching = searching;
    this.refresh();
  }

  /** Called when colours have changed (theme). */
  recolour() {
    this.#painter.recolour();
    this.invalidate('all');
  }

  dispose() {
    cancelAnimationFrame(this.frame);
    this.#stopSteering();
    this.#queries.dispose();
    this.#surface.dispose();
  }

  draw() {
    const begin = performance.now();
    this.frame = 0;
    this.#painter.draw();
    this.#queries.update();
    this.send('frame', { ms: performance.now() - begin });
  }

  /** Takes over the trace's overview. */
  #adopt() {
    const overview = this.state.trace?.overview ?? null,
      before = this.#overview;
    this.#overview = overview;
    if (overview) this.state.limits = limitsOf(overview);
    this.arrange(
      overview && before && overview !== before ? chosenAmong(this.state, before, overview) : {},
    );
  }

  #resized() {
    Object.assign(this.state, this.#surface.measure());
    this.scrollBy(0);
    this.invalidate('all');
  }

  /** @param {number} event @returns {Promise<EventDetails>} */
  #details(event) {
    const { trace } = this.state;
    return trace ? trace.event(event) : Promise.reject(new DOMException('no trace', 'AbortError'));
  }
}
