/** Runs a WASI program with tracing: in a worker, so that signals reach us meanwhile, recording into shared memory. */
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { isWasi } from '../imports/wasi.js';
import { Tracer } from '../ringscope.js';
import { callTable } from './table.js';
import { UsageError } from './usage_error.js';

const CAPACITY_EVENTS = 100000;
const NAMES = 65535; // of calls and functions
const FUNCTION_BYTES = 1 << 24;
const LANES = 2; // ours and the program's
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM']);

/** @typedef {{ out?: string, filter?: string, directories: Record<string, string>, env: Record<string, any>, functions?: string, minNs?: number, program: string[] }} Options */

/** @param {string} message */
function complain(message) {
  process.stderr.write(`ringscope-wasm: ${message}\n`);
  return 1;
}

/**
 * Applies a filter such as "FILE,PROCESS" or "FILE,path_open". If it names calls, only the listed calls and categories are
 * traced at all.
 * @param {Tracer} tracer @param {string} filter
 * @returns {{ names: string[], categories: string[] } | undefined}
 */
function applyFilter(tracer, filter) {
  const words = filter.split(',').map((word) => word.trim());
  const names = words.filter(isWasi), categories = words.filter((word) => !isWasi(word));
  for (const word of categories) {
    try {
      tracer.setFilter(/** @type {any} */ ([word]));
    } catch {
      throw new UsageError(`-e: ${word} is neither a category nor a call of WASI`);
    }
  }
  tracer.setFilter(/** @type {any} */ (categories));
  if (names.length === 0) return undefined;
  tracer.setFilter([]);
  return { names, categories: categories.map((word) => word.toUpperCase()) };
}

/** @param {Worker} worker @returns {Promise<number | NodeJS.Signals | undefined>} the exit code, or the signal that ended it; undefined if it did not begin */
function ended(worker) {
  return new Promise((resolve) => {
    for (const signal of SIGNALS)
      process.once(signal, () => resolve(signal));
    worker.once('message', ({ code, failure, begun }) => {
      if (failure !== undefined) complain(failure);
      resolve(failure === undefined ? code : begun ? 1 : undefined);
    });
    worker.once('error', (/** @type {any} */ error) => resolve(complain(error.message)));
    worker.once('exit', (code) => resolve(code)); // if the worker has sent no message
  });
}

/** Throws if the program could not see a directory, or the trace could not be saved: better now than at its end. @param {Options} options */
async function check({ directories, out }) {
  for (const host of Object.values(directories)) {
    if (!(await stat(host)).isDirectory()) throw new Error(`--dir ${host}: not a directory`);
  }
  if (out === undefined) return;
  const there = await stat(out).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (there?.isDirectory()) throw new Error(`-o ${out}: is a directory`);
  await access(there ? out : dirname(out), constants.W_OK);
}

/** @param {Options} options @param {Tracer} tracer */
async function runTraced({ filter, directories, env, functions, minNs, program }, tracer) {
  const only = filter === undefined ? undefined : applyFilter(tracer, filter);
  tracer.enable();
  const workerData = { trace: tracer.share(program[0], FUNCTION_BYTES), directories, env, program, only, functions, minNs };
  const worker = new Worker(new URL('./guest.js', import.meta.url), { workerData });
  const end = await ended(worker);
  tracer.disable();
  if (typeof end !== 'string') await worker.terminate(); // after a signal, since it may be blocked in a system call
  return end;
}

/** @param {Options} options @returns {Promise<number>} throws a UsageError */
export async function run(options) {
  const tracer = await Tracer.loadShared({ capacityEvents: CAPACITY_EVENTS, names: NAMES, lanes: LANES });
  let code;
  try {
    await check(options);
    code = await runTraced(options, tracer);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return complain(error instanceof Error ? error.message : String(error));
  }
  if (code === undefined) return 1;
  try {
    if (options.out !== undefined) await writeFile(options.out, tracer.save(), { mode: 0o600 });
    const calls = callTable(tracer.stats());
    process.stderr.write(`${tracer.summary()}${calls && `\n--- Calls ---\n${calls}`}`);
  } catch (error) {
    code = complain(error instanceof Error ? error.message : String(error));
  }
  if (typeof code !== 'number') process.kill(process.pid, code); // no longer handled, so it ends us as it would have
  else tracer.dispose();
  return typeof code === 'number' ? code : 1;
}
