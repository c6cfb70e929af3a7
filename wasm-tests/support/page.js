/** The page's element, and a trace that is shown in it. */
import { atRest } from './rest.js';

/**
 * What a function reads of the element, or does to it, in the page.
 * @param {import('playwright-core').Page} page @param {(element: any, given?: any) => unknown} act @param {unknown} [given]
 * @returns {Promise<any>}
 */
export const inElement = (page, act, given) =>
  page.evaluate(`(${act})(document.querySelector('ringscope-inspector'), ${JSON.stringify(given)})`);

/** Opens what the site has by that path, and waits until the page rests. @param {{ page: import('playwright-core').Page, origin: string }} site @param {string} path @param {string} [hash] */
export async function showTrace({ page, origin }, path, hash = '') {
  await page.goto(`${origin}/?trace=${path}${hash}`);
  await atRest(page);
}
