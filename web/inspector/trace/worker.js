/**
 * The worker that holds a trace: takes questions as messages, and answers each one. A second one
 * receives the segments of a live trace.
 */
import { Jobs } from './jobs.js';
import { TraceModule } from './module.js';
import { Questions } from './questions.js';
import { receive } from './receive.js';
import { Session } from './session.js';

/** @typedef {import('./jobs.js').Job} Job */
/**
 * The worker's own scope, which the page's types do not have.
 * @typedef {object} Scope
 * @property {(message: unknown, transfer: Transferable[]) => void} postMessage
 * @property {(event: MessageEvent<Job>) => void} onmessage
 * @property {{ locks?: LockManager }} navigator
 */

const worker = /** @type {Scope} */ (/** @type {unknown} */ (globalThis));
/** Questions after the first one, 'start'. */
const METHODS = [
  'open',
  'follow',
  'extend',
  'filter',
  'check',
  'search',
  'sort',
  'rows',
  'position',
  'window',
  'gaps',
  'hit',
  'event',
  'stack',
  'neighbour',
  'nextHit',
  'statistics',
  'occupied',
  'tree',
  'work',
  'histogram',
  'density',
  'arrows',
  'series',
  'exportAs',
  'saveImage',
  'saveRange',
  'plain',
];

/** @typedef {Record<string, (...args: unknown[]) => unknown>} Methods */

/** @type {Session} */
let session;
/** @type {Questions} */
let questions;

/**
 * An answer's buffers, which are transferred instead of copied; once for each array in them.
 * @param {unknown} answer @returns {ArrayBuffer[]}
 */
function buffersOf(answer) {
  if (ArrayBuffer.isView(answer)) return [/** @type {ArrayBuffer} */ (answer.buffer)];
  if (Array.isArray(answer) && typeof answer[0] !== 'object') return [];
  if (Array.isArray(answer) || answer?.constructor === Object)
    return Object.values(answer).flatMap(buffersOf);
  return [];
}

/** @param {Job} job @param {Record<string, unknown>} answer */
function reply({ id }, answer, transfer = /** @type {ArrayBuffer[]} */ ([])) {
  worker.postMessage({ id, ...answer }, transfer);
}

/** @param {Job} job @param {unknown} error */
function fail(job, error) {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const memory =
    /out of memory|allocation failed|grow/i.test(message) ||
    (error instanceof RangeError && /memory|length/.test(message));
  reply(job, {
    error: { name, message: memory ? 'There is not enough memory for this trace.' : message },
  });
}

/** @param {Job} job */
async function work(job) {
  try {
    if (!METHODS.includes(job.method)) throw new TypeError(`unknown method ${job.method}`);
    const asked = /** @type {Methods} */ (
      /** @type {unknown} */ (job.method in questions ? questions : session)
    );
    const result = await asked[job.method](...job.args, (/** @type {unknown} */ progress) =>
      reply(job, { progress }),
    );
    reply(job, { result }, [...new Set(buffersOf(result))]);
  } catch (error) {
    fail(job, error);
  }
}

const jobs = new Jobs(work, (job) =>
  reply(job, { error: { name: 'AbortError', message: 'superseded' } }),
);

/**
 * Holds a lock for as long as the worker lives: the page acquires it when anything ends the worker.
 * @param {string} name @returns {Promise<boolean>} false: no locks here
 */
function holdLock(name) {
  return new Promise((resolve) => {
    const held = () => new Promise(() => resolve(true));
    if (worker.navigator.locks)
      worker.navigator.locks.request(name, held).catch(() => resolve(false)); // an opaque origin
    else resolve(false);
  });
}

/** @param {Job} job whose arguments are the compiled module and the name of a lock */
async function start(job) {
  try {
    const [compiled, lock] = /** @type {[WebAssembly.Module, string]} */ (job.args);
    const module = await TraceModule.create(compiled);
    session = new Session(module, compiled, jobs);
    questions = new Questions(module, jobs, session);
    reply(job, { result: await holdLock(lock) });
  } catch (error) {
    fail(job, error);
  }
}

/** @param {Job} job whose argument is an address */
async function receiveFor(job) {
  try {
    const result = await receive(String(job.args[0]));
    reply(job, { result }, buffersOf(result));
  } catch (error) {
    fail(job, error);
  }
}

worker.onmessage = (/** @type {MessageEvent<Job>} */ { data }) => {
  if (data.method === 'start') start(data);
  else if (data.method === 'receive') receiveFor(data);
  else if (data.method === 'cancel') jobs.cancel(data.id);
  else jobs.add(data);
};
