/**
 * Runs a third-party module in a process of its own: node module_runner.js MODULE [RINGSCOPE [functions]]. Prints what
 * it did, as JSON; if traced by the file RINGSCOPE, also the number of calls as counted below the tracing and by it:
 * the calls of its imports, or of its functions.
 */
import { createRequire } from 'node:module';
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FunctionCalls } from './function_calls.js';
import { SCENARIOS } from './module_scenarios.js';
import { inProject } from './paths.js';

const [name, ringscope, functions] = process.argv.slice(2);
const { folder = 'modules', run } = SCENARIOS[name];
const require = createRequire(inProject(`wasm-tests/${folder}/package.json`));
const load = (/** @type {string} */ path) => import(pathToFileURL(path.startsWith('/') ? path : resolveImport(path)).href);

/** Resolves a path as import would. @param {string} path */
function resolveImport(path) {
  return createImport(path) ?? require.resolve(path);
}
function createImport(/** @type {string} */ path) {
  const [scope, rest] = path.startsWith('@') ? [path.split('/').slice(0, 2).join('/'), path.split('/').slice(2).join('/')] : [path.split('/')[0], path.split('/').slice(1).join('/')];
  const root = inProject(`wasm-tests/${folder}/node_modules/${scope}`);
  const { exports, module } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const pick = (/** @type {any} */ entry) => {
    for (; typeof entry === 'object' && entry; entry = Object.entries(entry).find(([key]) => ['node', 'import', 'default'].includes(key))?.[1]);
    return entry;
  };
  const entry = typeof exports === 'object' ? pick(exports[rest ? `./${rest}` : '.'] ?? (rest ? undefined : exports)) : rest ? undefined : exports ?? module;
  return entry && join(root, entry);
}

/** Calls by name, of functions that neither belong to another instance nor lead back into the module.
 * @type {Record<string, number>} */
const counts = {};
const table = new WebAssembly.Table({ element: 'anyfunc', initial: 1 });
function isExported(/** @type {any} */ item) {
  try {
    table.set(0, item);
    return true;
  } catch {
    return false;
  }
}
function counted(/** @type {any} */ item, /** @type {string} */ key) {
  if (typeof item !== 'function' || isExported(item) || /^invoke_|^[gs]etTempRet0$/.test(key) || /^_?(invoke_|[gs]etTempRet0$)/.test(item.name)) return item;
  function count(/** @type {any} */ ...args) {
    counts[key] = (counts[key] ?? 0) + 1;
    return Reflect.apply(item, this, args);
  }
  for (const own of Reflect.ownKeys(item)) Object.defineProperty(count, own, Object.getOwnPropertyDescriptor(item, own));
  return count;
}
const counting = (/** @type {any} */ imports) => {
  if (!imports || Reflect.ownKeys(imports).some((key) => String(key).includes('ringscope'))) return imports;
  return new Proxy(imports, { get: (modules, module) => {
    const items = modules[module];
    return Object(items) === items ? new Proxy({}, { get: (_, key) => counted(items[key], String(key)) }) : items;
  } });
};
const patch = (/** @type {'instantiate' | 'instantiateStreaming'} */ which) => {
  const original = WebAssembly[which];
  WebAssembly[which] = /** @type {any} */ ((/** @type {any} */ source, /** @type {any} */ imports, /** @type {any} */ ...rest) => /** @type {any} */ (original)(source, counting(imports), ...rest));
};

let tracer, ofFunctions;
if (functions) {
  ofFunctions = await FunctionCalls.begin(pathToFileURL(ringscope).href);
} else if (ringscope) {
  patch('instantiate');
  patch('instantiateStreaming');
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, { construct: (target, [module, imports], as) => Reflect.construct(target, [module, counting(imports)], as) });
  const { Tracer, traceWebAssembly } = await import(pathToFileURL(ringscope).href);
  tracer = await Tracer.load({ capacityEvents: 1000, operations: 4096, names: 4096 });
  tracer.enable();
  traceWebAssembly(tracer, { warn: () => {} });
}
const result = await run({ require, load, read: (path) => readFileSync(inProject(`wasm-tests/${folder}/node_modules/${path}`)) })
  .catch((/** @type {any} */ error) => ({ threw: `${error?.name}: ${error?.message}` }));
const sum = (/** @type {number[]} */ list) => list.reduce((a, b) => a + b, 0);
const calls = ofFunctions ? ofFunctions.found() : tracer && { counted: sum(Object.values(counts)), traced: sum(Object.values(tracer.stats()).map((/** @type {any} */ one) => one.count)),
  open: tracer.openSpans().map((/** @type {any} */ span) => span.name) };
writeSync(1, `\n${JSON.stringify({ result: JSON.parse(JSON.stringify(result ?? null)), calls })}\n`);
process.exit(0);
