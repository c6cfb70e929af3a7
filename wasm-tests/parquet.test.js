/** `export --to parquet` as read by hyparquet and DuckDB, compared with `query` on the same trace. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { duckdb, withoutDuckdb } from './support/duckdb.js';
import { nativeProgram } from './support/paths.js';

const COLUMNS = 'host boot process pid tid thread category name start_ns duration_ns self_ns failed error detail flow value'.split(' ');
const native = (...args) => execFileSync(nativeProgram('ringscope'), args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });

function folder(t) {
  const directory = mkdtempSync(join(tmpdir(), 'ringscope-parquet-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

function exported(t, trace, ...options) {
  const file = join(folder(t), 'events.parquet');
  native('export', trace, '--to', 'parquet', '-o', file, ...options);
  return file;
}

async function read(path) {
  const file = await asyncBufferFromFile(path);
  return { rows: await parquetReadObjects({ file, compressors }), metadata: await parquetMetadataAsync(file) };
}

/** The output of `query`, with its numbers unchanged. */
const ask = (trace, sql) => JSON.parse(native('query', trace, sql, '--json'));
const number = (value) => typeof value === 'bigint' ? Number(value) : typeof value === 'boolean' ? Number(value) : value;
const comparable = (rows, keys) => rows.map((row) => JSON.stringify(keys.map((key) => number(row[key])))).sort();

/** All rows of a trace without open spans, with their self times; starts count from the first event. */
async function assertEqualToQuery(trace, parquet) {
  const keys = ['process', 'pid', 'tid', 'thread', 'category', 'name', 'start_ns', 'duration_ns', 'self_ns', 'failed', 'error', 'detail', 'value'];
  const expected = ask(trace, `select e.process, e.pid, e.tid, e.thread, e.category, e.name, e.start_ns, e.duration_ns, s.self_ns,
    e.failed, e.error, e.detail, e.value from events e left join spans s using (id)`);
  const { rows, metadata } = await read(parquet);
  const origin = rows.reduce((least, { start_ns }) => start_ns < least ? start_ns : least, rows[0].start_ns);
  const first = Math.min(...expected.map(({ start_ns }) => start_ns));
  const ours = rows.map((row) => ({ ...row, start_ns: Number(row.start_ns - origin) + first }));
  assert.deepEqual(comparable(ours, keys), comparable(expected, keys));
  assert.ok(rows.every(({ start_ns }, i) => i === 0 || rows[i - 1].start_ns <= start_ns));
  assert.deepEqual(Object.keys(rows[0]), COLUMNS);
  return { rows, metadata };
}

test('every event is a row, with its self time and where it was', async (t) => {
  const file = join(folder(t), 'demo.ring');
  native('demo', '-o', file);
  const { rows } = await assertEqualToQuery(file, exported(t, file, '--host', 'ada'));
  assert.ok(rows.length > 1000 && rows.every(({ host, boot }) => host === 'ada' && boot === rows[0].boot));
  assert.ok(rows.some(({ value }) => value !== null) && rows.some(({ detail }) => detail));
});

test('failures have their errors, flows their ids, and text is any text', async (t) => {
  const file = join(folder(t), 'trace.json');
  const on = (tid, ts, dur, name, more) => ({ ph: 'X', pid: 7, tid, ts, dur, name, ...more });
  writeFileSync(file, JSON.stringify([
    { ph: 'M', pid: 7, tid: 8, name: 'thread_name', args: { name: 'wor"ker\n' } },
    on(8, 0, 1000, 'outer'), on(8, 10, 100, 'in"\u00e9\ud83d\ude00'), on(8, 50, 100, 'crosses'), on(9, 20, 10, ''), on(9, 650, 100, 'later'),
    on(8, 200, 5, 'same'), on(8, 200, 5, 'same'), on(8, 300, 1, 'openat', { args: { detail: '"/x" = -1 ENOENT', failed: true } }),
    on(8, 400, 1, 'sad', { args: { detail: '', failed: true } }), on(8, 500, 0, 'long', { args: { detail: 'x'.repeat(70000) } }),
    { ph: 's', pid: 7, tid: 8, ts: 600, name: 'message', cat: 'ipc', id: '0xfedcba9876543210' },
    { ph: 'f', bp: 'e', pid: 7, tid: 9, ts: 700, name: 'message', cat: 'ipc', id: '0xfedcba9876543210' },
    { ph: 'C', pid: 7, tid: 9, ts: 800, name: 'level', args: { value: -2.5 } }
  ]));
  const { rows } = await read(exported(t, file));
  const find = (wanted) => rows.filter(({ name }) => name === wanted);
  assert.deepEqual([find('openat'), find('sad')].map(([{ failed, error }]) => [failed, error]), [[true, 'ENOENT'], [true, '(failed)']]);
  const ends = rows.filter(({ flow }) => flow !== null);
  assert.deepEqual(ends.map(({ name, tid, flow, duration_ns }) => [name, tid, flow, duration_ns]), [['outer', 8, ends[0].flow, null], ['later', 9, ends[0].flow, null]]);
  assert.deepEqual(find('level').map(({ value, self_ns }) => [value, self_ns]), [[-2.5, null]]);
  assert.deepEqual(find('outer').filter(({ flow }) => flow === null).map(({ self_ns, thread, host }) => [self_ns, thread, host]), [[893000n, 'wor"ker\n', null]]);
  assert.deepEqual(find('same').map(({ self_ns }) => self_ns).sort(), [0n, 5000n]);
  assert.deepEqual([find('in"\u00e9\ud83d\ude00').length, find('').length, find('crosses')[0].self_ns], [1, 1, 100000n]);
  assert.equal(find('long')[0].detail.length, ask(file, "select length(detail) n from events where name = 'long'")[0].n);
});

test('odd traces are tables as well: times, numbers and texts at their limits, and nothing at all', async (t) => {
  const file = join(folder(t), 'odd.json'), on = (ts, dur, name, more) => ({ ph: 'X', pid: 4294967295, tid: 4294967295, ts, dur, name, ...more });
  writeFileSync(file, Buffer.from(JSON.stringify([
    on(-1e9, 1, 'before'), on(0, 1e12, 'huge'), on(5, 0, 'at once'), on(7, 0.001, 'a nanosecond', { args: { detail: 'd\u00ffe' } }),
    { ph: 'C', pid: 1, ts: 8, name: 'level', args: { high: 1e300, low: -1e-300 } },
    { ph: 'b', pid: 1, tid: 2, ts: 9, id: '0xffffffffffffffff', cat: 'net', name: 'async' }, { ph: 'e', pid: 1, tid: 2, ts: 90, id: '0xffffffffffffffff', cat: 'net', name: 'async' }
  ]), 'latin1')); // \u00ff as a single byte is not UTF-8
  const { rows } = await assertEqualToQuery(file, exported(t, file));
  assert.deepEqual(rows.map(({ name, duration_ns }) => [name, duration_ns]).filter(([name]) => name === 'huge'), [['huge', 10n ** 15n]]);
  assert.ok(rows.some(({ detail }) => detail === 'd\ufffde'));
  writeFileSync(file, '[]');
  const { metadata } = await read(exported(t, file));
  assert.deepEqual([Number(metadata.num_rows), metadata.row_groups.length, metadata.schema.length], [0, 0, COLUMNS.length + 1]);
});

/** More than one row group holds: pairs within spans that continue from one row group into the next. */
function manySpans() {
  const spans = [{ ph: 'X', pid: 1, tid: 1, ts: 0, dur: 1e7, name: 'whole' }, { ph: 'X', pid: 1, tid: 1, ts: 130000 * 20, dur: 1e6, name: 'part' }];
  for (let i = 0; i < 150000; i++)
    spans.push({ ph: 'X', pid: 1, tid: 1, ts: 20 * i + 1, dur: 1 + i * 7919 % 13, name: `call ${i % 50}` });
  return JSON.stringify(spans);
}

test('row groups follow one another in time, and say what is in them', async (t) => {
  const file = join(folder(t), 'many.json');
  writeFileSync(file, manySpans());
  const { rows, metadata } = await read(exported(t, file));
  const ranges = metadata.row_groups.map(({ columns }) => columns[COLUMNS.indexOf('start_ns')].meta_data.statistics);
  assert.ok(ranges.length > 1);
  assert.ok(ranges.every(({ min_value, max_value }, i) => min_value <= max_value && (i === 0 || ranges[i - 1].max_value <= min_value)));
  const sums = { n: rows.length, total: 0, self: 0 };
  for (const { duration_ns, self_ns } of rows) {
    sums.total += Number(duration_ns);
    sums.self += Number(self_ns);
  }
  assert.deepEqual([sums], ask(file, 'select count(*) n, sum(duration_ns) total, sum(self_ns) self from spans'));
  const outlasting = ask(file, "select name, self_ns self from spans where name in ('whole', 'part') order by 1 desc");
  assert.deepEqual(outlasting.map(({ name }) => ({ name, self: Number(rows.find((row) => row.name === name).self_ns) })), outlasting);
});

test('DuckDB counts, adds up and orders as we do', { skip: withoutDuckdb }, async (t) => {
  const file = join(folder(t), 'many.json'), query = await duckdb();
  writeFileSync(file, manySpans());
  const sql = (events, spans, percentile) => `select name, count(*) n, sum(${spans}duration_ns) total, sum(${spans}self_ns) self,
    ${percentile} p99 from ${events} group by name order by name`;
  const theirs = await query(sql(`'${exported(t, file)}'`, '', 'quantile_disc(duration_ns, 0.99)'));
  const ours = ask(file, 'select name, count n, total_ns total, self_ns self, p99_ns p99 from names order by name');
  assert.deepEqual(theirs.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, number(value)]))), ours);
  const columns = await query(`describe select * from '${exported(t, file)}'`);
  assert.deepEqual(columns.map(({ column_name }) => column_name), COLUMNS);
});
