/** Opens a trace in a worker of its own, whatever its format. */
import { Client, filesBeside } from './client.js';
import { TraceProxy } from './trace_proxy.js';

/** @typedef {import('./client.js').Assets} Assets */

/**
 * @param {Blob} blob an image, or a trace of any format that has a door (src/timeline/import/doors.c), which may be gzipped
 * @param {object} [options]
 * @param {string} [options.name] the file's
 * @param {AbortSignal} [options.signal] gives up
 * @param {(done: number, total: number, what: string) => void} [options.onProgress] what: "Reading", "Indexing"
 * @param {Assets} [options.assets]
 * @returns {Promise<TraceProxy>} rejected with words for people, or an AbortError
 */
export async function openTrace(blob, { name = 'trace', signal, onProgress, assets = filesBeside() } = {}) {
  const client = await Client.start(assets, signal);
  try {
    const report = (/** @type {any} */ { done, total, what }) => onProgress?.(done, total, what);
    const overview = await client.call('open', [blob], { report });
    return new TraceProxy(client, { ...overview, title: name }, (format) => save(client, blob, overview.format, format));
  } catch (error) {
    client.end();
    throw error;
  }
}

/** @param {Client} client @param {Blob} blob @param {string} from its format @param {'ring' | 'chrome'} to */
async function save(client, blob, from, to) {
  if ((from === 'ringscope') === (to === 'ring')) return blob;
  if (to === 'chrome') return client.call('exportChrome', [null]);
  throw new Error('Only traces recorded by ringscope can be saved as an image. Save this one as JSON.');
}
