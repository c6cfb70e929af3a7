/** Merges several images into one: for workers that cannot share memory and know nothing of each other. */
import { bytesGiven, refuse } from '../module/checked.js';
import { embedded } from '../module/embedded.js';
import { instantiateModule, loadMemory } from '../module/load.js';
import { Memory } from '../module/memory.js';

/** @typedef {{ bytes: Uint8Array | ArrayBuffer, name?: string }} NamedImage the name goes to the image's first thread, if that has none */

const POINTER_BYTES = 4;

/** An array of addresses in C's memory. @param {Memory} memory @param {number[]} addresses */
function list(memory, addresses) {
  const at = memory.allocate(POINTER_BYTES * addresses.length), data = memory.data();
  addresses.forEach((address, i) => data.setUint32(at + POINTER_BYTES * i, address, true));
  return at;
}

/** mergeImages(), synchronously, in a given memory. @param {Memory} memory @param {NamedImage[]} images @returns {Uint8Array<ArrayBuffer>} */
export function joinImages(memory, images) {
  /** @type {number[]} */ const taken = [];
  /** @type {number[]} */ const readers = [];
  const keep = (/** @type {number} */ address) => {
    taken.push(address);
    return address;
  };
  try {
    for (const { bytes } of images) {
      const image = bytesGiven(bytes);
      readers.push(memory.call('tracer_wasm_reader_open', keep(memory.copyBytes(image)), image.length));
    }
    const names = images.map(({ name }) => (name ? keep(memory.copyText(name).address) : 0));
    const result = memory.call('tracer_wasm_join', keep(list(memory, readers)), keep(list(memory, names)), images.length);
    taken.push(result);
    return new Uint8Array(memory.resultBytes(result));
  } finally {
    for (const reader of readers) memory.exports.tracer_reader_close(reader);
    for (const address of taken) memory.free(address);
  }
}

/** @typedef {import('../module/load.js').WasmSource} WasmSource */

/** The memory of ringscope-merge.wasm. @param {WebAssembly.Instance} instance @param {any} constants from ringscope.wasm of the same build */
export function mergingMemory({ exports }, constants) {
  const { memory, ...rest } = /** @type {any} */ (exports);
  return new Memory(rest, memory, { constants });
}

/** Loaded at the first call. @type {Promise<Memory> | undefined} */
let merging;

async function load() {
  const source = embedded('ringscope-merge.wasm') ?? new URL('../ringscope-merge.wasm', import.meta.url);
  const [instance, { constants }] = await Promise.all([instantiateModule(source), loadMemory()]);
  return mergingMemory(instance, constants);
}

/**
 * Merges images from save(): their events on one clock (performance.now() if all use it), each image as a thread of its
 * own, their statistics added up. Loads a separate module.
 * @param {NamedImage[]} images
 * @returns {Promise<Uint8Array<ArrayBuffer>>} a .ring
 */
export async function mergeImages(images) {
  if (!images?.length) refuse('images', 'an array of at least one', images);
  merging ??= load();
  merging.catch(() => (merging = undefined));
  return joinImages(await merging, images);
}
