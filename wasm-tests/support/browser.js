/** Serves the project to a headless Chromium, with cross-origin isolation, so that its clock is precise and memory may
 * be shared. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';
import { GUARD_MS, has } from './machine.js';
import { inProject, served } from './paths.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = ['--headless', ...(has('sandbox') ? [] : ['--no-sandbox']), '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html', '.css': 'text/css', '.json': 'application/json' };
const PAGE = '<!doctype html><title>ringscope</title>';

/** @param {string} path of a URL @returns {Buffer | string | undefined} */
function find(path) {
  if (path === '/') return PAGE;
  return served(inProject(`.${normalize(decodeURIComponent(path))}`));
}

/** @param {{ isolated?: boolean, policy?: string }} [options] policy: a Content-Security-Policy */
export async function serve({ isolated = true, policy } = {}) {
  const headers = { ...(isolated && { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }), ...(policy && { 'Content-Security-Policy': policy }) };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const body = find(path);
    const type = TYPES[/** @type {keyof typeof TYPES} */ (extname(path))] ?? 'text/html';
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': type, ...headers }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** A page in a browser of its own. @param {Record<string, any>} [options] of the context */
export async function launch(options) {
  const profile = mkdtempSync(join(tmpdir(), 'ringscope-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM, args: FLAGS, chromiumSandbox: has('sandbox'), ignoreDefaultArgs: ['--headless=old'], timeout: GUARD_MS, ...options,
  });
  context.setDefaultTimeout(GUARD_MS);
  context.setDefaultNavigationTimeout(GUARD_MS);
  const page = context.pages()[0] ?? (await context.newPage());
  const end = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { page, version: context.browser()?.version() ?? '', end };
}

/** The same at the project's root. @param {{ isolated?: boolean, policy?: string }} [options] */
export async function openPage(options) {
  const { origin, close } = await serve(options);
  const { page, version, end } = await launch();
  await page.goto(origin);
  return { page, version, origin, end: async () => {
    await end();
    close();
  } };
}
