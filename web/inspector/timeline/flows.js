/** Arrows from events to the events they lead to. */
import { itemOfTrack } from './layout.js';
import { placeOfRow } from './rows.js';
import { timeToPx } from './scale.js';

/**
 * @typedef {import('./state.js').ViewState} ViewState
 * @typedef {import('../trace/types.js').EventDetails} EventDetails
 */
/** @typedef {{ from: EventDetails, to: EventDetails }} Flow */

const HEAD_PX = 6;
const BEND_PX = 24;

/**
 * The middle of the event's row, or of its track or process if that is collapsed; null: hidden.
 * @param {ViewState} state @param {EventDetails} event
 */
function heightOf({ layout, scrollPx, trace }, { track, row }) {
  const item = itemOfTrack(layout, track, trace?.overview);
  if (!item) return null;
  const top = item.pinned ? item.top : item.top - scrollPx + layout.pinnedHeight;
  if (item.kind === 'process') return top + item.height / 2;
  const at = Math.max(0, placeOfRow(item, row)); // in a collapsed track: within the rows left
  return top + (at + 0.5) * layout.rowPx;
}

/**
 * When an arrow leaves and arrives: at the times the trace has for its events, not within them.
 * Pure.
 * @param {Flow} flow
 */
export function timesOf({ from, to }) {
  const leaves = Math.min(from.startNs + from.durationNs, Math.max(from.startNs, to.startNs));
  const arrives = Math.max(to.startNs, Math.min(leaves, to.startNs + to.durationNs));
  return { leaves, arrives };
}

/**
 * @param {CanvasRenderingContext2D} context @param {ViewState} state
 * @param {import('./palette.js').Palette} palette
 */
export function drawFlows(context, state, palette) {
  const { window, widthPx, flows } = state;
  for (const flow of flows) {
    const [top, bottom] = [heightOf(state, flow.from), heightOf(state, flow.to)];
    if (top === null || bottom === null) continue;
    const { leaves, arrives } = timesOf(flow);
    const x = timeToPx(window, widthPx, leaves);
    const end = timeToPx(window, widthPx, arrives);
    if (Math.max(x, end) < 0 || Math.min(x, end) > widthPx) continue;
    const bend = Math.min(BEND_PX, Math.max(4, Math.abs(end - x) / 2));
    const line = new Path2D();
    line.moveTo(x, top);
    line.bezierCurveTo(x + bend, top, end - bend, bottom, end, bottom);
    const head = new Path2D();
    head.moveTo(end, bottom);
    head.lineTo(end - HEAD_PX, bottom - HEAD_PX / 2);
    head.lineTo(end - HEAD_PX, bottom + HEAD_PX / 2);
    head.closePath();
    context.lineWidth = 4;
    context.strokeStyle = palette.bg.css; // stands out from any hue
    context.stroke(line);
    context.lineWidth = 1.5;
    context.strokeStyle = context.fillStyle = palette.accent.css;
    context.stroke(line);
    context.fill(head);
  }
}
