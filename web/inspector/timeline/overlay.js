/** Draws the overlay: losses, the selected range and event, the event under the pointer. */
import { drawFlows } from './flows.js';
import { eachVisible } from './layout.js';
import { eachLoss } from './losses.js';
import { placeOfRow } from './rows.js';
import { timeToPx } from './scale.js';

/**
 * @typedef {import('./state.js').ViewState} ViewState
 * @typedef {import('./palette.js').Palette} Palette
 */

const LOSS_PX = 7;

/**
 * The top of a row in the area, css px; null: not visible.
 * @param {ViewState} state @param {number} row
 */
function topOfRow({ layout, scrollPx, heightPx }, row) {
  /** @type {number | null} */
  let found = null;
  eachVisible(layout, scrollPx, heightPx, (item, top, clipTop) => {
    const place = placeOfRow(item, row);
    const y = top + place * layout.rowPx;
    if (place >= 0 && y >= clipTop) found = y;
  });
  return found;
}

/**
 * @param {CanvasRenderingContext2D} context @param {ViewState} state
 * @param {{ startNs: number, durationNs: number, row: number }} event @param {string} colour
 */
function outline(context, state, { startNs, durationNs, row }, colour) {
  const y = topOfRow(state, row);
  if (y === null) return;
  const x = timeToPx(state.window, state.widthPx, startNs);
  const right = timeToPx(state.window, state.widthPx, startNs + durationNs);
  const left = Math.max(-4, x) - 0.5;
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.strokeRect(
    left,
    y + 0.5,
    Math.max(3, Math.min(state.widthPx + 4, right) - left),
    state.layout.rowPx - 2,
  );
}

/**
 * Draws losses that have a place: missing before a moment, or between two.
 * @param {CanvasRenderingContext2D} context
 * @param {Pick<ViewState, 'trace' | 'window' | 'widthPx' | 'heightPx'>} state
 * @param {Palette} palette
 */
export function drawLosses(context, state, palette) {
  const { trace, window, widthPx, heightPx } = state;
  context.strokeStyle = palette.loss.css;
  context.lineWidth = 1;
  if (!trace) return;
  eachLoss(trace.overview, (loss) => {
    const right = timeToPx(window, widthPx, loss.endNs);
    const left = Math.min(timeToPx(window, widthPx, loss.startNs), right - LOSS_PX);
    if (right < 0 || left > widthPx) return;
    context.save();
    context.beginPath();
    context.rect(Math.max(0, left), 0, Math.max(LOSS_PX, right - Math.max(0, left)), heightPx);
    context.clip();
    context.beginPath();
    for (let y = -LOSS_PX * 4; y < heightPx + widthPx; y += LOSS_PX) {
      context.moveTo(Math.max(0, left), y);
      context.lineTo(right + LOSS_PX, y - (right + LOSS_PX - Math.max(0, left)));
    }
    context.stroke();
    context.restore();
  });
}

/**
 * @param {CanvasRenderingContext2D} context @param {ViewState} state
 * @param {'range' | 'other'} which @param {string} colour
 */
function drawRange(context, state, which, colour) {
  const { window, widthPx, heightPx } = state;
  const range = state[which];
  if (!range) return;
  const left = timeToPx(window, widthPx, range.fromNs),
    right = timeToPx(window, widthPx, range.toNs);
  if (right < 0 || left > widthPx) return;
  context.globalAlpha = 0.12;
  context.fillStyle = colour;
  context.fillRect(left, 0, right - left, heightPx);
  context.globalAlpha = 1;
  context.fillRect(Math.round(left), 0, 1, heightPx);
  context.fillRect(Math.round(right), 0, 1, heightPx);
  if (state.other) context.fillText(which === 'range' ? 'A' : 'B', Math.max(0, left) + 4, 12);
}

/**
 * @param {import('./surface.js').Surface} surface @param {ViewState} state @param {Palette} palette
 */
export function drawOverlay({ overlayContext: context }, state, palette) {
  const { widthPx, heightPx, ratio, geometry, hovered, selected, pointer, trace } = state;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, widthPx, heightPx);
  if (!trace) return;
  drawLosses(context, state, palette);
  context.font = `bold 11px ${palette.words}`;
  drawRange(context, state, 'other', palette.loss.css);
  drawRange(context, state, 'range', palette.accent.css);
  if (pointer) {
    context.fillStyle = palette.line.css;
    context.fillRect(Math.round(pointer.x), 0, 1, heightPx);
  }
  if (geometry && hovered >= 0 && hovered < geometry.count) {
    const startNs = geometry.startNs[hovered] + geometry.fromNs;
    outline(
      context,
      state,
      { startNs, durationNs: geometry.durationNs[hovered], row: geometry.row[hovered] },
      palette.fg.css,
    );
  }
  drawFlows(context, state, palette);
  if (selected) outline(context, state, selected, palette.accent.css);
}
