/**
 * Draws the tracks: spans and instants in their rows, counters, and strips of collapsed processes.
 */
import { colourer, colouringOf } from './colouring.js';
import { drawCounter } from './counters.js';
import { formatCount } from './format.js';
import { firstOfRow, lastStarted } from './hit.js';
import { eachVisible } from './layout.js';
import { Pixels } from './pixels.js';
import { drawLife } from './lives.js';
import { busyShare, tickPx } from './rows.js';
import { drawStrip } from './strips.js';

/**
 * @typedef {import('./state.js').ViewState} ViewState
 * @typedef {import('./palette.js').Palette} Palette
 */
/** @typedef {import('../trace/types.js').Geometry} Geometry */

const FAILED = 1;
const OPEN = 2;
const LABEL_LEAST_PX = 22; // narrower ones would be unreadable
const LABEL_ROW_PX = 14; // lower rows have no room for text
const LETTER_PX = 6.3; // average width of the label font at 11 px
const FADE_PX = 12;
// for runs that are hardly busy: their colour shows above the failure mark
const RUN_LEAST_PX = 6;

export class TrackRenderer {
  #pixels = new Pixels();

  /** @param {CanvasRenderingContext2D} context */
  constructor(context) {
    this.context = context;
    /** @type {{ x: number, y: number, width: number, text: string, colour: string }[]} */
    this.labels = [];
  }

  /** @param {ViewState} state @param {Palette} palette */
  draw(state, palette) {
    const { width, height } = this.context.canvas;
    this.#pixels.begin(width, height, palette.bg.pixel);
    this.labels = [];
    if (state.trace) this.#drawItems(state, palette, state.trace);
    this.context.putImageData(this.#pixels.image, 0, 0);
    this.#drawLabels(state, palette);
  }

  /**
   * @param {ViewState} state @param {Palette} palette
   * @param {import('../trace/types.js').Trace} trace
   */
  #drawItems(state, palette, { overview }) {
    const { layout, scrollPx, heightPx, geometry, ratio } = state;
    const pixels = this.#pixels;
    const hueOf = colourer(state.colour || colouringOf(overview), overview);
    eachVisible(layout, scrollPx, heightPx, (item, top, clipTop) => {
      const bottom = Math.round((top + item.height) * ratio) - 1;
      if (bottom >= clipTop * ratio)
        pixels.fill(0, bottom, pixels.width, bottom + 1, palette.line.pixel);
      if (item.kind === 'process' || item.alone)
        drawLife(pixels, state, palette.muted.pixel, item, top, clipTop);
      if (!geometry) return;
      if (item.kind === 'counter') drawCounter(pixels, state, palette, item, top, clipTop);
      if (item.strip.length > 0) drawStrip(pixels, state, palette, item, top, clipTop);
      for (let row = 0; item.kind === 'thread' && row < item.rows; row++) {
        const y = top + row * layout.rowPx;
        if (y + layout.rowPx <= clipTop || y >= heightPx) continue;
        this.#drawRow(state, palette, { row: item.firstRow + row, top: y, clipTop, hueOf });
        if (row >= item.ticks) continue;
        this.#drawRow(state, palette, {
          ...{ row: item.firstTick + row, top: y, clipTop, hueOf },
          ticks: true,
        });
      }
    });
  }

  /**
   * @param {ViewState} state @param {Palette} palette
   * @param {{ row: number, top: number, clipTop: number, hueOf: ReturnType<typeof colourer>,
   *   ticks?: boolean }} place
   */
  #drawRow(state, palette, { row, top, clipTop, hueOf, ticks = false }) {
    const geometry = /** @type {Geometry} */ (state.geometry);
    const { window, widthPx, ratio, searching, layout } = state;
    const scale = (widthPx * ratio) / (window.toNs - window.fromNs);
    const offset = geometry.fromNs - window.fromNs;
    const first = firstOfRow(geometry, row);
    const end = firstOfRow(geometry, row + 1);
    const { rowPx } = layout;
    const y = Math.max(Math.round((top + 1) * ratio), Math.round(clipTop * ratio));
    const high = ticks ? 1 + tickPx(rowPx) : Math.max(rowPx - 1, 3);
    const bottom = Math.round((top + high) * ratio);
    const { width } = this.#pixels;
    for (let at = Math.max(first, lastStarted(geometry, first, end, -offset)); at < end; at++) {
      const left = Math.max(-2, Math.round((geometry.startNs[at] + offset) * scale));
      if (left >= width) break;
      const ends = (geometry.startNs[at] + offset + geometry.durationNs[at]) * scale;
      const right = Math.min(width + 2, Math.round(ends));
      const hue = palette.hues[hueOf(geometry, at)];
      const missed = searching && geometry.hits[at] === 0;
      const place = { left, right, y, bottom, ratio, palette, hue, missed };
      if (ticks) {
        this.#drawTick(geometry, at, place);
        continue;
      }
      this.#drawItem(geometry, at, place);
      if (right - left >= LABEL_LEAST_PX * ratio && rowPx >= LABEL_ROW_PX)
        this.#label(state, at, { left, right, top }, missed ? palette.muted.css : hue.textCss);
    }
  }

  /**
   * @param {Geometry} geometry @param {number} at
   * @param {{ left: number, right: number, y: number, bottom: number, ratio: number, palette:
   *   Palette, hue: import('./palette.js').Hue, missed: boolean }} place
   */
  #drawItem(geometry, at, { left, right, y, bottom, ratio, palette, hue, missed }) {
    const pixels = this.#pixels;
    const colour = missed ? hue.faded : hue.fill;
    const flags = geometry.flags[at];
    const width = right - left;
    const to = Math.max(left + Math.max(1, Math.round(ratio)), width > 3 ? right - 1 : right);
    const room = bottom - y;
    const least = Math.min(room, RUN_LEAST_PX * ratio);
    const height = Math.round(least + busyShare(geometry, at) * (room - least));
    pixels.fill(left, bottom - height, to, bottom, colour);
    if (flags & FAILED && !missed && bottom - y > 4 * ratio) {
      const edge = Math.max(to, left + 2);
      // stands out from any hue
      pixels.fill(left, bottom - Math.round(4 * ratio), edge, bottom, palette.bg.pixel);
      pixels.fill(left, bottom - Math.round(3 * ratio), edge, bottom, palette.error.pixel);
    }
    // beyond the right edge it goes on
    if (flags & OPEN && right <= pixels.width)
      pixels.fade(
        Math.max(left, to - Math.round(FADE_PX * ratio)),
        y,
        to,
        bottom,
        palette.bg.pixel,
      );
  }

  /**
   * Draws an instant within a span, set off from its colour.
   * @param {Geometry} geometry @param {number} at
   * @param {{ left: number, right: number, y: number, bottom: number, ratio: number, palette:
   *   Palette, hue: import('./palette.js').Hue, missed: boolean }} place
   */
  #drawTick(geometry, at, { left, right, y, bottom, ratio, palette, hue, missed }) {
    const pixels = this.#pixels;
    const thick = Math.max(1, Math.round(ratio));
    const to = Math.max(left + thick, right);
    pixels.fill(left - thick, y, to + thick, bottom + thick, palette.bg.pixel);
    pixels.fill(left, y, to, bottom, missed ? hue.faded : hue.fill);
    if (geometry.flags[at] & FAILED && !missed)
      pixels.fill(left, bottom - 2 * thick, to, bottom, palette.error.pixel);
  }

  /**
   * @param {ViewState} state @param {number} at
   * @param {{ left: number, right: number, top: number }} place @param {string} colour
   */
  #label({ geometry, ratio, trace }, at, { left, right, top }, colour) {
    if (!geometry || !trace) return;
    const x = Math.max(left, 0) / ratio + 4;
    const width = Math.min(right, this.#pixels.width) / ratio - x - 3;
    if (width <= LETTER_PX * 2) return;
    const merged = geometry.merged[at];
    const text =
      merged > 1 ? `${formatCount(merged)} events` : trace.overview.names[geometry.name[at]];
    this.labels.push({ x, y: top, width, text, colour });
  }

  /** @param {ViewState} state @param {Palette} palette */
  #drawLabels({ ratio, layout, heightPx, widthPx }, palette) {
    const { context } = this;
    const { rowPx, pinnedHeight } = layout;
    context.save();
    context.scale(ratio, ratio);
    context.font = `11px ${palette.words}`;
    context.textBaseline = 'middle';
    for (const { x, y, width, text, colour } of this.labels) {
      if (y < pinnedHeight && y + rowPx > pinnedHeight) continue; // half covered
      const room = Math.floor(width / LETTER_PX);
      const words = text.length <= room ? text : `${text.slice(0, Math.max(1, room - 1))}…`;
      context.fillStyle = colour;
      context.fillText(words, x, y + rowPx / 2, Math.max(width, LETTER_PX));
    }
    if (layout.pinned.length > 0 && pinnedHeight < heightPx) {
      context.fillStyle = palette.line.css;
      context.fillRect(0, pinnedHeight - 1, widthPx, 1);
    }
    context.restore();
  }
}
