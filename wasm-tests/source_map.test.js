/** The source map of a module whose functions are traced: each instruction keeps its line. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inPackage } from './support/paths.js';

const { instrument } = await import(inPackage('ringscope.js'));
const skip = spawnSync('wasm-as', ['--version']).status === 0 ? false : 'needs wasm-as';

/** Each constant is the line that it comes from. */
const TEXT = `(module
  (func $first (export "first") (result i32)
    ;;@ a.c:1000001:3
    (i32.const 1000001))
  (func $second (export "second") (param i32) (result i32) (local i64)
    ;;@ a.c:1000002:3
    (drop (i32.const 1000002))
    (loop $again
      ;;@ a.c:1000003:3
      (br_if $again (i32.eq (i32.const 1000003) (local.get 0))))
    ;;@ b.c:1000004:3
    (i32.add (call $first) (i32.const 1000004)))
  (func $third (export "third") (result i32)
    ;;@ b.c:1000005:3
    (drop (i32.const 1000005))
    ;;@ b.c:1000006:3
    (i32.const 1000006)))`;
const LINES = [1000001, 1000002, 1000003, 1000004, 1000005, 1000006];
const CODE = 10;

function directory(t) {
  const path = mkdtempSync(join(tmpdir(), 'ringscope-source-map-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** A module with a source map by Binaryen. */
function mapped(t, url = 'in.wasm.map') {
  const place = directory(t), at = (name) => join(place, name);
  writeFileSync(at('in.wat'), TEXT);
  execFileSync('wasm-as', ['-g', at('in.wat'), '-o', at('in.wasm'), '--source-map', at('in.wasm.map'), '--source-map-url', url]);
  return { at, place, bytes: readFileSync(at('in.wasm')), text: readFileSync(at('in.wasm.map'), 'utf8') };
}

/** Read by Node, which needs a separator after a last segment without a source. */
function readMap(text) {
  const map = JSON.parse(text);
  return new SourceMap({ ...map, mappings: `${map.mappings};` });
}

/** The line of each constant in the module. */
function linesIn(bytes, text) {
  const map = readMap(text);
  return LINES.map((line) => {
    const offset = Buffer.from(bytes).indexOf(Buffer.from([0x41, line & 127 | 128, line >> 7 & 127 | 128, line >> 14]));
    assert.ok(offset > 0);
    return map.findEntry(0, offset).originalLine + 1;
  });
}

/** Where the functions of a module begin, each at its size. */
function starts(bytes) {
  let at = 8;
  const number = () => {
    let value = 0, shift = 0;
    do value |= (bytes[at] & 127) << shift, shift += 7; while (bytes[at++] & 128);
    return value;
  };
  for (;;) {
    const id = bytes[at++], size = number();
    if (id === CODE) break;
    at += size;
  }
  return Array.from({ length: number() }, () => {
    const start = at, size = number();
    at += size;
    return start;
  });
}

const urlOf = (bytes) => Buffer.from(WebAssembly.Module.customSections(new WebAssembly.Module(bytes), 'sourceMappingURL')[0] ?? []).subarray(1).toString();

test('what moves keeps its lines, and what is added has none', { skip }, (t) => {
  const { bytes, text } = mapped(t);
  assert.deepEqual(linesIn(bytes, text), LINES);
  for (const [patterns, minNs] of [['*', 0], ['second', 0], ['third', 0], ['*', 100], ['none', 0]]) {
    const made = instrument(bytes, patterns, { minNs, sourceMap: { text, url: 'out.wasm.map' } });
    assert.deepEqual(linesIn(made.bytes, made.sourceMap), LINES, `${patterns} ${minNs}`);
    assert.equal(urlOf(made.bytes), 'out.wasm.map');
  }
  const { bytes: made, sourceMap, names } = instrument(bytes, '*', { sourceMap: { text, url: 'x' } }), map = readMap(sourceMap), places = starts(made);
  assert.deepEqual([names, places.length], [['first', 'second', 'third'], 8]);
  const lines = places.map((start) => map.findEntry(0, start + 4).originalLine);
  assert.deepEqual(lines.map((line) => line !== undefined), [false, false, false, true, true, true, false, false]);
});

test('without its source map a module refers to none', { skip }, (t) => {
  const { bytes } = mapped(t);
  assert.equal(urlOf(bytes), 'in.wasm.map');
  assert.deepEqual([urlOf(instrument(bytes).bytes), instrument(bytes).sourceMap], ['', undefined]);
  assert.throws(() => instrument(bytes, '*', { sourceMap: { text: '{}', url: 'x' } }), /^TypeError: this source map has no mappings/);
});

test('ringscope-wasm instrument writes the source map beside the module', { skip }, (t) => {
  const { at, place, text } = mapped(t, 'maps/in%20a.map');
  const command = (...args) => spawnSync(process.execPath, [inPackage('bin/ringscope-wasm.js'), 'instrument', ...args], { encoding: 'utf8', cwd: place });
  mkdirSync(at('maps'));
  mkdirSync(at('out'));
  const without = command('in.wasm', '-o', 'out/a b.wasm');
  assert.equal(without.status, 0);
  assert.match(without.stderr, /^left out: its source map maps\/in%20a\.map: ENOENT.*\n3 functions\n$/);
  assert.equal(urlOf(readFileSync(at('out/a b.wasm'))), '');
  writeFileSync(at('maps/in a.map'), '{}');
  assert.match(command('in.wasm', '-o', 'out/a b.wasm').stderr, /^left out: its source map maps\/in%20a\.map: it has no mappings\n3 functions\n$/);
  const foreign = command('in.wat', '-o', 'out/c.wasm');
  assert.deepEqual([foreign.status, foreign.stderr], [1, 'ringscope-wasm: in.wat: this is not a WebAssembly module of version 1\n']);
  writeFileSync(at('maps/in a.map'), text);
  const made = command('in.wasm', '-o', 'out/a b.wasm');
  assert.deepEqual([made.status, made.stderr], [0, '3 functions\n']);
  const bytes = readFileSync(at('out/a b.wasm')), written = readFileSync(at('out/a b.wasm.map'), 'utf8');
  assert.equal(urlOf(bytes), 'a%20b.wasm.map');
  assert.deepEqual(linesIn(bytes, written), LINES);
  assert.equal(JSON.parse(written).sourceRoot, '../maps/');
});
