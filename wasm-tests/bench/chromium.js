/** ./dev bench wasm, in headless Chromium. */
import { openPage } from '../support/browser.js';
import { printer } from './print.js';

const print = printer('chromium', process.argv.includes('--json'));
const { page, version, end } = await openPage();
let ok = false;
try {
  print.heading(`Chromium ${version || (await page.evaluate(() => navigator.userAgent))}`);
  await page.exposeFunction('printRow', print.row);
  const only = process.argv.slice(2).filter((word) => !word.startsWith('-'));
  ok = await page.evaluate(async (words) => {
    const { allRows } = await import('/wasm-tests/bench/rows.js');
    const { run } = await import('/wasm-tests/bench/harness.js');
    const bytes = await (await fetch('/build/wasm/tests/bench.wasm')).arrayBuffer();
    const rows = await allRows(bytes, { chromium: true });
    return run(rows.filter(({ bench }) => !words.length || words.some((word) => bench.startsWith(word))), globalThis.printRow);
  }, only);
} finally {
  await end();
}
process.exitCode = ok ? 0 : 1;
