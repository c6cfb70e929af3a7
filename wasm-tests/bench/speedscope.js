/** speedscope, given the same files: the time from choosing the file to the first paint, in s. */
import { launch } from '../support/browser.js';
import { serveSpeedscope } from '../support/speedscope.js';

const TIMEOUT_MS = 600_000;

/** @param {string} path */
export async function openInSpeedscope(path) {
  const { origin, close } = await serveSpeedscope();
  const { page, end } = await launch({ viewport: { width: 1280, height: 800 } });
  try {
    await page.goto(origin);
    await page.waitForSelector('input[type=file]', { state: 'attached' });
    await page.evaluate(() => {
      const bench = (/** @type {any} */ (globalThis).bench = { begin: 0, painted: 0 });
      document.querySelector('input[type=file]')?.addEventListener('change', () => (bench.begin = performance.now()), { capture: true });
      new MutationObserver(() => {
        if (bench.begin && !bench.painted && document.title.includes(' - speedscope')) requestAnimationFrame(() => requestAnimationFrame(() => (bench.painted = performance.now())));
      }).observe(document.head, { subtree: true, childList: true, characterData: true });
    });
    await page.setInputFiles('input[type=file]', path);
    await page.waitForFunction(() => /** @type {any} */ (globalThis).bench.painted, null, { timeout: TIMEOUT_MS });
    return await page.evaluate(() => (/** @type {any} */ (globalThis).bench.painted - /** @type {any} */ (globalThis).bench.begin) / 1000);
  } finally {
    await end();
    close();
  }
}
