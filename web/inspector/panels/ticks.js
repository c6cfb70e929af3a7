/** Scheduler ticks over time, with the line that a frame of 60 Hz must stay below. */
import uPlot from 'uplot';

const FRAME_MS = 16;
const NS_PER_MS = 1e6, NS_PER_S = 1e9;

/** The name that stands for ticks, or -1. @param {import('../trace/types.js').Overview} overview */
export const tickName = (overview) => overview.names.findIndex((name) => name === 'tick' || name === 'scheduler tick');

/** @param {HTMLElement} host @param {{ startNs: Float64Array, values: Float64Array }} series */
export function drawTicks(host, { startNs, values }) {
  const style = getComputedStyle(host);
  const axis = { stroke: style.getPropertyValue('--muted'), grid: { stroke: style.getPropertyValue('--line'), width: 1 } };
  host.replaceChildren();
  if (values.length < 2) return;
  const times = Array.from(startNs, (ns) => ns / NS_PER_S), ticks = Array.from(values, (ns) => ns / NS_PER_MS);
  new uPlot({
    width: Math.max(280, Math.min(560, host.clientWidth || 400)), height: 180, title: 'Scheduler ticks', legend: { show: false }, cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false } },
    axes: [{ ...axis, label: 's' }, { ...axis, label: 'ms' }],
    series: [{}, { label: 'tick', stroke: style.getPropertyValue('--accent'), width: 1, points: { show: false } }, { label: '16 ms', stroke: style.getPropertyValue('--error'), dash: [4, 4], width: 1, points: { show: false } }],
  }, [times, ticks, times.map(() => FRAME_MS)], host);
}
