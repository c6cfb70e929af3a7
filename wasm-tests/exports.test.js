/** The list of exports, the façade in C, the linked module and the glue agree. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { inPackage, inProject } from './support/paths.js';

const IMPORTS_ALLOWED = ['env.emscripten_notify_memory_growth', 'env.tracer_import_now', 'env.tracer_import_time_origin'];
// Added by the linker and Emscripten's runtime themselves.
const EXPORTS_OF_THE_TOOLS = ['memory', '_initialize', '__indirect_function_table', '__errno_location', 'stackSave',
  'stackRestore', 'stackAlloc', '__tls_size', '__tls_align', '__wasm_init_tls'];

const read = (path) => readFileSync(inProject(path), 'utf8');
const list = (path) => read(path).trim().split('\n').map((line) => line.replace(/^_/, ''));
const moduleOf = (name) => new WebAssembly.Module(readFileSync(inPackage(name)));
const exportsOf = (name) =>
  WebAssembly.Module.exports(moduleOf(name)).map((item) => item.name).filter((item) => !EXPORTS_OF_THE_TOOLS.includes(item));
const importsOf = (name) => WebAssembly.Module.imports(moduleOf(name)).map((item) => `${item.module}.${item.name}`);

function glueText() {
  const files = readdirSync(inProject('web'), { recursive: true }).filter((name) => name.endsWith('.js') && !name.includes('node_modules'));
  return files.map((name) => read(`web/${name}`)).join('\n');
}

test('the list is sorted and has no function twice', () => {
  const names = list('src/wasm/exports.txt');
  assert.deepEqual(names, [...new Set(names)].sort());
});

test('the module exports the list and nothing else', () => {
  for (const name of ['ringscope.wasm', 'ringscope-mt.wasm'])
    assert.deepEqual(exportsOf(name).sort(), list('src/wasm/exports.txt').sort(), name);
});

test('the module that joins images exports its list and nothing else', () => {
  const names = list('src/wasm/merge/exports.txt');
  assert.deepEqual(names, [...new Set(names)].sort());
  assert.deepEqual(exportsOf('ringscope-merge.wasm').sort(), names);
});

test('the toy kernel exports both lists, as does any application that links the tracer', () => {
  const expected = [...list('src/wasm/exports.txt'), ...list('src/wasm/toy/exports.txt')];
  assert.deepEqual(exportsOf('toy_kernel.wasm').sort(), expected.sort());
});

test('the page’s toy kernel exports a part of them, sorted, and is the smaller', () => {
  const names = list('src/wasm/toy/demo_exports.txt');
  const all = [...list('src/wasm/exports.txt'), ...list('src/wasm/toy/exports.txt')];
  assert.deepEqual(names, [...new Set(names)].sort());
  assert.deepEqual(names.filter((name) => !all.includes(name)), []);
  assert.deepEqual(exportsOf('demo/toy_kernel.wasm').sort(), names);
  const size = (name) => gzipSync(readFileSync(inPackage(name)), { level: 9 }).length;
  assert.ok(size('demo/toy_kernel.wasm') < 0.82 * size('toy_kernel.wasm'), `${size('demo/toy_kernel.wasm')} of ${size('toy_kernel.wasm')} bytes`);
});

test('the page’s toy kernel has no exporter, which only applications need', () => {
  const has = (name) => readFileSync(inPackage(name)).includes('displayTimeUnit');
  assert.deepEqual([has('toy_kernel.wasm'), has('demo/toy_kernel.wasm')], [true, false]);
});

test('the modules import nothing but the clock and the notice of growth', () => {
  for (const name of ['ringscope.wasm', 'toy_kernel.wasm'])
    assert.deepEqual(importsOf(name).filter((item) => !IMPORTS_ALLOWED.includes(item)), []);
  assert.deepEqual(importsOf('ringscope-mt.wasm').filter((item) => !IMPORTS_ALLOWED.includes(item)), ['env.memory']);
});

test('every function of the façade is declared, listed and defined', () => {
  const declared = [...read('src/wasm/wasm.h').matchAll(/\b(tracer_wasm_\w+)\(/g)].map((match) => match[1]);
  assert.deepEqual([...new Set(declared)].sort(), list('src/wasm/exports.txt').filter((name) => name.startsWith('tracer_wasm_')));
});

test('the glue calls every function of the list, and none that is not in it', () => {
  const used = new Set([...glueText().matchAll(/\b(?:tracer_(?!import)\w+|trace_default)\b/g)].map((match) => match[0]));
  const listed = [...new Set([...list('src/wasm/exports.txt'), ...list('src/wasm/merge/exports.txt')])];
  const tools = ['trace_default'];
  assert.deepEqual(listed.filter((name) => !used.has(name) && !tools.includes(name)), []);
  assert.deepEqual([...used].filter((name) => !listed.includes(name)), []);
});

test('the module is small: 60 KiB by gzip, functions, sealed images, segments, processes, notes, stacks and the upgrade of format 1 included', () => {
  const size = gzipSync(readFileSync(inPackage('ringscope.wasm')), { level: 9 }).length;
  assert.ok(size <= 60 * 1024, `${size} bytes`);
});
