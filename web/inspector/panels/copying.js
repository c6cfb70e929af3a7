/** A table as text for other programs: all rows, with raw numbers. Pure. */

import { valueIn } from './table.js';

/** @typedef {import('./table.js').Column} Column */
/** @typedef {'TSV' | 'CSV' | 'JSON'} Form */

export const FORMS = /** @type {const} */ (['TSV', 'CSV', 'JSON']);

/**
 * A row is one line: tabs and line breaks inside a value would break it, so they are replaced.
 * @param {unknown} value
 */
const tsvCell = (value) => String(value ?? '').replaceAll(/[\t\r\n]+/g, ' ');

/**
 * RFC 4180; text that a spreadsheet would take for a formula gets a leading apostrophe.
 * @param {unknown} value
 */
function csvCell(value) {
  const text = String(value ?? '');
  const harmless = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Titles include the unit, because the numbers do not. @param {Column} column */
const titleOf = ({ title, kind }) => (kind === 'time' || kind === 'change' ? `${title} ns` : title);

/** @param {Column[]} columns @param {object[]} rows @param {Form} form */
export function tableText(columns, rows, form) {
  const written = columns.filter(({ kind }) => kind !== 'spread');
  const values = rows.map((row) => written.map(({ id }) => valueIn(row, id) ?? null));
  if (form === 'JSON') {
    const titles = written.map(titleOf);
    const objects = values.map((row) =>
      Object.fromEntries(row.map((value, i) => [titles[i], value])),
    );
    return `${JSON.stringify(objects, null, 1)}\n`;
  }
  const [cell, gap, end] = form === 'TSV' ? [tsvCell, '\t', '\n'] : [csvCell, ',', '\r\n'];
  const lines = [written.map(titleOf), ...values];
  return lines.map((line) => line.map(cell).join(gap) + end).join('');
}
