/** A module's functions as spans: their names and numbers of calls; and the module behaves as before. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { inPackage } from './support/paths.js';

const { Tracer, instrument, instrumentedFunctions, traceFunctions, traceWebAssembly } = await import(inPackage('ringscope.js'));

/** From Debian's binaryen, which Emscripten needs. */
const hasAssembler = spawnSync('wasm-as', ['--version']).status === 0;
const skip = hasAssembler ? false : 'needs wasm-as';

function directory(t) {
  const path = mkdtempSync(join(tmpdir(), 'ringscope-functions-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

function assemble(t, text) {
  const path = join(directory(t), 'module');
  writeFileSync(`${path}.wat`, text);
  execFileSync('wasm-as', ['--enable-exception-handling', '--enable-multivalue', '--enable-tail-call', '--enable-reference-types', '--enable-simd', '--enable-mutable-globals',
    '-g', `${path}.wat`, '-o', `${path}.wasm`]);
  return readFileSync(`${path}.wasm`);
}

async function traced(t, text, imports = {}, options = {}) {
  const { bytes, names, counted, leftOut } = instrument(assemble(t, text), options.functions, options.instrument);
  const tracer = await Tracer.load({ wasm: readFileSync(inPackage('ringscope.wasm')), capacityEvents: 100000 });
  t.after(() => tracer.dispose());
  tracer.enable();
  const module = new WebAssembly.Module(bytes), instance = new WebAssembly.Instance(module, imports);
  const undo = traceFunctions(tracer, module, instance, options);
  return { bytes, names, counted, leftOut, tracer, undo, exports: instance.exports, calls: () => counts(tracer) };
}

/** The number of calls of each function. */
function counts(tracer) {
  const found = {};
  for (const { name, label } of tracer.events()) {
    assert.equal(label, 'FUNCTION');
    found[name] = (found[name] ?? 0) + 1;
  }
  return found;
}

const FIBONACCI = `(func $fib (export "fib") (param $n i32) (result i32)
  (if (result i32) (i32.lt_u (local.get $n) (i32.const 2)) (then (local.get $n))
    (else (i32.add (call $fib (i32.sub (local.get $n) (i32.const 1))) (call $fib (i32.sub (local.get $n) (i32.const 2)))))))`;
const FIB_15 = 610, CALLS_15 = 1973;

test('each call is a span inside that of its caller', { skip }, async (t) => {
  const { tracer, exports, names, calls } = await traced(t, `(module ${FIBONACCI}
    (func $twice (export "twice") (param i32) (result i32) (i32.mul (i32.const 2) (call $fib (local.get 0)))))`);
  assert.deepEqual(names, ['fib', 'twice']);
  assert.equal(exports.twice(15), 2 * FIB_15);
  assert.deepEqual(calls(), { fib: CALLS_15, twice: 1 });
  const spans = tracer.events(), outer = spans.find(({ name }) => name === 'twice');
  for (const { timestamp, duration } of spans)
    assert.ok(timestamp >= outer.timestamp && timestamp + duration <= outer.timestamp + outer.duration + 1e-6);
});

test('patterns choose, and what is not chosen is not touched', { skip }, async (t) => {
  const text = `(module ${['sqlite3_open', 'sqlite3MutexEnter', 'other'].map((name) => `(func $${name} (export "${name}") (nop))`).join('')})`;
  const { exports, calls, names } = await traced(t, text, {}, { functions: 'sqlite3*, !*Mutex*' });
  assert.deepEqual(names, ['sqlite3_open']);
  exports.sqlite3_open();
  exports.sqlite3MutexEnter();
  exports.other();
  assert.deepEqual(calls(), { sqlite3_open: 1 });
});

test('any results, by exports, tables and references', { skip }, async (t) => {
  const { exports, calls } = await traced(t, `(module
    (type $pair (func (param i32 f64) (result f64 i32)))
    (table $t (export "t") 1 funcref) (elem (table $t) (i32.const 0) func $swap)
    (global $g (mut i32) (i32.const 7))
    (func $swap (type $pair) (tuple.make (local.get 1) (local.get 0)))
    (func $long (export "long") (param i64) (result i64) (local $copy i64) (local.set $copy (local.get 0)) (local.get $copy))
    (func $reference (export "reference") (param externref) (result externref) (local.get 0))
    (func $indirect (export "indirect") (result f64 i32) (call_indirect $t (type $pair) (i32.const 3) (f64.const 0.5) (i32.const 0)))
    (func $global (export "global") (result i32) (global.get $g)))`);
  const object = {};
  assert.deepEqual([exports.indirect(), exports.t.get(0)(1, 2), exports.long(-1n << 62n), exports.global()], [[0.5, 3], [2, 1], -1n << 62n, 7]);
  assert.equal(exports.reference(object), object);
  assert.deepEqual(calls(), { swap: 2, long: 1, reference: 1, indirect: 1, global: 1 });
});

test('what is thrown passes through, and ends the call', { skip }, async (t) => {
  const thrown = new Error('from JavaScript');
  const { exports, tracer, calls } = await traced(t, `(module (import "m" "throw" (func $throw)) (tag $tag (param i32))
    (func $inner (export "inner") (call $throw))
    (func $own (throw $tag (i32.const 5)))
    (func $outer (export "outer") (result i32) (try (result i32) (do (call $own) (i32.const 1)) (catch $tag (i32.add (pop i32) (i32.const 1)))))
    (func $all (export "all") (result i32) (try (result i32) (do (call $inner) (i32.const 1)) (catch_all (i32.const 2)))))`,
  { m: { throw: () => { throw thrown; } } });
  assert.throws(exports.inner, (error) => error === thrown);
  assert.equal(exports.outer(), 6);
  assert.equal(exports.all(), 2);
  assert.deepEqual(calls(), { inner: 2, own: 1, outer: 1, all: 1 });
  assert.deepEqual(tracer.openSpans(), []);
});

test('a trap leaves its stack open', { skip }, async (t) => {
  const { exports, tracer, calls } = await traced(t, `(module (func $inner (unreachable)) (func $outer (export "outer") (call $inner))
    (func $fine (export "fine")))`);
  assert.throws(exports.outer, WebAssembly.RuntimeError);
  assert.deepEqual(tracer.openSpans().map(({ name }) => name), ['outer', 'inner']);
  exports.fine();
  assert.deepEqual(calls(), { fine: 1 });
});

const TRAPS = `(module (func $inner (unreachable)) (func $outer (export "outer") (call $inner)) (func $fine (export "fine")))`;
const asleep = Promise.resolve();

test('the first call of the next task is not inside those that a trap has left', { skip }, async (t) => {
  const { exports, tracer, calls } = await traced(t, TRAPS);
  assert.throws(exports.outer, WebAssembly.RuntimeError);
  assert.throws(exports.outer, WebAssembly.RuntimeError);
  await asleep;
  assert.deepEqual(tracer.openSpans().map(({ name }) => name), ['outer', 'inner', 'outer', 'inner']); // nothing has been called since
  exports.fine();
  assert.deepEqual(tracer.openSpans(), []);
  assert.deepEqual(tracer.events().map(({ name, detail }) => [name, detail]), [['fine', '0 calls not kept, 4 before']]);
  for (let i = 0; i < 3000; i++) {
    assert.throws(exports.outer, WebAssembly.RuntimeError);
    await asleep;
  }
  exports.fine();
  assert.deepEqual([calls(), tracer.openSpans()], [{ fine: 2 }, []]);
});

test('calls from imports, and through several tasks, nest as they are made', { skip }, async (t) => {
  const order = [];
  const { exports, tracer } = await traced(t, `(module (import "m" "again" (func $again)) (func $leaf (export "leaf"))
    (func $outer (export "outer") (call $leaf) (call $again) (call $leaf)))`, { m: { again: () => order.push(exports.leaf()) } });
  for (let i = 0; i < 3; i++) {
    exports.outer();
    await asleep;
  }
  const spans = tracer.events(); // in the order of their ends
  assert.deepEqual([spans.map(({ name }) => name), order.length], [Array(3).fill(['leaf', 'leaf', 'leaf', 'outer']).flat(), 3]);
  for (const [i, { timestamp, duration }] of spans.entries()) {
    const outer = spans[i - (i % 4) + 3];
    assert.ok(timestamp >= outer.timestamp && timestamp + duration <= outer.timestamp + outer.duration + 1e-6, `span ${i}`);
  }
});

test('a tool that instruments all modules, even ours, is not called by what it has called', { skip }, async (t) => {
  const tracer = await Tracer.load({ wasm: readFileSync(inPackage('ringscope.wasm')) }), { Module, Instance } = WebAssembly, text = assemble(t, TRAPS);
  t.after(() => Object.assign(WebAssembly, { Module, Instance }));
  t.after(() => tracer.dispose());
  tracer.enable();
  WebAssembly.Module = new Proxy(Module, { construct: (target, [bytes]) => new target(instrument(bytes).bytes) });
  WebAssembly.Instance = new Proxy(Instance, { construct: (target, [module, imports]) => {
    const made = new target(module, imports);
    traceFunctions(tracer, module, made);
    return made;
  } });
  new WebAssembly.Instance(new WebAssembly.Module(text)).exports.fine();
  assert.deepEqual(counts(tracer), { fine: 1 });
});

test('where calls may be suspended, the open ones stay', { skip }, async (t) => {
  const tracer = await Tracer.load({ wasm: readFileSync(inPackage('ringscope.wasm')) }), before = WebAssembly.promising;
  t.after(() => tracer.dispose());
  t.after(() => (before ? (WebAssembly.promising = before) : delete WebAssembly.promising));
  WebAssembly.promising = (call) => call;
  tracer.enable();
  const undo = traceWebAssembly(tracer, { functions: '*' });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble(t, TRAPS)));
  const names = () => tracer.openSpans().map(({ name }) => name);
  assert.throws(exports.outer, WebAssembly.RuntimeError);
  await asleep;
  exports.fine();
  assert.deepEqual(names(), [], 'nothing was suspended');
  WebAssembly.promising(exports.fine);
  assert.throws(exports.outer, WebAssembly.RuntimeError);
  await asleep;
  exports.fine();
  assert.deepEqual(names(), ['outer', 'inner']);
  undo();
});

test('what ends in a tail call keeps its flat stack', { skip }, async (t) => {
  const { exports, leftOut, calls } = await traced(t, `(module
    (func $down (export "down") (param i32) (result i32)
      (if (i32.eqz (local.get 0)) (then (return (i32.const 9))))
      (return_call $down (i32.sub (local.get 0) (i32.const 1))))
    (func $plain (export "plain") (result i32) (call $down (i32.const 1000000))))`);
  assert.deepEqual(leftOut, ['down']);
  assert.equal(exports.plain(), 9);
  assert.deepEqual(calls(), { plain: 1 });
});

test('a start function, and a module without a tracer, run as before', { skip }, async (t) => {
  const bytes = assemble(t, `(module (global $g (mut i32) (i32.const 0)) (start $begin)
    (func $g (export "g") (result i32) (global.get $g))
    (func $begin (global.set $g (i32.add (global.get $g) (i32.const 1)))) ${FIBONACCI})`);
  const made = instrument(bytes);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(made.bytes));
  assert.deepEqual([exports.g(), exports.fib(15)], [1, FIB_15]);
  assert.equal(instrumentedFunctions(new WebAssembly.Module(bytes)), undefined);
  assert.throws(() => instrument(made.bytes), /already instrumented/);
  assert.throws(() => instrument(Uint8Array.of(1, 2, 3)), /not a WebAssembly module/);
});

test('short calls are counted by what called them; deep ones too', { skip }, async (t) => {
  const short = await traced(t, `(module ${FIBONACCI})`, {}, { minNs: 1e12 });
  short.exports.fib(15);
  assert.deepEqual([short.calls(), short.tracer.openSpans()], [{}, []]);
  const deep = await traced(t, `(module ${FIBONACCI})`, {}, { depth: 1 });
  deep.exports.fib(15);
  assert.deepEqual(deep.tracer.events().map(({ name, detail }) => [name, detail]), [['fib', `${CALLS_15 - 1} calls not kept`]]);
  assert.throws(() => traceFunctions(deep.tracer, new WebAssembly.Module(deep.bytes), new WebAssembly.Instance(new WebAssembly.Module(deep.bytes)), { minNs: -1 }), /minNs/);
});

/** Functions of which two cannot take long; the others have a loop, a recursion, a call of what is not known, a throw, or many
 * instructions. */
const SHORT_AND_OTHERS = `(module (import "m" "f" (func $imported)) (tag $tag) (table 1 funcref) (memory 1)
  (func $leaf (export "leaf") (param i32) (result i32) (local i64 f32) (if (result i32) (local.get 0) (then (i32.const 3)) (else (i32.const 4))))
  (func $calling (param i32) (result i32) (i32.add (call $leaf (local.get 0)) (call $leaf (i32.const 0))))
  (func $loop (export "loop") (param i32) (loop $again (drop (call $calling (local.get 0)))
    (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func $outer (export "outer") (drop (call $leaf (i32.const 1))) (call $loop (i32.const 5)) (drop (call $leaf (i32.const 2))))
  (func $outermost (export "outermost") (call $outer) (drop (call $leaf (i32.const 1))))
  (func $even (if (i32.const 0) (then (call $odd)))) (func $odd (call $even))
  (func $importing (call $imported)) (func $indirect (call_indirect (i32.const 0))) (func $throwing (throw $tag))
  (func $growing (drop (memory.grow (i32.const 0))))
  (func $long ${'(drop (i32.const 1))'.repeat(300)}))`;

test('functions that cannot take --min-ns are counted, and nothing else', { skip }, async (t) => {
  const m = { f() {} }, made = await traced(t, SHORT_AND_OTHERS, { m }, { instrument: { minNs: 1000 }, minNs: 0 });
  assert.deepEqual(made.counted, ['leaf', 'calling']);
  assert.deepEqual(made.names, ['loop', 'outer', 'outermost', 'even', 'odd', 'importing', 'indirect', 'throwing', 'growing', 'long']);
  assert.deepEqual((await traced(t, SHORT_AND_OTHERS, { m })).counted, []);
  assert.deepEqual((await traced(t, SHORT_AND_OTHERS, { m }, { instrument: { minNs: 10000 }, minNs: 0 })).counted, ['leaf', 'calling', 'long']);
  assert.deepEqual((await traced(t, SHORT_AND_OTHERS, { m }, { instrument: { minNs: 1000 }, minNs: 0, functions: 'outer,leaf' })).counted, ['leaf']);
});

test('each span has the number of the calls that were counted in it alone', { skip }, async (t) => {
  const { exports, tracer } = await traced(t, SHORT_AND_OTHERS, { m: { f() {} } }, { instrument: { minNs: 1000 }, minNs: 0 });
  assert.equal(exports.leaf(0), 4); // outside of all spans
  exports.outer();
  exports.loop(1);
  tracer.disable();
  exports.outer();
  tracer.enable();
  exports.outermost();
  const loop = ['loop', '15 calls not kept'];
  assert.deepEqual(tracer.events().map(({ name, detail }) => [name, detail]), [loop, ['outer', '2 calls not kept, 1 before'], ['loop', '3 calls not kept'],
    loop, ['outer', '2 calls not kept'], ['outermost', '1 calls not kept']]);
});

test('calls that a short one contains count for the span around it', { skip }, async (t) => {
  let ms = 1000;
  t.mock.method(performance, 'now', () => ms);
  const m = { wait() { ms += 5; } }, text = `(module (import "m" "wait" (func $wait)) (func $leaf (nop))
    (func $fast (export "fast") (loop (call $leaf))) (func $slow (export "slow") (call $fast) (call $leaf) (call $wait) (call $fast)))`;
  const { exports, tracer } = await traced(t, text, { m }, { instrument: { minNs: 1000 }, minNs: 1e6 });
  exports.slow();
  exports.fast();
  exports.fast();
  exports.slow();
  assert.deepEqual(tracer.events().map(({ name, detail, duration }) => [name, detail, duration]), [['slow', '5 calls not kept', 5], ['slow', '5 calls not kept, 4 before', 5]]);
});

test('calls before tracing begins do not count', { skip }, async (t) => {
  const { bytes, tracer, undo } = await traced(t, SHORT_AND_OTHERS, { m: { f() {} } }, { instrument: { minNs: 1000 } });
  undo();
  const module = new WebAssembly.Module(bytes), instance = new WebAssembly.Instance(module, { m: { f() {} } });
  instance.exports.leaf(0);
  traceFunctions(tracer, module, instance, { minNs: 0 });
  instance.exports.loop(1);
  assert.deepEqual(tracer.events().map(({ detail }) => detail), ['3 calls not kept']);
});

test('a module brings the --min-ns that it was instrumented with', { skip }, async (t) => {
  const { exports, tracer } = await traced(t, `(module ${FIBONACCI})`, {}, { instrument: { minNs: 1e12 } });
  exports.fib(15);
  assert.deepEqual(tracer.events(), []);
});

test('undone, nothing is recorded any more', { skip }, async (t) => {
  const { exports, undo, calls } = await traced(t, `(module ${FIBONACCI})`);
  exports.fib(1);
  undo();
  undo();
  exports.fib(15);
  assert.deepEqual(calls(), { fib: 1 });
});

test('names stay with what they name', { skip }, async (t) => {
  const { exports } = await traced(t, `(module (func $inner (unreachable)) (func $outer (export "outer") (call $inner)))`);
  const { stack } = (() => {
    try {
      return exports.outer();
    } catch (error) {
      return error;
    }
  })();
  assert.deepEqual(stack.match(/[a-z]+( \(body\))?(?= \(wasm)/g), ['inner (body)', 'inner', 'outer (body)', 'outer']);
});

test('each way to an instance of a realm, until that is undone', { skip }, async (t) => {
  const bytes = assemble(t, `(module ${FIBONACCI})`), { Module, Instance } = WebAssembly, before = Object.getOwnPropertyDescriptors(WebAssembly);
  const warnings = [], response = () => new Response(bytes, { headers: { 'Content-Type': 'application/wasm' } });
  const tracer = await Tracer.load({ wasm: readFileSync(inPackage('ringscope.wasm')) });
  t.after(() => tracer.dispose());
  tracer.enable();
  const undo = traceWebAssembly(tracer, { functions: 'fib', warn: (message) => warnings.push(message) });
  t.after(undo);
  const compiled = [new WebAssembly.Module(bytes), await WebAssembly.compile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
    await WebAssembly.compileStreaming(response())];
  const made = [new WebAssembly.Instance(compiled[0]), await WebAssembly.instantiate(compiled[1]), await WebAssembly.instantiate(compiled[2], {}),
    (await WebAssembly.instantiate(bytes)).instance, (await WebAssembly.instantiateStreaming(Promise.resolve(response()), {})).instance];
  for (const { exports } of made) assert.equal(exports.fib(1), 1);
  assert.ok(compiled.every((module) => module instanceof Module) && made.every((instance) => instance instanceof Instance));
  assert.deepEqual(counts(tracer), { fib: made.length });
  class Other {}
  assert.ok(Reflect.construct(WebAssembly.Instance, [compiled[0]], Other) instanceof Other);
  await assert.rejects(WebAssembly.instantiateStreaming(new Response(bytes)), TypeError);
  await assert.rejects(WebAssembly.compile(Uint8Array.of(1)), WebAssembly.CompileError);
  (await Tracer.load({ wasm: readFileSync(inPackage('ringscope.wasm')) })).dispose();
  assert.deepEqual(warnings, []);
  await WebAssembly.compile(readFileSync(inPackage('ringscope.wasm')));
  assert.match(warnings.join(), /contains the recorder/);
  undo();
  assert.throws(() => traceWebAssembly(tracer, { functions: 7 }), /patterns/);
  assert.deepEqual(Object.getOwnPropertyDescriptors(WebAssembly), before);
});

/** @param {Uint8Array} bytes */
async function queries(bytes, made) {
  const file = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.js');
  delete createRequire(import.meta.url).cache[file];
  const SQL = await createRequire(import.meta.url)(file)({
    instantiateWasm(imports, done) {
      const module = new WebAssembly.Module(bytes), instance = new WebAssembly.Instance(module, imports);
      made?.(module, instance);
      done(instance, module);
      return {};
    },
  });
  const database = new SQL.Database();
  database.run('create table t(a, b)');
  for (let i = 0; i < 100; i++) database.run('insert into t values(?, ?)', [i, `x${i}`]);
  assert.throws(() => database.run('select nothing'));
  return JSON.stringify([database.exec('select count(*), sum(a), max(b) from t where a % 7 = 3'), [...database.export()]]);
}

test('SQLite answers the same, traced and not', async (t) => {
  const plain = readFileSync(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm')), { bytes } = instrument(plain);
  const tracer = await Tracer.load({ wasm: readFileSync(inPackage('ringscope.wasm')), capacityEvents: 1000 });
  t.after(() => tracer.dispose());
  tracer.enable();
  const expected = await queries(plain);
  assert.equal(await queries(bytes), expected);
  assert.equal(await queries(bytes, (module, instance) => traceFunctions(tracer, module, instance)), expected);
  assert.ok(tracer.summary().losses.recorded.CUSTOM > 10000);
});

test('ringscope-wasm instruments a program, and runs it', { skip }, (t) => {
  const place = directory(t), at = (name) => join(place, name);
  writeFileSync(at('in.wasm'), assemble(t, `(module (memory (export "memory") 1) ${FIBONACCI}
    (func $main (export "_start") (drop (call $fib (i32.const 15)))))`));
  writeFileSync(at('short.wasm'), assemble(t, SHORT_AND_OTHERS));
  const command = (...args) => spawnSync(process.execPath, [inPackage('bin/ringscope-wasm.js'), ...args], { encoding: 'utf8', cwd: place });
  const events = (file) => command('events', file, '--json').stdout.trim().split('\n').map((line) => JSON.parse(line));
  const made = command('instrument', 'in.wasm', '-o', 'out.wasm', '--functions', 'fib');
  assert.deepEqual([made.status, made.stderr], [0, '1 functions\n']);
  assert.equal(command('run', '-o', 'a.ring', 'out.wasm').status, 0);
  assert.equal(command('run', '-o', 'b.ring', '--functions', '*', 'in.wasm').status, 0);
  for (const [file, expected] of [['a.ring', CALLS_15], ['b.ring', CALLS_15 + 1]])
    assert.equal(events(file).filter(({ label }) => label === 'FUNCTION').length, expected);
  assert.equal(command('instrument', 'in.wasm', '-o', 'c.wasm', '--functions', 'none').status, 1);
  assert.equal(command('instrument', 'in.wasm').status, 2);
  assert.equal(command('instrument', 'in.wasm', '-o', 'c.wasm', '--min-ns', 'x').status, 2);
  assert.match(command('instrument', 'short.wasm', '-o', 'c.wasm', '--min-ns', '1000').stderr, /^2 functions are too short for --min-ns 1000.*\n10 functions\n$/);
  assert.equal(command('run', '--min-ns', '-1', 'in.wasm').status, 2);
});
