/**
 * Traces a realm with one line. In Node a table of the calls is printed when the thread ends, or a .ring saved where the
 * environment says RINGSCOPE=FILE; a page whose address has ?ringscope shows the inspector.
 *
 * It must all be done at once: modules that are imported after this one do not wait for a promise.
 */
import { callTable } from '../bin/table.js';
import { embedded } from '../module/embedded.js';
import { memoryOf } from '../module/load.js';
import { Tracer, traceWebAssembly } from '../ringscope.js';

const CAPACITY_EVENTS = 100000;

/** @param {string} message */
const warn = (message) => console.warn(`ringscope: ${message}`);

/** @typedef {{ path?: string, events: number }} Wanted */

/**
 * Of "app-%p.ring,events=5000": %p is the process's id.
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

/** A thread has a file of its own: "app.ring" of worker 2 is "app.2.ring". @param {string} path @param {number} pid @param {number} thread */
function fileOf(path, pid, thread) {
  const file = path.replaceAll('%p', String(pid));
  return thread === 0 ? file : file.replace(/(\.[^./\\]*)?$/, (extension) => `.${thread}${extension}`);
}

/** When Node's thread ends. @param {Tracer} tracer @param {string | undefined} path */
function keep(tracer, path) {
  const { process } = globalThis;
  const { threadId } = process.getBuiltinModule('node:worker_threads'), { writeFileSync, writeSync } = process.getBuiltinModule('node:fs');
  process.on('exit', () => {
    if (tracer.disposed) return;
    try {
      const table = callTable(tracer.stats());
      if (path !== undefined) writeFileSync(fileOf(path, process.pid, threadId), tracer.save(), { mode: 0o600 });
      else if (table) writeSync(2, `\n--- Calls ---\n${table}`);
    } catch (error) {
      warn(error instanceof Error ? error.message : String(error)); // the program ends as it would have
    }
  });
}

const STYLE = 'position: fixed; inset: 50% 0 0 0; height: 50%; box-sizing: border-box; z-index: 2147483647; background: Canvas; border-top: 1px solid GrayText;';
const besideThis = () => import(/* @vite-ignore */ /* webpackIgnore: true */ new URL('../inspector/inspector.js', import.meta.url).href);

/** @param {Tracer} tracer @param {() => Promise<unknown>} load */
async function open(tracer, load) {
  await load();
  const element = /** @type {any} */ (document.createElement('ringscope-inspector'));
  element.style.cssText = STYLE;
  document.body.append(element);
  await element.updateComplete;
  await element.attach(tracer);
  return /** @type {HTMLElement} */ (element);
}

/** Whether the page's address asks for the inspector. */
const asked = () => typeof document === 'object' && new URLSearchParams(location.search).has('ringscope');

/** Begins at once; undo() leaves what is traced already as it is. */
export function begin() {
  const inNode = typeof globalThis.process?.getBuiltinModule === 'function';
  const { path, events } = wanted(inNode ? globalThis.process.env.RINGSCOPE : undefined);
  const module = embedded('ringscope.wasm');
  if (!module) throw new Error('ringscope/auto has its module inside: import it from the package');
  const tracer = Tracer.createAt(memoryOf(module), { capacityEvents: events });
  tracer.enable();
  const undo = traceWebAssembly(tracer);
  /**
   * Opens the inspector in the lower half of the page. Under a bundler: show(() => import('ringscope/inspector')).
   * @param {() => Promise<unknown>} [load] defines the element
   */
  const show = (load = besideThis) => open(tracer, load);
  if (inNode) keep(tracer, path);
  else if (asked()) show().catch((error) => warn(`the inspector does not open: ${error.message}`));
  return { tracer, undo, show };
}
