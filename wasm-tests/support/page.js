/** The page's element, and a trace shown in it. */
import { atRest } from './rest.js';

/**
 * Runs a function on the element, in the page, and returns its result.
 * @param {import('playwright-core').Page} page @param {(element: any, given?: any) => unknown} act
 * @param {unknown} [given]
 * @returns {Promise<any>}
 */
export const inElement = (page, act, given) =>
  page.evaluate(`(${act})(document.querySelector('ringscope-inspector'), ${JSON.stringify(given)})`);

/** Opens the site's trace at a path, and waits until the page is at rest.
 * @param {{ page: import('playwright-core').Page, origin: string }} site @param {string} path
 * @param {string} [hash] */
export async function showTrace({ page, origin }, path, hash = '') {
  await page.goto(`${origin}/?trace=${path}${hash}`);
  await atRest(page);
}

/** The same, with nothing left of an earlier trace, and with no track collapsed, which is how a trace of more than 40
 * processes begins.
 * @param {{ page: import('playwright-core').Page, origin: string }} site @param {string} path
 * @param {string} [hash] */
export async function showAllTracks(site, path, hash) {
  await site.page.goto('about:blank');
  await showTrace(site, path, hash);
  await inElement(site.page, (/** @type {any} */ element) => element.view.arrange({ collapsed: new Set(), collapsedProcesses: new Set() }));
  await atRest(site.page);
}
