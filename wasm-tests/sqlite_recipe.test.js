/** docs/recipes/sqlite.md: its page and its three commands, exactly as printed, show SQLite's functions. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { launch } from './support/browser.js';
import { pack } from './support/package.js';
import { inProject } from './support/paths.js';
import { serveRegistry } from './support/registry.js';
import { soon } from './support/soon.js';

const ROWS = 20000;
const skip = spawnSync('python3', ['--version']).status === 0 ? false : 'needs python3';

/** Writes the recipe's files into a folder of their own, with the package at the expected place. */
function write(t) {
  const place = mkdtempSync(join(tmpdir(), 'ringscope-sqlite-')), packages = join(place, 'ringscope/build/packages');
  t.after(() => rmSync(place, { recursive: true, force: true }));
  writeFileSync(join(place, 'package.json'), '{"private":true}');
  mkdirSync(packages, { recursive: true });
  pack(packages);
  execFileSync('awk', ['-v', 'test=sqlite', '-v', `folder=${place}`, '-f', inProject('native-tests/consumer/blocks.awk'), inProject('docs/recipes/sqlite.md')]);
  return place;
}

/** Runs the commands until the last one prints its address. @returns {Promise<string>} the address */
function serving(t, place, env) {
  const child = spawn('sh', ['-eu', 'commands'], { cwd: place, env: { ...process.env, PYTHONUNBUFFERED: '1', ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  const ended = new Promise((resolve) => child.once('close', resolve));
  t.after(() => {
    if (child.exitCode === null) process.kill(-Number(child.pid));
    return ended;
  });
  return new Promise((resolve, reject) => {
    const read = (text) => {
      const [address] = /http:\/\/127\.0\.0\.1:\d+\//.exec((printed += text)) ?? [];
      if (address) resolve(address);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read);
    ended.then((code) => reject(new Error(`the commands ended with ${code}: ${printed}`)));
  });
}

/** @param {import('playwright-core').Page} page @param {(read: any) => unknown} read runs in the page, of its inspector */
const inspector = (page, read) => page.evaluate(`(${read})(document.querySelector('ringscope-inspector'))`);

/** The contents of the timeline: the categories and names of its spans, and the names of those directly inside
 * another. */
const timeline = async ({ trace }) => {
  const { events, categories } = trace.overview, rows = await trace.rows(0, events), of = new Map(rows.map((row) => [row.event, row]));
  const end = ({ startNs, durationNs }) => startNs + durationNs;
  const inner = rows.filter(({ parent }) => of.has(parent)).map((row) => ({ row, outer: of.get(row.parent) }));
  return {
    categories: [...new Set(rows.map(({ category }) => categories[category].name))],
    others: rows.filter(({ name, kind }) => !name.startsWith('sqlite3') || kind !== 'span').length,
    astray: inner.filter(({ row, outer }) => row.startNs < outer.startNs || end(row) > end(outer)).length,
    inStep: inner.some(({ outer }) => outer.name === 'sqlite3_step'),
  };
};

/** Whether the flame graph has cells with such a name that have other cells of SQLite below them. */
const flames = ({ shadowRoot }) => {
  const cells = [...shadowRoot.querySelectorAll('.cell')].map(({ title, style }) => {
    const left = parseFloat(style.left);
    return { name: title.split('\n')[0], top: parseFloat(style.top), left, right: left + parseFloat(style.width) };
  });
  const within = (inner, outer) => inner.top > outer.top && inner.left >= outer.left - 0.001 && inner.right <= outer.right + 0.001;
  return cells.some((outer) => outer.name === 'sqlite3_step' && cells.some((inner) => inner.name.startsWith('sqlite3') && within(inner, outer)));
};

/** Whether the tracks have coloured pixels. */
const isPainted = ({ shadowRoot }) => {
  const canvas = shadowRoot.querySelector('.timeline > div').shadowRoot.querySelector('.area canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.some((red, at) => at % 4 === 0 && Math.max(red, data[at + 1], data[at + 2]) - Math.min(red, data[at + 1], data[at + 2]) > 40);
};

test('three commands show SQLite as a timeline and a flame graph', { skip }, async (t) => {
  const place = write(t), registry = await serveRegistry('@sqlite.org/sqlite-wasm', join(place, 'cache'));
  t.after(registry.close);
  const address = await serving(t, place, registry.env);
  const { page, end } = await launch({ viewport: { width: 1280, height: 800 } });
  t.after(end);
  const complaints = [], answers = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => message.type() === 'log' && answers.push(message.text()));
  await page.goto(`${address}#tab=tree`);
  await soon(() => inspector(page, timeline), { categories: ['FUNCTION'], others: 0, astray: 0, inStep: true });
  await soon(() => inspector(page, flames), true);
  await soon(() => inspector(page, isPainted), true);
  const lengths = Array.from({ length: ROWS }, (_, i) => `number ${i + 1}`.length);
  await soon(() => answers, [String(lengths.reduce((sum, length) => sum + length))]);
  assert.deepEqual(complaints, []);
});
