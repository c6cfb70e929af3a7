/** Scheduler ticks over time, with the line that a frame of 60 Hz must stay below. */
import uPlot from 'uplot';

/** @typedef {import('../trace/types.js').Trace} Trace */

const FRAME_MS = 16;
const NS_PER_MS = 1e6,
  NS_PER_S = 1e9;

/** The name that stands for ticks, or -1. @param {import('../trace/types.js').Overview} overview */
const tickName = (overview) =>
  overview.names.findIndex((name) => name === 'tick' || name === 'scheduler tick');

/** @param {HTMLElement} host @param {[number[], number[], number[]]} data */
function plotIn(host, data) {
  const style = getComputedStyle(host);
  const axis = {
    stroke: style.getPropertyValue('--muted'),
    grid: { stroke: style.getPropertyValue('--line'), width: 1 },
  };
  return new uPlot(
    {
      width: Math.max(280, Math.min(560, host.clientWidth || 400)),
      height: 180,
      title: 'Scheduler ticks',
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: { x: { time: false } },
      axes: [
        { ...axis, label: 's' },
        { ...axis, label: 'ms' },
      ],
      series: [
        {},
        {
          label: 'tick',
          stroke: style.getPropertyValue('--accent'),
          width: 1,
          points: { show: false },
        },
        {
          label: '16 ms',
          stroke: style.getPropertyValue('--error'),
          dash: [4, 4],
          width: 1,
          points: { show: false },
        },
      ],
    },
    data,
    host,
  );
}

/** One plot, which gets new data as long as it stands in the same place, and is destroyed with its trace. */
export class TickPlot {
  /** @type {uPlot | null} */ #plot = null;
  /** @type {HTMLElement | null} */ #host = null;
  #key = '';

  /**
   * @param {HTMLElement} host @param {Trace} trace
   * @param {string} key what the data depend on: they are asked for anew when it changes
   * @param {() => boolean} isWanted once the trace has answered
   */
  async show(host, trace, key, isWanted) {
    if (this.#host === host && this.#key === key) return;
    if (this.#host !== host) this.clear();
    this.#host = host;
    this.#key = key;
    const { startNs, values } = await trace.series(tickName(trace.overview), true);
    if (!isWanted() || this.#host !== host || this.#key !== key) return;
    if (values.length < 2) return this.clear();
    const times = Array.from(startNs, (ns) => ns / NS_PER_S);
    const ticks = Array.from(values, (ns) => ns / NS_PER_MS);
    /** @type {[number[], number[], number[]]} */
    const data = [times, ticks, times.map(() => FRAME_MS)];
    if (this.#plot) this.#plot.setData(data);
    else this.#plot = plotIn(host, data);
  }

  clear() {
    this.#plot?.destroy();
    this.#plot = null;
    this.#host = null;
    this.#key = '';
  }
}
