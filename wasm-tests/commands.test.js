/** ringscope-wasm summary, stats, events, export, report, view: a saved trace, read without any native program. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { inPackage, nativeProgram } from './support/paths.js';
import { fakeTracer } from './support/tracer.js';

const command = (...args) => spawnSync(process.execPath, [inPackage('bin/ringscope-wasm.js'), ...args], { encoding: 'utf8' });
const native = (...args) => execFileSync(nativeProgram('ringscope'), args, { encoding: 'utf8' });

function printed(...args) {
  const { status, stdout, stderr } = command(...args);
  assert.deepEqual([status, stderr], [0, ''], args.join(' '));
  return stdout;
}

/** Returns the path of a saved trace, and of an output file beside it. */
async function saved(t, more) {
  const { tracer, clock } = await fakeTracer(t);
  for (const [ms, name, detail] of [[1, 'open', '/etc/passwd'], [2, 'read', '\x1b[31mred\x9b\u202e 7'], [3, 'close\x07', undefined]]) {
    clock.ms = ms;
    tracer.event('FILE', name, detail);
  }
  tracer.counter('MEMORY', 'heap', 0.1);
  tracer.span('IPC', 'fetch', () => (clock.ms = 9));
  for (const ms of [1, 2, 6]) tracer.op('read', ms, ms !== 2);
  tracer.op('\x1b]0;title\x07', 20);
  more?.(tracer);
  const directory = mkdtempSync(join(tmpdir(), 'ringscope-commands-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'a "b" <c>.ring');
  writeFileSync(file, tracer.save());
  return { file, out: join(directory, 'out') };
}

test('summary, events and export print what the native command prints', async (t) => {
  const { file } = await saved(t, (tracer) => tracer.record({ category: 'FILE', name: 'reads', args: [3, 'a\x1b'], result: 4 })); // no detail
  assert.match(printed('events', file), /^\[1\.00\] FILE open: \/etc\/passwd\n\[2\.00\] FILE read: \\x1b\[31mred/);
  for (const args of [[], ['-c', 'file,ipc', '--last', '2'], ['-n', 'OP*'], ['-x', 'passwd'], ['--since', '2', '--until', '2.5'], ['--slower', '1'], ['--slower', '500us'],
    ['--failed'], ['--without-details'], ['-l', '0'], ['--json'], ['-p', '1'], ['-t', '1'], ['--process', 'none'], ['--thread', 'none']])
    assert.equal(printed('events', file, ...args), native('events', file, ...args), args.join(' '));
  for (const format of ['json', 'ndjson', 'chrome'])
    assert.equal(printed('export', '--to', format, '-n', 'r*', file), native('export', file, '--to', format, '-n', 'r*'));
  assert.equal(printed('summary', file), native('summary', file));
  const { frames, ...rest } = JSON.parse(native('summary', file, '--json')); // of stacks: JavaScript records none
  assert.deepEqual([JSON.parse(printed('summary', '--json', file)), frames], [rest, []]);
});

test('summary shows what is open, as far as a terminal may be sent it', async (t) => {
  const { file } = await saved(t, (tracer) => {
    tracer.span('IPC', 'outer');
    tracer.span('IPC', 'inner\x07');
    tracer.span('IPC', 'apart', { async: true });
  });
  assert.match(printed('summary', file), /\n\n--- Open spans ---\n\[9\.00\] IPC outer\n\[9\.00\] IPC   inner\\x07\n\[9\.00\] IPC apart, async\n$/);
});

test('events of other programs show process, thread and duration as the native command does', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'ringscope-commands-')), at = (name) => join(directory, name);
  t.after(() => rmSync(directory, { recursive: true }));
  const span = (pid, tid, dur) => ({ name: 'work', ph: 'X', ts: dur, dur, pid, tid });
  const named = (what, pid, tid, name) => ({ name: `${what}_name`, ph: 'M', pid, tid, args: { name } });
  writeFileSync(at('in.json'), JSON.stringify([span(7, 7, 0), span(7, 7, 0.999), span(7, 8, 9.95), span(7, 8, 9.995), span(7, 8, 99.96), span(8, 8, 999.6), span(9, 9, 1e6), span(9, 10, 2e9),
    span('gpu', 'first', 5), span('gpu', 'second', 6), { name: 'point', ph: 'i', ts: 3, pid: 8, tid: 8 }, named('process', 7, 7, 'main: main --all'),
    named('thread', 7, 8, 'wor\x1bker: two'), named('thread', 9, 10, '')]));
  native('convert', at('in.json'), '-o', at('in.ring'));
  const expected = native('events', at('in.ring'));
  assert.match(expected, /^\[.*\] 7\/8 wor\\x1bker .*us CUSTOM work/m);
  assert.equal(printed('events', at('in.ring')), expected);
  assert.equal(printed('events', at('in.ring'), '--last', '3', '-n', 'w*'), native('events', at('in.ring'), '--last', '3', '-n', 'w*'));
});

test('stats sorts, and shows no terminal what a name asks of it', async (t) => {
  const { file } = await saved(t);
  const names = (...args) => printed('stats', file, ...args).trimEnd().split('\n').slice(1).map((line) => line.split(' ')[0]);
  assert.deepEqual(names(), ['\\x1b]0;title\\x07', 'read']);
  assert.deepEqual(names('--sort', 'count'), ['read', '\\x1b]0;title\\x07']);
  assert.deepEqual(names('-s', 'max'), ['\\x1b]0;title\\x07', 'read']);
  assert.match(printed('stats', file), /^read +3 +1 +9\.000 +3\.000 +\d\.\d+ +6\.000$/m);
  assert.deepEqual(JSON.parse(printed('stats', '--json', file)), JSON.parse(native('stats', file, '--json')));
});

test('report has the trace in it, to the byte; no output replaces the trace', async (t) => {
  const { file, out } = await saved(t);
  printed('report', file, '-o', out);
  const [, name, base64] = /<script type="application\/octet-stream" id="trace" data-name="([^"]*)">([^<]*)</.exec(readFileSync(out, 'utf8'));
  assert.equal(name, 'a &#34;b&#34; &#60;c&#62;.ring');
  assert.deepEqual(gunzipSync(Buffer.from(base64, 'base64')), readFileSync(file));
  printed('export', '--to', 'ndjson', file, '-o', out);
  assert.equal(readFileSync(out, 'utf8'), native('export', file, '--to', 'ndjson'));
  const before = readFileSync(file), { status, stderr } = command('report', file, '-o', file);
  assert.deepEqual([status, readFileSync(file)], [1, before], stderr);
});

/** @param {string} url @param {object} [options] */
async function answer(url, options = {}) {
  const [response] = await once(get(url, { agent: false, ...options }), 'response');
  let body = '';
  for await (const part of response.setEncoding('utf8')) body += part;
  return { status: response.statusCode, body };
}

test('view serves the report to whoever has its address, until a signal', async (t) => {
  const { file, out } = await saved(t);
  printed('report', file, '-o', out);
  const server = spawn(process.execPath, [inPackage('bin/ringscope-wasm.js'), 'view', file], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => server.kill('SIGKILL'));
  const exited = once(server, 'exit'), address = String(await once(server.stdout, 'data')).trim();
  assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/);
  const { origin } = new URL(address), { status, body } = await answer(address);
  assert.deepEqual([status, body === readFileSync(out, 'utf8')], [200, true]);
  assert.deepEqual(await answer(`${origin}/`), { status: 403, body: '' });
  assert.deepEqual(await answer(`${address}more`), { status: 403, body: '' });
  assert.deepEqual(await answer(address, { headers: { host: 'evil.example' } }), { status: 403, body: '' });
  assert.deepEqual(await answer(address, { headers: { origin: 'http://evil.example' } }), { status: 403, body: '' });
  assert.equal((await answer(address, { method: 'POST' })).status, 405);
  server.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
});

test('mistakes end with 2 and the usage, what cannot be read with 1', async (t) => {
  const { file, out } = await saved(t);
  for (const args of [['events'], ['events', file, file], ['events', file, '--what'], ['events', file, '--pid', 'x'], ['events', file, '-p', '4294967296'],
    ['events', file, '-c', 'NONE'], ['events', file, '-l', '1.5'], ['view'], ['view', file, '-o', out], ['stats', file, '-s', 'name'], ['export', file], ['export', file, '--to', 'xml']]) {
    const { status, stdout, stderr } = command(...args);
    assert.deepEqual([status, stdout], [2, ''], args.join(' '));
    assert.match(stderr, /^ringscope-wasm: .{1,120}\nRun 'ringscope-wasm --help' for usage\.\n$/);
  }
  writeFileSync(out, 'no trace');
  for (const args of [['summary', `${file}.absent`], ['summary', out]]) {
    const { status, stdout, stderr } = command(...args);
    assert.deepEqual([status, stdout], [1, ''], args.join(' '));
    assert.match(stderr, /^ringscope-wasm: .+\n$/);
  }
});
