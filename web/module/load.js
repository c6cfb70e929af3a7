/** Finds, compiles and instantiates ringscope.wasm, in Node and in browsers. */
import { embedded } from './embedded.js';
import { Memory } from './memory.js';
import { untraced } from './untraced.js';

/** @typedef {URL | string | BufferSource | WebAssembly.Module | Response} WasmSource */

/** One instance serves all tracers of a realm. @type {Promise<Memory> | undefined} */
let shared;

/**
 * The imports that a module which links the tracer needs from its environment.
 * @param {{ now?: () => number, onGrowth?: () => void }} [options]
 */
export function tracerImports(options = {}) {
  const clock = globalThis.performance; // kept, because looking up the global takes longer than reading the clock
  return {
    env: {
      tracer_import_now: options.now ?? (() => clock.now()),
      tracer_import_time_origin: () => clock.timeOrigin,
      emscripten_notify_memory_growth: options.onGrowth ?? (() => {}),
    },
  };
}

/** Gets node:fs in a way that bundlers do not see, because pages do not have it. @param {URL} url @returns {Promise<BufferSource | Response>} */
async function read(url) {
  const files = url.protocol === 'file:' && globalThis.process?.getBuiltinModule?.('node:fs/promises');
  return files ? files.readFile(url) : fetch(url);
}

/** Turbopack turns the address of a file beside this one into a URL without an origin. @param {URL | string} source */
const absolute = (source) => new URL(source, globalThis.document?.baseURI ?? globalThis.location?.href);

/**
 * @param {WasmSource} source @param {boolean} [ours] one of ringscope's own modules, which is not to be traced
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile(source, ours = false) {
  if (source instanceof WebAssembly.Module) return source;
  let bytes = typeof source === 'string' || source instanceof URL ? await read(absolute(source)) : source;
  if (typeof Response === 'function' && bytes instanceof Response) {
    if (!bytes.ok) throw new Error(`${bytes.url}: ${bytes.status} ${bytes.statusText}`);
    bytes = await bytes.arrayBuffer();
  }
  return WebAssembly.compile(/** @type {BufferSource} */ (ours ? untraced(bytes) : bytes));
}

/** An initialised instance of a module that needs only the tracer's imports. @param {WasmSource} source */
export async function instantiateModule(source) {
  return madeReady(await WebAssembly.instantiate(await compile(source, true), untraced(tracerImports())));
}

/** @param {WebAssembly.Instance} instance */
function madeReady(instance) {
  /** @type {any} */ (instance.exports)._initialize();
  return instance;
}

/** @param {WebAssembly.Instance} instance */
function ownMemory(instance) {
  const { exports } = /** @type {any} */ (instance), memory = new Memory(exports, exports.memory);
  memory.stackTop = exports.stackSave();
  return memory;
}

/** @param {WasmSource} source */
const instantiate = async (source) => ownMemory(await instantiateModule(source));

/** The same as instantiateModule(), synchronously. @param {BufferSource} bytes */
export function instanceOf(bytes) {
  return madeReady(new WebAssembly.Instance(new WebAssembly.Module(untraced(bytes)), untraced(tracerImports())));
}

/** The memory of a ringscope.wasm, synchronously. @param {BufferSource} bytes */
export const memoryOf = (bytes) => ownMemory(instanceOf(bytes));

/** The memory of ringscope.wasm, loaded at the first call, or of the one given. @param {WasmSource} [source] */
export function loadMemory(source) {
  if (source) return instantiate(source);
  shared ??= instantiate(embedded('ringscope.wasm') ?? new URL('../ringscope.wasm', import.meta.url));
  shared.catch(() => (shared = undefined));
  return shared;
}
