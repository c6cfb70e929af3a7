/** Runs a WASI program under node:wasi with tracing. */
import { readFile, writeFile } from 'node:fs/promises';
import { Tracer, instantiateTraced } from '../ringscope.js';

const CAPACITY_EVENTS = 100000;

/** node:wasi says on import that it is experimental; of that alone, nothing is printed. */
async function importWasi() {
  const { emitWarning } = process;
  process.emitWarning = (/** @type {any} */ warning, /** @type {any[]} */ ...rest) => {
    if (!String(warning).includes('WASI')) emitWarning.call(process, warning, ...rest);
  };
  const { WASI } = await import('node:wasi');
  process.emitWarning = emitWarning;
  return WASI;
}

/** @param {string} message */
function complain(message) {
  process.stderr.write(`ringscope-wasm: ${message}\n`);
  return 1;
}

/** @param {Tracer} tracer @param {string} filter such as "FILE,PROCESS" */
function setFilter(tracer, filter) {
  tracer.setFilter(filter.split(',').map((name) => name.trim()));
}

/** The program's exit code. @param {string[]} program @param {string} directory @param {Tracer} tracer */
async function runTraced(program, directory, tracer) {
  const WASI = await importWasi();
  const wasi = new WASI({ version: 'preview1', args: program, env: process.env, preopens: { '/': directory }, returnOnExit: true });
  const imports = { wasi_snapshot_preview1: wasi.wasiImport, wasi_unstable: wasi.wasiImport };
  const instance = await instantiateTraced(await readFile(program[0]), /** @type {any} */ (imports), tracer);
  tracer.enable();
  try {
    return wasi.start(instance) ?? 0;
  } finally {
    tracer.disable();
  }
}

/** @param {{ out?: string, filter?: string, directory: string, program: string[] }} options @returns {Promise<number>} */
export async function run({ out, filter, directory, program }) {
  const tracer = await Tracer.load({ capacityEvents: CAPACITY_EVENTS });
  let code;
  try {
    if (filter !== undefined) setFilter(tracer, filter);
    code = await runTraced(program, directory, tracer);
  } catch (error) {
    code = complain(error instanceof Error ? error.message : String(error));
  }
  try {
    if (out !== undefined) await writeFile(out, tracer.save(), { mode: 0o600 });
    process.stderr.write(String(tracer.summary()));
  } catch (error) {
    code = complain(error instanceof Error ? error.message : String(error));
  }
  tracer.dispose();
  return code;
}
