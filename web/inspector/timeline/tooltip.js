/**
 * Describes the event under the pointer: first from the geometry, then with the detail once the
 * trace has answered.
 */
import { answered } from './answered.js';
import { formatCount, formatDuration, formatTime } from './format.js';
import { make } from './surface.js';

const GAP_PX = 12;
const ERROR = 1,
  OPEN = 2,
  OVERLAP = 16;

/** @param {string} text @param {string} [kind] */
function line(text, kind = '') {
  const element = make('div', kind ? { class: kind } : {});
  element.textContent = text;
  return element;
}

/**
 * Describes a run of merged events.
 * @param {import('../trace/types.js').Geometry} geometry @param {number} at
 */
function runWords({ busyNs, durationNs }, at) {
  if (busyNs[at] === 0) return `instants within ${formatDuration(durationNs[at])}`;
  const share = Math.min(100, (100 * busyNs[at]) / durationNs[at]);
  const percent = share < 1 ? '< 1' : share.toFixed(0);
  return `${formatDuration(busyNs[at])} in all, ${percent} % of ${formatDuration(durationNs[at])}`;
}

export class Tooltip {
  #surface;
  #state;
  #details;
  #failed;
  #event = -1;

  /**
   * @param {import('./surface.js').Surface} surface @param {import('./state.js').ViewState} state
   * @param {(event: number) => Promise<import('../trace/types.js').EventDetails>} details
   * @param {(message: string) => void} failed
   */
  constructor(surface, state, details, failed) {
    this.#surface = surface;
    this.#state = state;
    this.#details = details;
    this.#failed = failed;
  }

  hide() {
    this.#surface.tooltip.hidden = true;
    this.#event = -1;
  }

  update() {
    const { geometry, hovered, pointer } = this.#state;
    if (!geometry || !pointer || hovered < 0 || hovered >= geometry.count) return this.hide();
    const event = geometry.event[hovered];
    if (event !== this.#event) this.#show(event, hovered);
    this.#place(pointer);
  }

  /** @param {number} event @param {number} at in the geometry */
  #show(event, at) {
    const { geometry, trace } = this.#state;
    if (!geometry || !trace) return;
    const { names, categories, resolutionNs } = trace.overview;
    const merged = geometry.merged[at],
      flags = geometry.flags[at];
    this.#event = event;
    this.#surface.tooltip.hidden = false;
    const title =
      merged > 1
        ? `${formatCount(merged)} events, the longest: ${names[geometry.name[at]]}`
        : names[geometry.name[at]];
    const duration =
      merged > 1
        ? runWords(geometry, at)
        : geometry.durationNs[at] > 0
          ? formatDuration(geometry.durationNs[at], resolutionNs)
          : 'instant';
    const states = [
      flags & ERROR ? 'failed' : '',
      flags & OPEN ? 'has not ended' : '',
      flags & OVERLAP ? 'overlaps its neighbour' : '',
    ].filter(Boolean);
    const lines = [
      line(title, 'title'),
      line(
        `${duration}  at ${formatTime(geometry.fromNs + geometry.startNs[at], resolutionNs)}`,
        'numbers',
      ),
      line([categories[geometry.category[at]]?.name ?? '', ...states].join(' · ')),
    ];
    this.#surface.tooltip.replaceChildren(...lines);
    if (merged === 1) this.#addDetail(event);
  }

  /** @param {number} event */
  async #addDetail(event) {
    const live = Boolean(this.#state.trace?.live);
    const details = await answered(this.#details(event), this.#failed, live);
    if (!details?.detail || event !== this.#event) return;
    this.#surface.tooltip.append(line(details.detail, 'detail'));
    if (this.#state.pointer) this.#place(this.#state.pointer);
  }

  /** @param {import('./state.js').Pointer} pointer */
  #place({ x, y }) {
    const { tooltip, area, grid } = this.#surface;
    const left = area.offsetLeft + x + GAP_PX,
      top = area.offsetTop + y + GAP_PX;
    const fits = left + tooltip.offsetWidth < grid.clientWidth;
    tooltip.style.left = `${Math.max(0, fits ? left : left - tooltip.offsetWidth - 2 * GAP_PX)}px`;
    const lowest = grid.clientHeight - tooltip.offsetHeight - 4;
    tooltip.style.top = `${Math.max(0, Math.min(top, lowest))}px`;
  }
}
