/**
 * Traces a realm with one line. In Node it prints a table of the calls when the process ends, or saves a .ring if the
 * environment has RINGSCOPE=FILE; a page whose address has ?ringscope shows the inspector. Workers that import it as well
 * become threads of the same trace.
 *
 * Everything must happen synchronously: modules that are imported after this one do not wait for a promise.
 */
import { embedded } from '../module/embedded.js';
import { memoryOf } from '../module/load.js';
import { Tracer, traceWebAssembly } from '../ringscope.js';
import { sharedMemoryOf } from '../workers/shared.js';
import { collectorOf, join, keep } from './node.js';
import { asked, open } from './overlay.js';
import { Threads, joinPage } from './threads.js';
import { Together } from './together.js';

const CAPACITY_EVENTS = 100000;

/** @param {string} message */
const warn = (message) => console.warn(`ringscope: ${message}`);

/** @typedef {{ path?: string, events: number }} Wanted */

/**
 * Parses "app-%p.ring,events=5000"; %p is the process id.
 * @param {string | undefined} text @returns {Wanted}
 */
function wanted(text) {
  const [path, ...options] = (text ?? '').split(',');
  const result = { path: path || undefined, events: CAPACITY_EVENTS };
  for (const option of options) {
    const events = Number(/^events=(\d+)$/.exec(option)?.[1] ?? 0);
    if (events > 0) result.events = events;
    else warn(`RINGSCOPE: ${option} has no meaning for WebAssembly in JavaScript`);
  }
  return result;
}

/** @param {boolean} seen whether other threads see the memory @param {number} capacityEvents */
function begun(seen, capacityEvents) {
  const module = embedded(seen ? 'ringscope-mt.wasm' : 'ringscope.wasm');
  if (!module) throw new Error('ringscope/auto needs the module that the package embeds: import it from the package');
  const tracer = Tracer.createAt(seen ? sharedMemoryOf(module) : memoryOf(module), { capacityEvents });
  tracer.enable();
  return { tracer, undo: traceWebAssembly(tracer) };
}

/**
 * @typedef {object} Begun
 * @property {Tracer} tracer this thread's
 * @property {() => void} undo stops tracing
 * @property {(load?: () => Promise<unknown>) => Promise<HTMLElement>} show opens the inspector in the page
 * @property {() => Promise<Uint8Array>} save returns one .ring of the page or process and its workers
 */

/** @returns {Promise<never>} */
const noInspector = async () => {
  throw new Error('the inspector opens only in a page');
};

/** @returns {Begun} */
function beginInNode() {
  const collector = collectorOf(), { path, events } = wanted(collector === undefined ? globalThis.process.env.RINGSCOPE : undefined);
  const { tracer, undo } = begun(collector !== undefined, events);
  if (collector === undefined) return { tracer, undo, show: noInspector, save: keep(tracer, path, warn) };
  join(tracer, collector);
  return { tracer, undo, show: noInspector, save: async () => tracer.save() };
}

function inWorker() {
  const { DedicatedWorkerGlobalScope: Scope } = /** @type {any} */ (globalThis);
  return typeof Scope === 'function' && globalThis instanceof Scope;
}

/** @returns {Begun} */
function beginInBrowser() {
  const isWorker = inWorker(), { tracer, undo } = begun(isWorker && globalThis.crossOriginIsolated, CAPACITY_EVENTS);
  const threads = new Threads(), together = new Together(tracer, threads, isWorker ? '' : 'page');
  if (isWorker) joinPage(tracer, threads);
  return {
    tracer,
    undo: () => {
      undo();
      threads.undo();
    },
    show: typeof document !== 'object' ? noInspector : (load) => open(together, load),
    save: () => together.image(),
  };
}

/** Starts immediately; undo() leaves alone whatever is traced already. @returns {Begun} */
export function begin() {
  if (typeof globalThis.process?.getBuiltinModule === 'function') return beginInNode();
  const begun = beginInBrowser();
  if (asked()) begun.show().catch((error) => warn(`cannot open the inspector: ${error.message}`));
  return begun;
}
