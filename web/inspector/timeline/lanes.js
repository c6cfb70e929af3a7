/** Draws the tracks: rectangles as pixels in memory, which takes a tenth of what as many calls of the canvas take. */
import { firstOfRow, lastStarted } from './hit.js';
import { COUNTER_PX, eachVisible, ROW_PX } from './layout.js';

/** @typedef {import('./state.js').ViewState} ViewState @typedef {import('./palette.js').Palette} Palette @typedef {import('../trace/types.js').Geometry} Geometry */

const ERROR = 1, OPEN = 2;
const LABEL_LEAST_PX = 22; // narrower ones would say nothing
const LETTER_PX = 6.3; // of the words' font at 11 px, on average
const BAR_GAP_PX = 3; // below each row

export class Lanes {
  /** @param {CanvasRenderingContext2D} context */
  constructor(context) {
    this.context = context;
    this.image = new ImageData(1, 1);
    this.pixels = new Uint32Array(this.image.data.buffer);
    /** @type {{ x: number, y: number, width: number, text: string, colour: string }[]} */
    this.labels = [];
  }

  /** @param {ViewState} state @param {Palette} palette */
  draw(state, palette) {
    const { width, height } = this.context.canvas;
    if (this.image.width !== width || this.image.height !== height) {
      this.image = new ImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    this.pixels.fill(palette.bg.pixel);
    this.labels = [];
    if (state.trace) this.#drawItems(state, palette);
    this.context.putImageData(this.image, 0, 0);
    this.#drawLabels(state, palette);
  }

  /** @param {ViewState} state @param {Palette} palette */
  #drawItems(state, palette) {
    const { layout, scrollPx, heightPx, geometry, ratio } = state;
    eachVisible(layout, scrollPx, heightPx, (item, top, clipTop) => {
      const bottom = Math.round((top + item.height) * ratio) - 1;
      if (bottom >= clipTop * ratio) this.#fill(0, bottom, this.image.width, bottom + 1, palette.line.pixel);
      if (!geometry) return;
      if (item.kind === 'counter') this.#drawCounter(state, palette, item, top, clipTop);
      for (let row = 0; item.kind === 'thread' && row < item.rows; row++) {
        const y = top + row * ROW_PX;
        if (y + ROW_PX > clipTop && y < heightPx) this.#drawRow(state, palette, item.firstRow + row, y, clipTop);
      }
    });
  }

  /** @param {ViewState} state @param {Palette} palette @param {number} row @param {number} top @param {number} clipTop */
  #drawRow(state, palette, row, top, clipTop) {
    const geometry = /** @type {Geometry} */ (state.geometry);
    const { window, widthPx, ratio, searching } = state;
    const { categories, names } = /** @type {import('../trace/types.js').Trace} */ (state.trace).overview;
    const scale = (widthPx * ratio) / (window.toNs - window.fromNs);
    const offset = geometry.fromNs - window.fromNs;
    const first = firstOfRow(geometry, row), end = firstOfRow(geometry, row + 1);
    const y = Math.max(Math.round((top + 1) * ratio), Math.round(clipTop * ratio));
    const bottom = Math.round((top + ROW_PX - BAR_GAP_PX) * ratio);
    for (let at = Math.max(first, lastStarted(geometry, first, end, -offset)); at < end; at++) {
      const left = Math.max(-2, Math.round((geometry.startNs[at] + offset) * scale));
      if (left >= this.image.width) break;
      const right = Math.min(this.image.width + 2, Math.round((geometry.startNs[at] + offset + geometry.durationNs[at]) * scale));
      const width = right - left;
      const hue = palette.hues[categories[geometry.category[at]]?.hue ?? 0];
      const colour = searching && geometry.hits[at] === 0 ? hue.faded : hue.fill;
      const to = Math.max(left + Math.max(1, Math.round(ratio)), width > 3 ? right - 1 : right);
      if (geometry.merged[at] > 1) this.#hatch(left, y, to, bottom, colour, hue.hatch);
      else this.#fill(left, y, to, bottom, colour);
      const flags = geometry.flags[at];
      if (flags & ERROR) this.#fill(left, bottom - Math.round(4 * ratio), Math.max(to, left + 2), bottom, palette.bg.pixel); // apart from any hue
      if (flags & ERROR) this.#fill(left, bottom - Math.round(3 * ratio), Math.max(to, left + 2), bottom, palette.error.pixel);
      if (flags & OPEN) this.#tear(to, y, bottom, palette.bg.pixel);
      if (width >= LABEL_LEAST_PX * ratio) this.#label(geometry, at, { left, right, y: top, names, ratio }, searching && geometry.hits[at] === 0 ? palette.muted.css : hue.textCss);
    }
  }

  /** @param {Geometry} geometry @param {number} at @param {{ left: number, right: number, y: number, names: string[], ratio: number }} place @param {string} colour */
  #label(geometry, at, { left, right, y, names, ratio }, colour) {
    const x = Math.max(left, 0) / ratio + 4, width = Math.min(right, this.image.width) / ratio - x - 3;
    const merged = geometry.merged[at];
    const text = merged > 1 ? `${merged.toLocaleString('en')} events` : names[geometry.name[at]];
    if (width > LETTER_PX * 2) this.labels.push({ x, y, width, text, colour });
  }

  /** @param {ViewState} state @param {Palette} palette */
  #drawLabels({ ratio, layout, heightPx, widthPx }, palette) {
    const { context } = this;
    context.save();
    context.scale(ratio, ratio);
    context.font = `11px ${palette.words}`;
    context.textBaseline = 'middle';
    for (const { x, y, width, text, colour } of this.labels) {
      if (y < layout.pinnedHeight && y + ROW_PX > layout.pinnedHeight) continue; // half covered
      const room = Math.floor(width / LETTER_PX);
      context.fillStyle = colour;
      context.fillText(text.length <= room ? text : `${text.slice(0, Math.max(1, room - 1))}…`, x, y + (ROW_PX - 2) / 2, Math.max(width, LETTER_PX));
    }
    if (layout.pinned.length > 0 && layout.pinnedHeight < heightPx) {
      context.fillStyle = palette.line.css;
      context.fillRect(0, layout.pinnedHeight - 1, widthPx, 1);
    }
    context.restore();
  }

  /** A step for each sample, from the least to the greatest value of the track. @param {ViewState} state @param {Palette} palette @param {import('./layout.js').Item} item @param {number} top @param {number} clipTop */
  #drawCounter(state, palette, item, top, clipTop) {
    const geometry = /** @type {Geometry} */ (state.geometry);
    const counter = geometry.counters.find(({ track }) => track === item.index);
    if (!counter) return;
    const { window, widthPx, ratio } = state;
    const height = (item.collapsed ? ROW_PX : COUNTER_PX) - BAR_GAP_PX;
    const low = Math.min(0, counter.low), range = Math.max(counter.high, 0) - low || 1;
    const yOf = (/** @type {number} */ value) => Math.round((top + 1 + height - ((value - low) / range) * height) * ratio);
    const nsOfPixel = (geometry.toNs - geometry.fromNs) / geometry.widthPx;
    const xOf = (/** @type {number} */ pixel) =>
      Math.round(((geometry.fromNs + pixel * nsOfPixel - window.fromNs) / (window.toNs - window.fromNs)) * widthPx * ratio);
    const clip = Math.round(clipTop * ratio), base = yOf(low);
    const [fill, line] = [palette.hues[3].faded, palette.hues[3].fill];
    for (let at = 0; at < counter.x.length; at++) {
      const left = xOf(counter.x[at]), right = at + 1 < counter.x.length ? xOf(counter.x[at + 1]) : this.image.width;
      if (right < 0 || left > this.image.width) continue;
      const y = yOf(counter.last[at]);
      this.#fill(left, Math.max(y, clip), Math.max(right, left + 1), base, fill);
      this.#fill(left, Math.max(y, clip), Math.max(right, left + 1), y + Math.max(1, Math.round(ratio)), line);
      this.#fill(left, Math.max(yOf(counter.max[at]), clip), left + 1, yOf(counter.min[at]), line);
    }
  }

  /** @param {number} left @param {number} top @param {number} right @param {number} bottom @param {number} colour */
  #fill(left, top, right, bottom, colour) {
    const { width, height } = this.image;
    const from = Math.max(0, left), to = Math.min(width, right), last = Math.min(height, bottom);
    if (from >= to) return;
    for (let y = Math.max(0, top); y < last; y++) this.pixels.fill(colour, y * width + from, y * width + to);
  }

  /** Several as one look like it. @param {number} left @param {number} top @param {number} right @param {number} bottom @param {number} colour @param {number} other */
  #hatch(left, top, right, bottom, colour, other) {
    const { width, height } = this.image;
    const from = Math.max(0, left), to = Math.min(width, right), last = Math.min(height, bottom);
    for (let y = Math.max(0, top); y < last; y++)
      for (let x = from; x < to; x++) this.pixels[y * width + x] = (x + y) & 2 ? colour : other;
  }

  /** The end of a span that has none. @param {number} right @param {number} top @param {number} bottom @param {number} colour */
  #tear(right, top, bottom, colour) {
    for (let y = top; y < bottom; y++) this.#fill(right - Math.abs(((y - top) % 8) - 4), y, right, y + 1, colour);
  }
}
