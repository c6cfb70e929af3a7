/** Scheduler ticks over time, with the line that a frame of 60 Hz must stay below. */
import uPlot from 'uplot';

/** @typedef {import('../trace/types.js').Trace} Trace */

const FRAME_MS = 16;
const NS_PER_MS = 1e6, NS_PER_S = 1e9;

/** The name that stands for ticks, or -1. @param {import('../trace/types.js').Overview} overview */
const tickName = (overview) => overview.names.findIndex((name) => name === 'tick' || name === 'scheduler tick');

/** @param {HTMLElement} host @param {[number[], number[], number[]]} data */
function plotIn(host, data) {
  const style = getComputedStyle(host);
  const axis = { stroke: style.getPropertyValue('--muted'), grid: { stroke: style.getPropertyValue('--line'), width: 1 } };
  return new uPlot({
    width: Math.max(280, Math.min(560, host.clientWidth || 400)), height: 180, title: 'Scheduler ticks', legend: { show: false }, cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false } },
    axes: [{ ...axis, label: 's' }, { ...axis, label: 'ms' }],
    series: [{}, { label: 'tick', stroke: style.getPropertyValue('--accent'), width: 1, points: { show: false } }, { label: '16 ms', stroke: style.getPropertyValue('--error'), dash: [4, 4], width: 1, points: { show: false } }],
  }, data, host);
}

/** One plot, which gets new data as long as it stands in the same place, and is destroyed with its trace. */
export class TickPlot {
  /** @type {uPlot | null} */ #plot = null;
  /** @type {HTMLElement | null} */ #host = null;

  /** @param {HTMLElement | null} host null: it cannot be seen @param {Trace} trace @param {() => boolean} isWanted once the trace has answered */
  async show(host, trace, isWanted) {
    const name = host ? tickName(trace.overview) : -1;
    if (!host || name < 0) return this.clear();
    const { startNs, values } = await trace.series(name, true);
    if (!isWanted()) return;
    if (values.length < 2) return this.clear();
    const times = Array.from(startNs, (ns) => ns / NS_PER_S), ticks = Array.from(values, (ns) => ns / NS_PER_MS);
    /** @type {[number[], number[], number[]]} */
    const data = [times, ticks, times.map(() => FRAME_MS)];
    if (this.#plot && this.#host === host) return this.#plot.setData(data);
    this.clear();
    this.#host = host;
    this.#plot = plotIn(host, data);
  }

  clear() {
    this.#plot?.destroy();
    this.#plot = null;
    this.#host = null;
  }
}
