/**
 * ringscope/auto in Node: when the process ends, prints the calls of all its threads, or saves them as one .ring. Each
 * thread has its own tracer; those of workers are in memory that the main thread can read even after a worker has died.
 */
import { callTable } from '../bin/table.js';
import { instanceOf } from '../module/load.js';
import { joinImages, mergingMemory } from '../read/join.js';
import { ImageReader } from '../read/reader.js';
import { copyOf, seenOf } from './threads.js';

/** @typedef {import('../ringscope.js').Tracer} Tracer @typedef {import('./threads.js').Thread} Thread */

const KEY = 'ringscope.auto';
const threadsOf = () => globalThis.process.getBuiltinModule('node:worker_threads');

/** The name of the channel on which the thread that saves for this one listens, if there is such a thread. */
export const collectorOf = () => /** @type {string | undefined} */ (threadsOf().getEnvironmentData(KEY));

/** In a worker. @param {Tracer} tracer @param {string} collector */
export function join(tracer, collector) {
  const { BroadcastChannel, threadId } = threadsOf(), channel = new BroadcastChannel(collector);
  channel.postMessage({ name: `worker ${threadId}`, seen: seenOf(tracer) });
  channel.close();
}

/** Collects workers that are created from now on. @returns {() => Thread[]} */
function collect() {
  const { BroadcastChannel, receiveMessageOnPort, setEnvironmentData, threadId } = threadsOf(), name = `${KEY}.${threadId}`;
  const channel = new BroadcastChannel(name);
  /** @type {Thread[]} */ const known = [];
  channel.onmessage = (event) => known.push(/** @type {any} */ (event).data);
  /** @type {any} */ (channel).unref();
  setEnvironmentData(KEY, name);
  return () => {
    for (let next; (next = receiveMessageOnPort(/** @type {any} */ (channel)));) known.push(next.message);
    return known;
  };
}

/** @param {Tracer} tracer @param {Thread[]} threads */
function imageOf(tracer, threads) {
  const own = { name: 'main', bytes: tracer.save() };
  if (threads.length === 0) return own.bytes;
  const bytes = globalThis.process.getBuiltinModule('node:fs').readFileSync(new URL('../ringscope-merge.wasm', import.meta.url));
  const images = threads.map(({ name, seen }) => ({ name, bytes: copyOf(/** @type {any} */ (seen)) }));
  return joinImages(mergingMemory(instanceOf(bytes), tracer.memory.constants), [own, ...images]);
}

/** @param {Tracer} tracer @param {Uint8Array} image */
function statsOf({ memory }, image) {
  const at = memory.copyBytes(image), reader = new ImageReader(memory, memory.call('tracer_wasm_reader_open', at, image.length), at);
  const stats = reader.stats();
  reader.dispose();
  return stats;
}

/**
 * In the main thread. @param {Tracer} tracer @param {string | undefined} path where to save; %p is the process id
 * @param {(message: string) => void} warn @returns {() => Promise<Uint8Array>} the current image
 */
export function keep(tracer, path, warn) {
  const { process } = globalThis, { writeFileSync, writeSync } = process.getBuiltinModule('node:fs'), threads = collect();
  process.on('exit', () => {
    if (tracer.disposed) return;
    try {
      const image = imageOf(tracer, threads()), table = path === undefined && callTable(statsOf(tracer, image));
      if (path !== undefined) writeFileSync(path.replaceAll('%p', String(process.pid)), image, { mode: 0o600 });
      else if (table) writeSync(2, `\n--- Calls ---\n${table}`);
    } catch (error) {
      warn(error instanceof Error ? error.message : String(error)); // the program still exits as it would have
    }
  });
  return async () => imageOf(tracer, threads());
}
