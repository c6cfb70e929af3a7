/**
 * Traces that grow: from a tracer on the same page, or from a program that a server reads, like
 * `ringscope view`.
 */
import { Client, filesBeside } from './client.js';
import { Follower } from './follower.js';
import { unpacked } from './lists.js';
import { ServedSource, TracerSource } from './live_sources.js';
import { TraceProxy } from './trace_proxy.js';

/** @typedef {import('../../ringscope.js').Tracer} Tracer */
/** @typedef {import('../sources/fetch_trace.js').Fetched} Fetched */
/** @typedef {import('./client.js').Assets} Assets */

const HOLD_EVENTS = 1_000_000;

/** @typedef {object} Options
 * @property {string} [name]
 * @property {number} [holdEvents] how many the page keeps
 * @property {AbortSignal} [signal] gives up
 * @property {Assets} [assets]
 */

/**
 * @param {import('./follower.js').Source} source
 * @param {() => Promise<Blob>} imageNow @param {Options} options
 */
async function follow(
  source,
  imageNow,
  { name = 'live', holdEvents = HOLD_EVENTS, signal, assets = filesBeside() },
) {
  const client = await Client.start(assets, signal).catch((error) => {
    source.close();
    throw error;
  });
  try {
    /** @type {import('./lists.js').SentOverview} */
    const overview = await client.call('follow', [holdEvents]);
    client.begun();
    const trace = new TraceProxy(client, { ...unpacked(overview), title: name }, async (format) => {
      const image = await imageNow();
      if (format === 'ring') return image;
      return format === 'bare'
        ? client.call('saveImage', [image, true])
        : client.call('exportAs', [image, format]);
    });
    const follower = new Follower(source, client, trace);
    trace.live = follower;
    trace.dispose = () => {
      follower.stop();
      client.end();
    };
    return trace;
  } catch (error) {
    source.close();
    client.end();
    throw error;
  }
}

/**
 * Begins at the oldest event that the tracer holds.
 * @param {Tracer} tracer remains the caller's @param {Options} [options]
 * @returns {Promise<import('./types.js').Trace>}
 */
export function liveTrace(tracer, options = {}) {
  return follow(
    new TracerSource(tracer),
    async () => new Blob([/** @type {BlobPart} */ (tracer.save())]),
    options,
  );
}

/**
 * @param {Fetched} fetched the beginning of the trace @param {Options} [options]
 * @returns {Promise<import('./types.js').Trace>}
 */
export function servedTrace({ blob, url, cursor }, options = {}) {
  const { assets = filesBeside() } = options;
  return follow(
    new ServedSource(url, cursor, blob, new Client(assets.worker())),
    async () => {
      const response = await fetch(url, { cache: 'no-store' });
      if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
      return response.blob();
    },
    options,
  );
}
