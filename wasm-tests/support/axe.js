/** axe-core's findings on the page in its current state: of all its rules for WCAG, with the sizes of targets, which it
 * leaves out unless asked for. */
import { readFileSync } from 'node:fs';
import { inProject } from './paths.js';

/** @param {import('playwright-core').Page} page @returns {Promise<string[]>} */
export async function violationsOf(page) {
  await page.evaluate(readFileSync(inProject('wasm-tests/node_modules/axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run(document, { rules: { 'target-size': { enabled: true } } }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}
