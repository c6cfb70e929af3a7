/** Loads a file of any format into the timeline module; runs in the worker. */
import { BlobBytes, filled, wayOf } from './bytes.js';

/** @typedef {import('./module.js').TraceModule} TraceModule */
/** @typedef {(done: number, total: number, what: string) => void} Report */

const HEAD_BYTES = 512;
const PIECE_BYTES = 4 << 20;
const STEP_EVENTS = 1 << 15;

/**
 * @typedef {object} Loaded
 * @property {string} format 'ringscope', or the name of an import format: 'chrome', …
 * @property {string} formatTitle the same for people
 */

/**
 * @param {TraceModule} module @param {AsyncIterable<Uint8Array>} pieces @returns {Promise<Loaded>}
 */
async function loadStream(module, pieces) {
  for await (const piece of pieces) module.feed(piece);
  return module.end();
}

/**
 * Reads a file in pieces, each in the memory of the one before.
 * @param {Blob} blob @param {Report} report
 */
async function* piecesOf(blob, report) {
  let room = new ArrayBuffer(Math.min(blob.size, PIECE_BYTES)),
    done = 0;
  for await (const piece of filled(blob, () => room)) {
    yield piece;
    room = /** @type {ArrayBuffer} */ (piece.buffer);
    report((done += piece.length), blob.size, 'Reading');
  }
}

/**
 * Unzips with the module: browsers refuse multiple members, and discard what they have read of a
 * truncated file.
 * @param {TraceModule} module @param {Blob} blob @returns {Promise<Loaded>}
 */
async function loadUnzipped(module, blob) {
  /** @type {BlobPart[]} */
  const parts = [];
  let way = '';
  module.source = new BlobBytes(blob);
  module.gunzip(blob.size, (piece) => {
    way ||= wayOf(piece);
    if (way === 'image') parts.push(/** @type {BlobPart} */ (piece.slice()));
    else module.feed(piece);
  });
  return way === 'image' ? loadImage(module, new Blob(parts)) : module.end();
}

/** The file, decompressed if it was compressed. @param {TraceModule} module @param {Blob} blob */
export async function plainOf(module, blob) {
  if (wayOf(new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer())) !== 'gzip') return blob;
  /** @type {BlobPart[]} */
  const parts = [];
  module.source = new BlobBytes(blob);
  module.gunzip(blob.size, (piece) => parts.push(/** @type {BlobPart} */ (piece.slice())));
  return new Blob(parts);
}

/** @param {TraceModule} module @param {Blob} blob @returns {Promise<Loaded>} */
async function loadImage(module, blob) {
  const source = new BlobBytes(blob);
  module.source = source;
  module.loadBegin(blob.size);
  let ahead = source.ahead();
  try {
    for (let done = false; !done; done = module.loadStep(STEP_EVENTS)) {
      await ahead;
      ahead = source.ahead(); // while the next step loads
    }
  } finally {
    await ahead;
  }
  return { format: 'ringscope', formatTitle: 'ringscope image' };
}

/**
 * @param {TraceModule} module @param {Blob} blob @param {Report} report @returns {Promise<Loaded>}
 */
export async function load(module, blob, report) {
  const head = new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer());
  switch (wayOf(head)) {
    case 'image':
      return loadImage(module, blob);
    case 'gzip':
      return loadUnzipped(module, blob);
    default:
      return loadStream(module, piecesOf(blob, report));
  }
}
