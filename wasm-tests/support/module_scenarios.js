/** What is done with others' modules, in plain JavaScript: a little of each that calls its imports, and something that fails. */

/** @typedef {{ require: NodeRequire, load: (path: string) => Promise<any>, read: (path: string) => Buffer }} Tools */

const caught = async (/** @type {() => any} */ work) => {
  try {
    return await work();
  } catch (error) {
    return `threw ${String(error).split('\n')[0]}`;
  }
};

/** @type {Record<string, { folder?: string, run: (tools: Tools) => Promise<any> }>} */
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
  '@resvg/resvg-wasm': { run: async ({ load, read }) => {
    const { initWasm, Resvg } = await load('@resvg/resvg-wasm');
    await initWasm(read('@resvg/resvg-wasm/index_bg.wasm'));
    return [[...new Resvg('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').render().asPng()], await caught(() => new Resvg('<svg'))];
  } },
  '@swc/wasm': { run: async ({ require }) => {
    const swc = require('@swc/wasm');
    return [swc.transformSync('const a: number = 1', { jsc: { parser: { syntax: 'typescript' } } }).code, await caught(() => swc.parseSync('const'))];
  } },
  'brotli-wasm': { run: async ({ require }) => {
    const brotli = await require('brotli-wasm');
    return [brotli.decompress(brotli.compress(new Uint8Array(1000).fill(7))).length, await caught(() => brotli.decompress(new Uint8Array(9)))];
  } },
  'esbuild-wasm': { run: async ({ read }) => {
    // The Go program itself, by the file that Go's compiler comes with.
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
  'wasm-vips': { run: async ({ load }) => {
    const vips = await (await load('wasm-vips')).default();
    const image = vips.Image.black(10, 10);
    return [image.width, image.avg(), await caught(() => vips.Image.newFromBuffer(new Uint8Array(9)))];
  } },
  wasmoon: { run: async ({ load }) => {
    const lua = await new (await load('wasmoon')).LuaFactory().createEngine();
    return [await lua.doString('return 1 + 41'), await caught(() => lua.doString('error("within")'))];
  } },
  'web-tree-sitter': { run: async ({ load }) => {
    const { Parser, Language } = await load('web-tree-sitter');
    await Parser.init();
    const parser = new Parser();
    return [parser.parse === undefined, await caught(() => Language.load(new Uint8Array(9)))];
  } },
  'yoga-layout': { run: async ({ load }) => {
    const yoga = await (await load('yoga-layout/load')).loadYoga();
    const node = yoga.Node.create();
    node.setWidth(50);
    node.calculateLayout(undefined, undefined);
    return node.getComputedWidth();
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
  '@ruby/3.4-wasm-wasi': { folder: 'modules-large', run: async ({ require, read }) => {
    const { DefaultRubyVM } = require('@ruby/wasm-wasi/dist/node');
    const { vm } = await DefaultRubyVM(await WebAssembly.compile(read('@ruby/3.4-wasm-wasi/dist/ruby+stdlib.wasm')));
    return [vm.eval('(1..10).sum').toString(), await caught(() => vm.eval('raise "within"'))];
  } },
};
