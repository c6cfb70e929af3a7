/** Loads a file into the timeline module, whatever it is; runs in the worker. */
import { BlobBytes, unzipped, wayOf } from './bytes.js';

/** @typedef {import('./module.js').TraceModule} TraceModule */
/** @typedef {(done: number, total: number, what: string) => void} Report */

const HEAD_BYTES = 512;
const PIECE_BYTES = 4 << 20;

/**
 * @typedef {object} Loaded
 * @property {string} format 'ringscope', or the name of a door: 'chrome', …
 * @property {string} formatTitle the same for people
 */

/** @param {TraceModule} module @param {AsyncIterable<Uint8Array>} pieces @returns {Promise<Loaded>} */
async function loadStream(module, pieces) {
  for await (const piece of pieces) module.feed(piece);
  return module.end();
}

/** A file in pieces. @param {Blob} blob @param {Report} report */
async function* piecesOf(blob, report) {
  for (let at = 0; at < blob.size; at += PIECE_BYTES) {
    report(at, blob.size, 'Reading');
    yield new Uint8Array(await blob.slice(at, at + PIECE_BYTES).arrayBuffer());
  }
}

/** The pieces of a stream, after those that were taken from it. @param {Uint8Array} first @param {ReadableStreamDefaultReader<Uint8Array>} reader */
async function* piecesAfter(first, reader) {
  yield first;
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

/** @param {TraceModule} module @param {Blob} blob @param {Report} report @returns {Promise<Loaded>} */
async function loadUnzipped(module, blob, report) {
  let passed = 0;
  const stream = unzipped(blob, (bytes) => report((passed += bytes), blob.size, 'Decompressing'));
  const reader = stream.getReader();
  const { value: first = new Uint8Array(0) } = await reader.read();
  if (wayOf(first) !== 'image') return loadStream(module, piecesAfter(first, reader));
  /** @type {BlobPart[]} */
  const parts = [];
  for await (const piece of piecesAfter(first, reader)) parts.push(/** @type {BlobPart} */ (piece));
  return loadImage(module, new Blob(parts));
}

/** @param {TraceModule} module @param {Blob} blob @returns {Loaded} */
function loadImage(module, blob) {
  module.source = new BlobBytes(blob);
  module.loadImage(blob.size);
  return { format: 'ringscope', formatTitle: 'ringscope image' };
}

/** @param {TraceModule} module @param {Blob} blob @param {Report} report @returns {Promise<Loaded>} */
export async function load(module, blob, report) {
  const head = new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer());
  switch (wayOf(head)) {
    case 'image':
      return loadImage(module, blob);
    case 'gzip':
      return loadUnzipped(module, blob, report);
    default:
      return loadStream(module, piecesOf(blob, report));
  }
}
