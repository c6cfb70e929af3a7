/** `ringscope mcp`, tested with the protocol's own client. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { nativeProgram } from './support/paths.js';

const command = nativeProgram('ringscope');
const native = (...args) => execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26 });

/** A readable folder with a trace in it, and a connected client. */
async function serve(t) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'ringscope-mcp-')));
  const folder = join(root, 'traces');
  mkdirSync(join(folder, 'more'), { recursive: true });
  const file = join(folder, 'demo.ring');
  native('demo', '-o', file);
  writeFileSync(join(folder, 'more', 'a.json'), '[{"name":"x","ph":"X","ts":1,"dur":1,"pid":1,"tid":1}]');
  native('demo', '-o', join(root, 'secret.ring'));
  symlinkSync(join(root, 'secret.ring'), join(folder, 'link.ring'));
  const client = new Client({ name: 'ringscope-tests', version: '1.0.0' });
  await client.connect(new StdioClientTransport({ command, args: ['mcp', folder] }));
  t.after(async () => {
    await client.close();
    rmSync(root, { recursive: true });
  });
  const call = async (name, args) => {
    const { content, isError } = await client.callTool({ name, arguments: args });
    assert.equal(content.length, 1);
    return { text: content[0].text, isError };
  };
  return { client, root, folder, file, call };
}

test('its tools are listed with what they take', async (t) => {
  const { client } = await serve(t);
  assert.equal(client.getServerVersion().name, 'ringscope');
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map(({ name }) => name), ['files', 'info', 'summary', 'stats', 'slow', 'events', 'tree', 'diff', 'sql', 'schema']);
  assert.deepEqual(tools.find(({ name }) => name === 'diff').inputSchema.required, ['file', 'with']);
  assert.deepEqual(tools.find(({ name }) => name === 'sql').inputSchema.required, ['file', 'sql']);
  assert.ok(tools.every(({ annotations, inputSchema }) => annotations.readOnlyHint && inputSchema.type === 'object'));
  await client.ping();
});

test('a tool says what the command prints', async (t) => {
  const { file, folder, call } = await serve(t);
  assert.equal((await call('files', {})).text, `${file}\n${join(folder, 'more', 'a.json')}\n`);
  for (const name of ['info', 'summary', 'stats', 'slow'])
    assert.deepEqual(await call(name, { file }), { text: native(name, file), isError: false }, name);
  assert.deepEqual(await call('stats', { file, query: 'name:read' }), { text: native('stats', file, 'name:read'), isError: false });
  assert.deepEqual(await call('tree', { file, query: '-name:read thread:logd' }), { text: native('tree', file, '--', '-name:read thread:logd'), isError: false });
  const sql = 'select name, count(*) from events group by name';
  assert.deepEqual(await call('sql', { file, sql }), { text: native('query', file, sql), isError: false });
  assert.match((await call('schema', {})).text, /^CREATE TABLE events\(/);
});

/** A trace of consecutive reads, each with the given duration. */
const reads = (count, us) =>
  JSON.stringify(Array.from({ length: count }, (_, i) => ({ name: 'read', ph: 'X', ts: i * 1000, dur: us, pid: 1, tid: 1 })));

test('two traces are compared, and a worse one is no error', async (t) => {
  const { root, folder, file, call } = await serve(t);
  const before = join(folder, 'before.json'), after = join(folder, 'after.json');
  writeFileSync(before, reads(300, 10));
  writeFileSync(after, reads(300, 50));
  const told = spawnSync(command, ['diff', before, after], { encoding: 'utf8' });
  assert.deepEqual([told.status, /slower .*read/.test(told.stdout)], [1, true], told.stdout);
  assert.deepEqual(await call('diff', { file: before, with: after }), { text: told.stdout, isError: false });
  assert.deepEqual(await call('diff', { file: after, with: before, query: 'name:read' }),
    { text: native('diff', after, before, 'name:read'), isError: false });
  const many = JSON.stringify(Array.from({ length: 250 }, (_, i) => ({ name: `n${i}`, ph: 'i', ts: i, pid: 1, tid: 1 })));
  writeFileSync(join(folder, 'many.json'), many);
  const { text } = await call('diff', { file: before, with: join(folder, 'many.json') });
  assert.deepEqual([text.split('\n').length, text.endsWith('\n(more: page 2)\n')], [102, true]);
  for (const other of [join(root, 'secret.ring'), join(folder, 'link.ring'), join(folder, 'more'), '/etc/passwd'])
    for (const files of [{ file, with: other }, { file: other, with: file }])
      assert.match((await call('diff', files)).text, /below a folder|it is a folder/, other);
  writeFileSync(join(folder, 'bad'), 'no trace');
  for (const wrong of [{ file }, { with: file }, { file, with: join(folder, 'bad') }, { file, with: file, query: 'nmae:x' }])
    assert.equal((await call('diff', wrong)).isError, true, JSON.stringify(wrong));
  assert.equal((await call('summary', { file, with: file })).isError, true);
});

test('long answers come in pages', async (t) => {
  const { file, call } = await serve(t);
  const lines = native('events', file).split('\n');
  const first = await call('events', { file }), second = await call('events', { file, page: 2 });
  assert.equal(first.text, `${lines.slice(0, 100).join('\n')}\n(more: page 2)\n`);
  assert.equal(second.text, `${lines.slice(100, 200).join('\n')}\n(more: page 3)\n`);
  const last = Math.ceil((lines.length - 1) / 100);
  assert.equal((await call('events', { file, page: last })).text, lines.slice((last - 1) * 100).join('\n'));
  assert.deepEqual(await call('events', { file, page: last + 1 }), { text: '', isError: false });
  const long = await call('sql', { file, sql: "select printf('%.*c', 100000, 'x') as x" });
  assert.equal(Math.max(...long.text.split('\n').map((line) => line.length)), 2000);
});

test('only what is below the folders is read, and nothing is changed', async (t) => {
  const { client, root, folder, file, call } = await serve(t);
  for (const other of [join(root, 'secret.ring'), join(folder, 'link.ring'), join(folder, '..', 'secret.ring'), '/etc/passwd', `${root}/traces2`, folder, 'x\u0000y']) {
    const { isError, text } = await call('summary', { file: other });
    assert.deepEqual([isError, /below a folder|No such file/.test(text)], [true, true], other);
  }
  for (const sql of ["attach '/tmp/x.db' as x", 'delete from events', 'select 1 from nothing', ''])
    assert.equal((await call('sql', { file, sql })).isError, true, sql);
  assert.equal((await call('events', { file, query: 'nmae:x' })).isError, true);
  assert.equal((await call('summary', {})).isError, true);
  await assert.rejects(call('record', { file }), /no such tool/);
  await assert.rejects(client.request({ method: 'resources/list' }, { parse: (value) => value }), /no such method/);
  await client.ping();
});

test('what is no request is refused, and a folder that is none', () => {
  const run = (input, folder) => spawnSync(command, ['mcp', folder], { input, encoding: 'utf8' });
  const answers = run('x\n[]\n{"id":1}\n{"method":"notifications/initialized"}\n{"id":"a","method":"ping"}\n', tmpdir()).stdout.trimEnd().split('\n');
  assert.deepEqual(answers.map((line) => JSON.parse(line)).map(({ id, error, result }) => [id, error?.code ?? result]),
    [[null, -32700], [null, -32600], [1, -32600], ['a', {}]]);
  const { status, stderr, stdout } = run('', '/dev/null');
  assert.deepEqual([status, stdout, stderr], [1, '', 'ringscope mcp: /dev/null: it is no folder\n']);
});
