/** The inspector in the lower half of a page. */

const STYLE = 'position: fixed; inset: 50% 0 0 0; height: 50%; box-sizing: border-box; z-index: 2147483647; background: Canvas; border-top: 1px solid GrayText;';
const besideThis = () => import(/* @vite-ignore */ /* webpackIgnore: true */ new URL('../inspector/inspector.js', import.meta.url).href);

/**
 * @param {import('./together.js').Together} trace
 * @param {() => Promise<unknown>} [load] defines the element; with a bundler: () => import('ringscope/inspector')
 */
export async function open(trace, load = besideThis) {
  await load();
  const element = /** @type {any} */ (document.createElement('ringscope-inspector'));
  element.style.cssText = STYLE;
  document.body.append(element);
  await element.updateComplete;
  await element.attach(trace);
  return /** @type {HTMLElement} */ (element);
}

/** Whether the page's address asks for the inspector. */
export const asked = () => typeof document === 'object' && new URLSearchParams(location.search).has('ringscope');
