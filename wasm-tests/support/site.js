/** The page as hosted: its folder served on loopback, traces beside it, and a browser that shows it. */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { launch } from './browser.js';
import { inProject, served } from './paths.js';

const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html', '.css': 'text/css' };
const SCREENSHOTS = inProject('build/screenshots');
const site = inProject('build/web/site');

/** @param {Map<string, Buffer | Uint8Array>} files additional files, by path */
export async function serveSite(files) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = join(site, path === '/' ? 'index.html' : path);
    const body = files.get(path) ?? served(file);
    const type = TYPES[/** @type {keyof typeof TYPES} */ (extname(file))] ?? 'application/octet-stream';
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  return { origin: `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`, close: () => server.close() };
}

/** @param {Record<string, Buffer | Uint8Array>} [traces] by path, such as '/demo.ring' */
export async function openSite(traces = {}) {
  const { origin, close } = await serveSite(new Map(Object.entries(traces)));
  const { page, end } = await launch({ viewport: { width: 1280, height: 800 } });
  /** The page's messages, and its requests. @type {string[]} */ const complaints = [];
  /** @type {string[]} */ const requests = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('request', (request) => requests.push(request.url()));
  mkdirSync(SCREENSHOTS, { recursive: true });
  return {
    page, origin, complaints, requests,
    /** Chooses an item from a menu of the page. @param {string} button @param {string} item */
    choose: async (button, item) => {
      await page.getByRole('button', { name: `${button} ▾` }).click();
      await page.getByRole('menuitem', { name: item }).click();
    },
    shot: (/** @type {string} */ name) => page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) }),
    end: async () => {
      await end();
      close();
    },
  };
}
