/** The commands and queries of docs/FLEET.md, on 20 simulated hosts. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { duckdb, withoutDuckdb } from './support/duckdb.js';
import { inProject, nativeProgram } from './support/paths.js';

const HOSTS = 20, HOURS = [10, 11], REQUESTS = Number(process.env.RINGSCOPE_FLEET_REQUESTS ?? 30);
const PAGE = readFileSync(inProject('docs/FLEET.md'), 'utf8');
const blocks = (language) => [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, text]) => text);
const nameOf = (host) => `host${String(host).padStart(2, '0')}`;
const durationUs = (host, hour, i) => 100 + host * 10 + hour + (i * 37) % 60;

/** Requests with a read inside, some of which fail; one request continues from host to host. */
function events(host, hour) {
  const on = (ts, dur, name, more) => ({ ph: 'X', pid: 7, tid: 7, ts, dur, name, ...more });
  const all = [{ ph: 's', pid: 7, tid: 7, ts: 5, name: 'request', cat: 'net', id: 9 }, { ph: 'f', bp: 'e', pid: 7, tid: 7, ts: 1005, name: 'request', cat: 'net', id: 9 }];
  for (let i = 0; i < REQUESTS; i++)
    all.push(on(1000 * i, durationUs(host, hour, i), 'request'), on(1000 * i + 10, 50, 'read', i % 10 ? {} : { args: { detail: '3 = -1 EIO', failed: true } }));
  return JSON.stringify(all);
}

const [SEGMENT, SHIP] = blocks('sh');

/** Runs one of the page's blocks in a folder. */
function runBlock(script, cwd) {
  const env = { ...process.env, PATH: `${dirname(nativeProgram('ringscope'))}${delimiter}${process.env.PATH}` };
  execFileSync('sh', ['-eu'], { cwd, env, input: script, stdio: ['pipe', 'ignore', 'pipe'] });
}

/** Makes a segment for each host and hour, named as `ringscope segment` does, and then the output of the page's
 * command. */
function makeFleet(directory) {
  for (let host = 0; host < HOSTS; host++)
    for (const hour of HOURS) {
      const folder = join(directory, `traces/host=${nameOf(host)}/date=2026-03-01/hour=${hour}`), json = join(directory, 'trace.json');
      mkdirSync(folder, { recursive: true });
      writeFileSync(json, events(host, hour));
      execFileSync(nativeProgram('ringscope'), ['convert', json, '-o', join(folder, 'web-7-0.ring')], { stdio: ['ignore', 'ignore', 'ignore'] });
    }
  runBlock(SHIP, directory);
}

const plain = (rows) => rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) =>
  [key, typeof value === 'bigint' ? Number(value) : value !== null && typeof value === 'object' ? String(value) : value])));

test('the queries say what the hosts have recorded', { skip: withoutDuckdb }, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'ringscope-fleet-'));
  t.after(() => rmSync(directory, { recursive: true }));
  makeFleet(directory);
  const query = await duckdb(), answers = [];
  for (const sql of blocks('sql')) answers.push(plain(await query(sql.replaceAll("'events/", `'${directory}/events/`))));
  const [, names, slowest, failures, flow] = answers;

  const all = [];
  for (let host = 0; host < HOSTS; host++)
    for (const hour of HOURS)
      all.push({ host, hour, durations: Array.from({ length: REQUESTS }, (_, i) => durationUs(host, hour, i)).sort((a, b) => a - b) });
  const calls = HOSTS * HOURS.length * REQUESTS;
  const total = all.reduce((sum, { durations }) => sum + durations.reduce((a, b) => a + b), 0);
  const longest = Math.max(...all.map(({ durations }) => durations.at(-1)));
  const rounded = names.map((row) => ({ ...row, self_s: Math.round(row.self_s * 1e6), longest_ms: Math.round(row.longest_ms * 1e3) }));
  assert.deepEqual(rounded, [
    { name: 'request', calls, hosts: HOSTS, self_s: total - 50 * calls, longest_ms: longest },
    { name: 'read', calls, hosts: HOSTS, self_s: 50 * calls, longest_ms: 50 }
  ]);
  const expected = all.map(({ host, hour, durations }) => ({ host: nameOf(host), hour, p99: durations[Math.ceil(0.99 * REQUESTS) - 1] }));
  expected.sort((a, b) => b.p99 - a.p99 || (a.host < b.host ? -1 : 1));
  assert.deepEqual(slowest.map(({ p99_ms, calls: n }) => [Math.round(p99_ms * 1e3), n]), expected.slice(0, 20).map(({ p99 }) => [p99, REQUESTS]));
  assert.deepEqual([slowest[0].host, Number(slowest[0].hour), slowest[0].date], [expected[0].host, expected[0].hour, '2026-03-01']);
  assert.deepEqual(failures, [{ error: 'EIO', name: 'read', failures: calls / 10, hosts: HOSTS }]);
  assert.equal(flow.length, 2 * HOSTS * HOURS.length);
  assert.equal(new Set(flow.map(({ host }) => host)).size, HOSTS);
});

test('segments of a machine arrive in the folders of its name', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'ringscope-fleet-'));
  t.after(() => rmSync(directory, { recursive: true }));
  execFileSync(nativeProgram('ringscope'), ['demo', '-o', join(directory, 'app.ring')], { stdio: 'ignore' });
  runBlock(SEGMENT, directory);
  runBlock(SHIP, directory);
  const [host] = readdirSync(join(directory, 'events'));
  const [date] = readdirSync(join(directory, 'events', host));
  const [hour] = readdirSync(join(directory, 'events', host, date));
  const [file] = readdirSync(join(directory, 'events', host, date, hour));
  assert.match([host, date, hour, file].join('/'), /^host=[^/]+\/date=\d{4}-\d\d-\d\d\/hour=\d\d\/ringscope-\d+-\d{8}T\d{6}Z-[\da-f]{16}-0\.parquet$/);
});
