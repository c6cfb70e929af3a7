/**
 * The order of the events table: the one a person chose, and the one in force; and the header that
 * shows it.
 */
import { html, nothing } from 'lit';
import { ask, tellingOf } from '../element/work.js';
import { sortOf } from './table.js';

/**
 * @typedef {import('../element/app.js').App} App @typedef {import('../trace/types.js').Trace} Trace
 */
/**
 * @typedef {import('../trace/types.js').SortKey} SortKey
 * @typedef {import('./events.js').EventsPanel} EventsPanel
 */

const LEAST_PX = 40;
const KEY_PX = 16;

export class EventOrder {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** The last one completed; '': none yet. */
    this.made = '';
    this.turns = 0;
  }

  /** As in a link. */
  get chosen() {
    return this.app.state.settings.eventSort;
  }

  /** Sorts by a column; by the same one again, reverses. @param {SortKey} key */
  choose(key) {
    const { id, ascending } = sortOf(this.chosen);
    const up = id === key ? !ascending : key !== 'duration';
    this.app.set({ eventSort: up ? `-${key}` : key });
  }

  /**
   * A new choice can be given up, which restores the previous one. If a filter stopped the sorting,
   * it must be redone, even if that filter is given up; any other failure would only repeat.
   * @param {Trace} trace
   * @returns {Promise<{ rows: number } | 'again' | 'given up' | undefined>}
   */
  async make(trace) {
    const turn = ++this.turns;
    const { chosen } = this;
    const { id, ascending } = sortOf(chosen);
    const cancel = ['', chosen].includes(this.made) ? null : new AbortController();
    let stopped = false;
    const work = (/** @type {(share: number) => void} */ progress) =>
      trace
        .sort(/** @type {SortKey} */ (id), !ascending, {
          signal: cancel?.signal,
          report: ({ share }) => progress(share),
        })
        .catch((error) => {
          stopped = error.name === 'AbortError';
          throw error;
        });
    const sorted = await ask(this.app, tellingOf(this.app, 'Sorting', cancel, work));
    if (sorted) this.made = chosen;
    if (sorted || turn !== this.turns) return sorted;
    if (cancel?.signal.aborted) return 'given up';
    return stopped && !trace.ended ? 'again' : undefined;
  }
}

/** @param {EventsPanel} panel @param {string} id of a column @param {PointerEvent} down */
function resize(panel, id, down) {
  const handle = /** @type {HTMLElement} */ (down.currentTarget);
  const cell = /** @type {HTMLElement} */ (handle.parentElement);
  const before = cell.offsetWidth;
  handle.setPointerCapture(down.pointerId);
  handle.onpointermove = ({ clientX }) =>
    panel.widen(id, Math.max(LEAST_PX, before + clientX - down.clientX));
  handle.onpointerup = () => (handle.onpointermove = null);
}

/** @param {EventsPanel} panel @param {string} id of a column @param {KeyboardEvent} event */
function resizeByKey(panel, id, event) {
  const step = { ArrowLeft: -KEY_PX, ArrowRight: KEY_PX }[event.key];
  if (!step) return;
  const { parentElement } = /** @type {HTMLElement} */ (event.currentTarget);
  event.preventDefault();
  panel.widen(id, Math.max(LEAST_PX, Number(parentElement?.offsetWidth) + step));
}

/** @param {EventsPanel} panel */
export function head(panel) {
  const { id: sorted, ascending } = sortOf(panel.order.chosen);
  const order = ascending ? 'ascending' : 'descending';
  return html`<div class="head" role="row" aria-rowindex="1">
    ${panel.columns.map(
      ({ id, title, key, numeric }) =>
        html`<div
          role="columnheader"
          class=${numeric ? 'number' : ''}
          aria-sort=${key === sorted ? order : 'none'}
        >
          ${
            key
              ? html`<button @click=${() => panel.sortBy(key)}>
                  ${title}${key === sorted ? (ascending ? ' ↑' : ' ↓') : nothing}
                </button>`
              : title
          }<i
            class="grip"
            role="separator"
            tabindex="0"
            aria-label=${`Width of ${title}`}
            aria-valuenow=${panel.widths.get(id) ?? LEAST_PX}
            @pointerdown=${(/** @type {PointerEvent} */ event) => resize(panel, id, event)}
            @keydown=${(/** @type {KeyboardEvent} */ event) => resizeByKey(panel, id, event)}
          ></i>
        </div>`,
    )}
  </div>`;
}
