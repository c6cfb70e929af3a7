/** The worker in which `ringscope-wasm run` runs a program. */
import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { wasiCall } from '../imports/wasi.js';
import { WorkerTracer, instantiateTraced, instrument, instrumentedFunctions, traceFunctions } from '../ringscope.js';

const { trace, directories, env, program, only, functions, minNs } = workerData;
const PREVIEW = 'wasi_snapshot_preview1';

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

/** @param {Uint8Array} bytes */
function withFunctions(bytes) {
  const { bytes: made, names, counted } = instrument(bytes, functions, { minNs });
  if (names.length + counted.length === 0) throw new Error(`${program[0]}: no function matches ${functions}`);
  return made;
}

/** Whether the program's own code may have run. */
let begun = false;

async function run() {
  const tracer = await WorkerTracer.join(trace);
  const WASI = await importWasi();
  const wasi = new WASI({ version: 'preview1', args: program, env, preopens: directories, returnOnExit: true });
  const imports = { [PREVIEW]: wasi.wasiImport, wasi_unstable: wasi.wasiImport };
  const bytes = await readFile(program[0]);
  const module = await WebAssembly.compile(functions === undefined ? bytes : withFunctions(bytes)).catch((error) => {
    throw new Error(`${program[0]}: ${error.message}`);
  });
  if (minNs !== undefined && !instrumentedFunctions(module)) throw new Error(`${program[0]}: --min-ns is for --functions, or for an instrumented program`);
  begun = true;
  const instance = await instantiateTraced(module, /** @type {any} */ (imports), tracer, only ? { describe } : {});
  if (instrumentedFunctions(module)) traceFunctions(tracer, module, instance, { minNs });
  return wasi.start(instance) ?? 0;
}

/** A trap is reported with its stack, which names functions of the program. @param {any} error */
const told = (error) => (error instanceof WebAssembly.RuntimeError ? error.stack : error?.message) ?? String(error);

run().then((code) => parentPort?.postMessage({ code }), (error) => parentPort?.postMessage({ failure: told(error), begun }));
