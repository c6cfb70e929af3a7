/**
 * A call tree as an indented table. Keys work as in any tree: arrows move, close and open; Enter
 * focuses.
 */
import { html, nothing } from 'lit';
import { formatCount, formatDuration } from '../timeline/format.js';
import { listed } from './call_tree.js';

/** @typedef {import('./call_tree.js').Cell} Cell @typedef {import('./table.js').Column} Column */
/** @typedef {{ cell: (key: string) => void, close: (key: string) => void }} On */

/** @type {Column[]} */
export const TREE_COLUMNS = [
  { id: 'name', title: 'name', kind: 'text' },
  { id: 'count', title: 'count', kind: 'count' },
  { id: 'errors', title: 'failed', kind: 'count' },
  { id: 'totalNs', title: 'total', kind: 'time' },
  { id: 'selfNs', title: 'self', kind: 'time' },
  { id: 'avgNs', title: 'average', kind: 'time' },
];
const ROWS_AT_ONCE = 500;
const INDENT_PX = 14;

/** @param {Cell} cell @param {Column} column */
function words(cell, { id, kind }) {
  const numbers = /** @type {Record<string, number | null>} */ (/** @type {unknown} */ (cell));
  const value = numbers[id];
  if (value === null) return '–';
  return kind === 'count' ? formatCount(value) : formatDuration(value);
}

/** @param {Cell} cell @param {boolean} isClosed @param {number} level @param {On} on */
function nameCell(cell, isClosed, level, on) {
  const sign = cell.children.length > 0 ? (isClosed ? '▸' : '▾') : '';
  const toggled = (/** @type {Event} */ event) => {
    if (!sign) return;
    event.stopPropagation();
    on.close(cell.key);
  };
  return html`<td role="gridcell" class="name" title=${cell.name}>
    <span class="twist" .style=${`margin-left:${(level - 1) * INDENT_PX}px`} @click=${toggled}
      >${sign}</span
    >${cell.name}
  </td>`;
}

/** @param {KeyboardEvent} event @param {Cell} cell @param {boolean} isClosed @param {On} on */
function pressed(event, cell, isClosed, on) {
  const row = /** @type {HTMLElement} */ (event.currentTarget);
  const rows = /** @type {HTMLElement[]} */ ([...(row.parentElement?.children ?? [])]);
  const at = rows.indexOf(row);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  const toggles = event.key === (isClosed ? 'ArrowRight' : 'ArrowLeft');
  if (to !== undefined) rows[to]?.focus();
  else if (event.key === 'Enter') on.cell(cell.key);
  else if (toggles && cell.children.length > 0) on.close(cell.key);
  else if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  event.preventDefault();
}

/** The focused row becomes the Tab stop. @param {FocusEvent} event */
function stops({ currentTarget, target }) {
  const rows = /** @type {HTMLElement} */ (currentTarget).querySelectorAll('tr');
  for (const row of rows) row.tabIndex = row === target ? 0 : -1;
}

/** Levels to subtract so that the first is 1. @param {Cell} focus */
const levelsOut = ({ depth }) => Math.max(1, depth) - 1;

/**
 * @param {object} given
 * @param {string} given.label
 * @param {Cell} given.focus
 * @param {ReadonlySet<string>} given.closed keys
 * @param {ReadonlySet<number>} given.found ids of names
 * @param {On} on
 */
export function renderTreeTable({ label, focus, closed, found }, on) {
  const cells = listed(focus, closed);
  const shown = cells.slice(0, ROWS_AT_ONCE);
  const rest = cells.length - shown.length;
  const row = (/** @type {Cell} */ cell, /** @type {number} */ at) => {
    const isClosed = closed.has(cell.key);
    const level = cell.depth - levelsOut(focus);
    return html`<tr
      role="row"
      class=${found.has(cell.id) ? 'found' : ''}
      aria-level=${level}
      aria-expanded=${cell.children.length > 0 ? String(!isClosed) : nothing}
      tabindex=${at === 0 ? 0 : -1}
      @click=${() => on.cell(cell.key)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, cell, isClosed, on)}
    >
      ${nameCell(cell, isClosed, level, on)}
      ${TREE_COLUMNS.slice(1).map(
        (column) => html`<td role="gridcell" class="number">${words(cell, column)}</td>`,
      )}
    </tr>`;
  };
  return html`<table role="treegrid" aria-label=${label} class="call-tree" data-keys>
      <thead role="rowgroup">
        <tr role="row">
          ${TREE_COLUMNS.map(
            ({ title, kind }) =>
              html`<th role="columnheader" scope="col" class=${kind === 'text' ? '' : 'number'}>
                ${title}
              </th>`,
          )}
        </tr>
      </thead>
      <tbody role="rowgroup" @focusin=${stops}>
        ${shown.map(row)}
      </tbody>
    </table>
    ${
      rest > 0
        ? html`<p class="pad quiet">
            ${formatCount(rest)} further rows: focus one, or copy the table.
          </p>`
        : nothing
    }`;
}

/**
 * Rows for copying.
 * @param {Cell} focus @param {boolean} indented for human eyes, and tools that keep indentation
 * @param {Record<string, unknown>} [more]
 */
export const treeRows = (focus, indented, more = {}) =>
  listed(focus).map(({ name, depth, count, errors, totalNs, selfNs, avgNs }) => {
    const level = depth - levelsOut(focus);
    const indent = indented ? '  '.repeat(level - 1) : '';
    return { ...more, level, name: indent + name, count, errors, totalNs, selfNs, avgNs };
  });
