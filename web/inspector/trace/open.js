/** Opens a trace of any format in a worker of its own. */
import { Client, filesBeside } from './client.js';
import { unpacked } from './lists.js';
import { TraceProxy } from './trace_proxy.js';

/** @typedef {import('./client.js').Assets} Assets */
/** @typedef {import('./lists.js').SentOverview} SentOverview */
/** @typedef {{ done: number, total: number, what: string }} Progress */

/**
 * @param {Blob} blob an image, or a trace of any import format (src/timeline/import/doors.c),
 *   optionally gzipped
 * @param {object} [options]
 * @param {string} [options.name] the file's
 * @param {AbortSignal} [options.signal] gives up
 * @param {(done: number, total: number, what: string) => void} [options.onProgress] what:
 *   "Reading", "Indexing"
 * @param {Assets} [options.assets]
 * @returns {Promise<TraceProxy>} rejects with a message for people, or an AbortError
 */
export function openTrace(blob, { name = 'trace', ...options } = {}) {
  return openTraces([{ blob, name }], options);
}

/**
 * Opens several files as one trace on one clock, each as a group of processes.
 * @param {import('./session.js').NamedBlob[]} files
 * @param {object} [options] as above
 * @param {AbortSignal} [options.signal]
 * @param {(done: number, total: number, what: string) => void} [options.onProgress]
 * @param {Assets} [options.assets]
 * @returns {Promise<TraceProxy>}
 */
export async function openTraces(files, { signal, onProgress, assets = filesBeside() } = {}) {
  const client = await Client.start(assets, signal);
  try {
    const report = (/** @type {Progress} */ { done, total, what }) =>
      onProgress?.(done, total, what);
    /** @type {SentOverview} */
    const overview = await client.call('open', [files], { report });
    client.begun();
    const title = files.length === 1 ? files[0].name : `${files.length} traces`;
    return new TraceProxy(client, { ...unpacked(overview), title }, (format) =>
      save(client, files[0].blob, overview.format, format),
    );
  } catch (error) {
    client.end();
    throw error;
  }
}

/**
 * @param {Client} client @param {Blob} blob @param {string} from its format
 * @param {import('./types.js').SaveFormat} to
 */
async function save(client, blob, from, to) {
  if (to === 'bare') return client.call('saveImage', [null, true]);
  // the original file, decompressed
  if (from === (to === 'ring' ? 'ringscope' : to)) return client.call('plain', [blob]);
  return to === 'ring'
    ? client.call('saveImage', [null, false])
    : client.call('exportAs', [null, to]);
}
