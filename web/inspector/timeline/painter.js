/** Draws a frame of the timeline: only the stale parts. */
import { formatDuration, formatTime } from './format.js';
import { Labels } from './labels.js';
import { TrackRenderer } from './track_renderer.js';
import { drawMinimap, placeHandles } from './minimap.js';
import { drawOverlay } from './overlay.js';
import { readPalette } from './palette.js';
import { pictureOf } from './picture.js';
import { basesIn, chooseSteps, placeText, ticksIn } from './ruler.js';
import { nsPerPx, timeToPx } from './scale.js';
import { Tooltip } from './tooltip.js';

/**
 * @typedef {import('./state.js').ViewState} ViewState
 * @typedef {import('./surface.js').Surface} Surface
 */

const TICK_PX = 90;
const NOTE_PX = 18; // height of the notes in the ruler

export class Painter {
  /** @type {import('./palette.js').Palette | null} */ #palette = null;
  #surface;
  #state;
  #tracks;
  #labels;
  #tooltip;

  /**
   * @param {import('./timeline_view.js').TimelineView} view @param {Surface} surface
   * @param {ViewState} state
   * @param {(event: number) => Promise<import('../trace/types.js').EventDetails>} details
   */
  constructor(view, surface, state, details) {
    this.#surface = surface;
    this.#state = state;
    this.#tracks = new TrackRenderer(surface.lanesContext);
    this.#labels = new Labels(view, surface, state);
    this.#tooltip = new Tooltip(surface, state, details, (message) =>
      view.send('failed', { message }),
    );
  }

  /** Called for a new trace. */
  forget() {
    this.#labels.forget();
    this.#tooltip.hide();
  }

  recolour() {
    this.#palette = null;
  }

  draw() {
    const state = this.#state;
    const stale = new Set(state.stale);
    state.stale.clear();
    this.#palette ??= readPalette(this.#surface.host);
    const all = stale.has('all'),
      moved = all || stale.has('window'),
      tracks = all || stale.has('tracks');
    if (moved || tracks || stale.has('geometry')) this.#tracks.draw(state, this.#palette);
    if (moved || stale.has('overlay')) this.#drawRuler();
    if (all || stale.has('density') || stale.has('tracks'))
      drawMinimap(this.#surface, state, this.#palette);
    if (moved || stale.has('density')) placeHandles(this.#surface, state);
    if (tracks || stale.has('labels')) this.#labels.draw();
    this.#labels.drawCounters();
    if (tracks) this.#placeScrollbar();
    drawOverlay(this.#surface, state, this.#palette);
    this.#tooltip.update();
  }

  #drawRuler() {
    const { rulerContext: context, corner } = this.#surface;
    const { window, widthPx, ratio, trace } = this.#state;
    const palette = /** @type {import('./palette.js').Palette} */ (this.#palette);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, widthPx, 36);
    corner.replaceChildren();
    if (!trace || widthPx < 1) return;
    const steps = chooseSteps(nsPerPx(window, widthPx), TICK_PX, trace.overview.resolutionNs);
    context.font = `11px ${palette.numbers}`;
    context.textBaseline = 'middle';
    context.fillStyle = palette.muted.css;
    for (const { timeNs, label } of ticksIn(window, steps)) {
      const x = Math.round(timeToPx(window, widthPx, timeNs));
      context.fillRect(x, 22, 1, 14);
      context.fillText(label, x + 4, 28);
    }
    context.fillStyle = palette.fg.css;
    let free = 0;
    /** @type {[number, number][]} */
    const taken = [];
    for (const { timeNs, label } of basesIn(window, steps)) {
      const x = Math.max(0, Math.round(timeToPx(window, widthPx, timeNs)));
      if (x < free) continue;
      context.fillRect(x, 2, 1, 12);
      context.fillText(label, x + 4, 9);
      free = x + context.measureText(label).width + 16;
      taken.push([x, free]);
    }
    this.#drawNotes(palette, taken);
    this.#drawPointer(palette, trace.overview.resolutionNs);
    const span = document.createElement('b');
    span.textContent = formatDuration(window.toNs - window.fromNs);
    corner.append(
      span,
      document.createTextNode(`from ${formatTime(window.fromNs, steps.stepNs / 10)}`),
    );
  }

  /**
   * Draws moments and ranges, with their texts beside those of the bases.
   * @param {import('./palette.js').Palette} palette
   * @param {[number, number][]} taken from left to right: where texts are already
   */
  #drawNotes(palette, taken) {
    const { rulerContext: context } = this.#surface;
    const { notes, window, widthPx } = this.#state;
    context.fillStyle = palette.accent.css;
    context.font = `11px ${palette.words}`;
    for (const { fromNs, toNs, text } of notes) {
      const left = timeToPx(window, widthPx, fromNs);
      const right = Math.max(left + 2, timeToPx(window, widthPx, toNs));
      if (right < 0 || left > widthPx) continue;
      context.fillRect(left, NOTE_PX, right - left, 2);
      context.fillRect(left, NOTE_PX, 1, 36 - NOTE_PX);
      const x = placeText(Math.max(0, left) + 4, context.measureText(text).width, taken);
      if (x !== null) context.fillText(text, x, NOTE_PX - 6);
    }
  }

  /**
   * Draws the time at the cursor, over the bases.
   * @param {import('./palette.js').Palette} palette @param {number} resolutionNs
   */
  #drawPointer(palette, resolutionNs) {
    const { rulerContext: context } = this.#surface;
    const { pointer, window, widthPx } = this.#state;
    if (!pointer) return;
    const words = formatTime(pointer.timeNs, Math.max(resolutionNs, nsPerPx(window, widthPx)));
    context.font = `11px ${palette.numbers}`;
    const width = context.measureText(words).width + 8;
    const x = Math.max(0, Math.min(pointer.x, widthPx - width));
    context.fillStyle = palette.bg.css;
    context.fillRect(x, 0, width, NOTE_PX);
    context.fillStyle = palette.accent.css;
    context.fillText(words, x + 4, 9);
  }

  /** @returns {OffscreenCanvas} */
  picture() {
    const { bg } = /** @type {import('./palette.js').Palette} */ (this.#palette);
    return pictureOf(this.#surface, bg.css, this.#state.ratio);
  }

  #placeScrollbar() {
    const { scrollbar } = this.#surface;
    const { layout, scrollPx, heightPx } = this.#state;
    const room = heightPx - layout.pinnedHeight;
    scrollbar.hidden = layout.height <= room || room < 1;
    if (scrollbar.hidden) return;
    const height = Math.max(24, (room / layout.height) * room);
    scrollbar.style.height = `${height}px`;
    const share = scrollPx / (layout.height - room);
    scrollbar.style.top = `${layout.pinnedHeight + share * (room - height)}px`;
  }
}
