/**
 * Saves the trace as a file: .ring is an image, .json is Trace Event JSON, .pftrace is Perfetto's
 * format, and these names are used for nothing else.
 */
import { ask, telling } from './work.js';

/** @typedef {import('./app.js').App} App */

const ENDING = { ring: 'ring', chrome: 'json', perfetto: 'pftrace', bare: 'ring' };
const REVOKED_AFTER_MS = 10_000;

/** @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKED_AFTER_MS);
}

/** The trace's name without format extensions. @param {string} title */
export const bareName = (title) => title.replace(/(\.(ring|json|pftrace|gz))+$/, '');

/** @param {App} app @param {import('../trace/types.js').SaveFormat} format */
export async function save(app, format) {
  const { trace } = app.state;
  if (!trace) return;
  const blob = await ask(app, telling(app, 'Writing the file', trace.save(format)));
  if (blob) download(blob, `${bareName(trace.overview.title)}.${ENDING[format]}`);
}

/** Saves all events that reach into the selected range. @param {App} app */
export async function saveRange(app) {
  const { trace, range } = app.state;
  if (!trace || !range) return;
  const made = trace.saveRange(Math.floor(range.fromNs), Math.ceil(range.toNs));
  const blob = await ask(app, telling(app, 'Writing the file', made));
  if (blob) download(blob, `${bareName(trace.overview.title)}-range.ring`);
}
