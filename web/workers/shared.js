/** One tracer for several workers: the memory that they share, and each worker's own block of it. */
import { compile, tracerImports } from '../module/load.js';
import { arena } from '../module/allocator.js';
import { embedded } from '../module/embedded.js';
import { Memory } from '../module/memory.js';
import { untraced } from '../module/untraced.js';

const PAGE_BYTES = 65536;
const INITIAL_PAGES = 256; // as declared by the module
const MAXIMUM_PAGES = 16384;
const STACK_BYTES = 65536;
export const ARENA_BYTES = 262144; // names, spans, texts

/**
 * @typedef {object} Shared everything a worker needs to join; it can be posted
 * @property {WebAssembly.Module} module
 * @property {WebAssembly.Memory} memory
 * @property {number} tracer
 * @property {any} constants
 * @property {number} scratchBytes
 * @property {{ start: number, size: number }} block the worker's own
 * @property {string} [name]
 */

/** @typedef {{ memory: Memory, module: WebAssembly.Module }} SharedModule */

/** @param {number} address @param {number} alignment */
const align = (address, alignment) => Math.ceil(address / alignment) * alignment;

/** An instance whose thread-local storage begins at an address. @param {WebAssembly.Module} module @param {WebAssembly.Memory} memory */
async function instantiate(module, memory) {
  const imports = untraced(tracerImports());
  Object.assign(imports.env, { memory });
  return /** @type {any} */ ((await WebAssembly.instantiate(module, imports)).exports);
}

const newMemory = () => new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES, shared: true });

/** Initialises the instance of the thread that creates the tracer. @param {any} exports @param {WebAssembly.Memory} memory */
function madeReady(exports, memory) {
  const storage = exports.tracer_wasm_allocate(exports.__tls_size.value + exports.__tls_align.value);
  exports.__wasm_init_tls(align(storage, exports.__tls_align.value));
  exports._initialize();
  return new Memory(exports, memory);
}

/** The memory of a ringscope-mt.wasm, synchronously. @param {BufferSource} bytes */
export function sharedMemoryOf(bytes) {
  const memory = newMemory(), imports = untraced(tracerImports());
  Object.assign(imports.env, { memory });
  return madeReady(new WebAssembly.Instance(new WebAssembly.Module(untraced(bytes)), imports).exports, memory);
}

/** @param {import('../module/load.js').WasmSource} [source] @returns {Promise<SharedModule>} */
export async function loadSharedMemory(source = embedded('ringscope-mt.wasm') ?? new URL('../ringscope-mt.wasm', import.meta.url)) {
  if (typeof SharedArrayBuffer === 'undefined')
    throw new Error('no SharedArrayBuffer: the page must be served with COOP and COEP headers, see the README');
  const module = await compile(source, true);
  const memory = newMemory();
  return { memory: madeReady(await instantiate(module, memory), memory), module };
}

/** Memory for a worker: its stack, its thread-local storage, its arena. @param {Memory} memory @param {number} scratchBytes */
export function allocateBlock(memory, scratchBytes) {
  const exports = /** @type {any} */ (memory.exports);
  const size = align(STACK_BYTES + exports.__tls_size.value + exports.__tls_align.value + scratchBytes + ARENA_BYTES, PAGE_BYTES);
  return { start: memory.allocate(size), size };
}

/** In the worker: creates its instance, with stack and thread-local storage in its block. @param {Shared} shared */
export async function joinMemory({ module, memory, constants, block }) {
  const exports = await instantiate(module, memory);
  const storage = align(block.start + STACK_BYTES, Math.max(exports.__tls_align.value, 16));
  exports.stackRestore(align(block.start + STACK_BYTES - 15, 16)); // it grows downwards
  exports.__wasm_init_tls(storage);
  const free = storage + exports.__tls_size.value;
  return new Memory(exports, memory, { constants, allocator: arena(align(free, 16), block.start + block.size - align(free, 16)) });
}
