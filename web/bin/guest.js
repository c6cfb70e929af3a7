/** The worker in which `ringscope-wasm run` runs a program. */
import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { wasiCall } from '../imports/wasi.js';
import { WorkerTracer, instantiateTraced, instrument, instrumentedFunctions, traceFunctions } from '../ringscope.js';

const { trace, directories, env, program, only, functions, minNs } = workerData;
const PREVIEW = 'wasi_snapshot_preview1';
const VERSION = 4, COMPONENT = 0x0d; // the byte that tells a component from a module

/** node:wasi warns on import that it is experimental; only that warning is suppressed. */
async function importWasi() {
  const { emitWarning } = process;
  process.emitWarning = (/** @type {any} */ warning, /** @type {any[]} */ ...rest) => {
    if (!String(warning).includes('WASI')) emitWarning.call(process, warning, ...rest);
  };
  const { WASI } = await import('node:wasi');
  process.emitWarning = emitWarning;
  return WASI;
}

/** null leaves alone a call that the filter does not ask for. @param {string} _ @param {string} name */
const describe = (_, name) => (only.names.includes(name) || only.categories.includes(wasiCall(name, PREVIEW).category) ? undefined : null);

/** @param {string} why @returns {never} */
function refuse(why) {
  throw new Error(`${program[0]}: ${why}`);
}

/** @param {Uint8Array} bytes */
function withFunctions(bytes) {
  const { bytes: made, names, counted } = instrument(bytes, functions, { minNs });
  return names.length + counted.length === 0 ? refuse(`no function matches ${functions}`) : made;
}

/** Says why a module is not a program that can run here, as node:wasi would only in part. @param {WebAssembly.Module} module @param {Record<string, any>} imports */
function check(module, imports) {
  const exported = (/** @type {string} */ name, /** @type {string} */ kind) => WebAssembly.Module.exports(module).some((each) => each.name === name && each.kind === kind);
  const foreign = WebAssembly.Module.imports(module).find((each) => !Object.hasOwn(imports[each.module] ?? {}, each.name));
  if (foreign) refuse(`it imports ${foreign.module}.${foreign.name}, which WASI preview 1 does not have`);
  if (!exported('_start', 'function')) refuse('it exports no function _start, as a WASI program does');
  if (exported('_initialize', 'function')) refuse('it exports _initialize, as a WASI library does, beside _start');
  if (!exported('memory', 'memory')) refuse('it exports no memory called "memory", as a WASI program does');
  if (minNs !== undefined && !instrumentedFunctions(module)) refuse('--min-ns is for --functions, or for an instrumented program');
}

/** Whether the program's own code may have run. */
let begun = false;

async function run() {
  const tracer = await WorkerTracer.join(trace);
  const WASI = await importWasi();
  const wasi = new WASI({ version: 'preview1', args: program, env, preopens: directories, returnOnExit: true });
  const imports = { [PREVIEW]: wasi.wasiImport, wasi_unstable: wasi.wasiImport };
  const bytes = await readFile(program[0]);
  if (bytes[VERSION] === COMPONENT) refuse('this is a component: only modules can be run');
  const module = await WebAssembly.compile(functions === undefined ? bytes : withFunctions(bytes)).catch((error) => refuse(error.message));
  check(module, imports);
  begun = true;
  const instance = await instantiateTraced(module, /** @type {any} */ (imports), tracer, only ? { describe } : {});
  if (instrumentedFunctions(module)) traceFunctions(tracer, module, instance, { minNs });
  return wasi.start(instance) ?? 0;
}

/** A trap, or too deep a recursion, is reported with its stack, which names functions of the program. @param {any} error */
function told(error) {
  if (error instanceof WebAssembly.Exception) return `${program[0]}: an exception of the program that nothing caught`;
  return (String(error?.stack).includes('wasm-function[') ? error.stack : error?.message) ?? String(error);
}

run().then((code) => parentPort?.postMessage({ code }), (error) => parentPort?.postMessage({ failure: told(error), begun }));
