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
  const clock = globalThis.performance; // kept: looking up the global takes longer than the clock
  return {
    env: {
      tracer_import_now: options.now ?? (() => clock.now()),
      tracer_import_time_origin: () => clock.timeOrigin,
      emscripten_notify_memory_growth: options.onGrowth ?? (() => {}),
    },
  };
}

/** Node's files are asked for so that no bundler looks for them: in a page they are not there. @param {URL} url @returns {Promise<BufferSource | Response>} */
async function read(url) {
  const files = url.protocol === 'file:' && globalThis.process?.getBuiltinModule?.('node:fs/promises');
  return files ? files.readFile(url) : fetch(url);
}

/** What Turbopack makes of an address beside a file is a URL without an origin. @param {URL | string} source */
const absolute = (source) => new URL(source, globalThis.document?.baseURI ?? globalThis.location?.href);

/**
 * @param {WasmSource} source @param {boolean} [ours] whose functions are nobody's business
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

/** An instance of a module that needs nothing but the tracer's imports, made ready. @param {WasmSource} source */
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

/** An instance as instantiateModule() makes it, at once. @param {BufferSource} bytes */
export function instanceOf(bytes) {
  return madeReady(new WebAssembly.Instance(new WebAssembly.Module(untraced(bytes)), untraced(tracerImports())));
}

/** The memory of a ringscope.wasm, at once. @param {BufferSource} bytes */
export const memoryOf = (bytes) => ownMemory(instanceOf(bytes));

/** The memory of ringscope.wasm, loaded at the first call, or of the one given. @param {WasmSource} [source] */
export function loadMemory(source) {
  if (source) return instantiate(source);
  shared ??= instantiate(embedded('ringscope.wasm') ?? new URL('../ringscope.wasm', import.meta.url));
  shared.catch(() => (shared = undefined));
  return shared;
}
