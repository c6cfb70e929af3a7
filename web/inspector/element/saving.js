/** Gives a person the trace as a file: an image by the name .ring, Trace Event JSON by the name .json, and nothing else by those. */
import { telling } from './work.js';

/** @typedef {import('./inspector.js').Inspector} Inspector */

const ENDING = { ring: 'ring', chrome: 'json', bare: 'ring' };
const REVOKED_AFTER_MS = 10_000;

/** @param {Inspector} page @param {import('../trace/types.js').SaveFormat} format */
export async function save(page, format) {
  const { trace } = page;
  if (!trace) return;
  try {
    const blob = await telling(page, 'Writing the file', trace.save(format));
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${trace.overview.title.replace(/(\.(ring|json|gz))+$/, '')}.${ENDING[format]}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), REVOKED_AFTER_MS);
  } catch (error) {
    page.say(/** @type {Error} */ (error).message, true);
  }
}
