/**
 * The workers of a page that have imported ringscope/auto, each with its own tracer. If the page is cross-origin isolated,
 * it reads their memory directly; otherwise it asks them for their images.
 *
 * A worker finds the page that created it without sending a message that other code would see:
 *
 *     worker   who created a worker with my URL? ── to all pages of this origin ─────►  every page
 *     worker   ◄── I did, and it has not reported yet ────────────────────────────────  its page
 *     worker   here I am, with a port ── to its creator ─────────────────────────────►  its page, which hides the message
 */
import { Patches } from '../imports/patches.js';

const CHANNEL = 'ringscope.auto';
const ANSWER_MS = 2000; // a busy worker answers late, a terminated one never

/** @typedef {import('../ringscope.js').Tracer} Tracer */
/** @typedef {{ buffer: SharedArrayBuffer, address: number, size: number }} Seen an image in shared memory */
/** @typedef {{ name: string, seen?: Seen }} Thread how a worker describes itself */

/** Where a tracer's image is, if its memory is shared. @param {Tracer} tracer @returns {Seen | undefined} */
export function seenOf(tracer) {
  const { buffer } = tracer.memory.memory, image = tracer.image();
  return buffer instanceof ArrayBuffer ? undefined : { buffer: /** @type {SharedArrayBuffer} */ (buffer), address: image.byteOffset, size: image.length };
}

/** A copy of its current bytes. @param {Seen} seen */
export const copyOf = ({ buffer, address, size }) => new Uint8Array(buffer, address, size).slice();

/** One worker, as the page knows it. */
class Known {
  /** The last image it sent. @type {Uint8Array | undefined} */
  last;
  ended = false;
  /** @type {Set<() => void>} callbacks waiting for an answer */
  waiting = new Set();

  /** @param {Thread} thread @param {MessagePort} port @param {Threads} threads the owner, also of workers that this one creates */
  constructor(thread, port, threads) {
    this.thread = thread;
    this.port = port;
    port.onmessage = ({ data, ports }) => {
      if (data.child) return threads.adopt(data.child, ports[0]);
      this.last = data.image;
      this.ended ||= data.last;
      for (const done of this.waiting) done();
      this.waiting.clear();
    };
  }

  /** Its current image, or the newest that can be had. @returns {Promise<Uint8Array | undefined>} */
  async image() {
    if (this.thread.seen) return copyOf(this.thread.seen);
    if (!this.ended) await this.#ask();
    return this.last;
  }

  #ask() {
    this.port.postMessage('image');
    return new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
      this.waiting.add(resolve);
      setTimeout(resolve, ANSWER_MS);
    });
  }
}

/** @param {string | URL} address */
const withoutHash = (address) => String(address).replace(/#.*$/, '');

export class Threads extends Patches {
  /** In the order in which they reported. @type {Known[]} */
  known = [];
  /** By URL, how many workers were created that have not reported yet. @type {Map<string, number>} */
  silent = new Map();
  /** Opened for the first worker, so that a page without workers is not affected. @type {BroadcastChannel | undefined} */
  channel;
  /** In a worker that creates workers: the port to its page. @type {MessagePort | undefined} */
  page;

  constructor() {
    super();
    if (typeof BroadcastChannel === 'function') this.patch(globalThis, 'Worker', (original) => this.#worker(original));
  }

  #listen() {
    const channel = (this.channel = new BroadcastChannel(CHANNEL));
    channel.onmessage = ({ data }) => {
      if (typeof data?.hello === 'string' && this.silent.get(data.address)) channel.postMessage({ answer: data.hello });
    };
  }

  /** new Worker(), so as to see its first message before anyone else does. @param {any} original */
  #worker(original) {
    /** @type {any} */
    const proxy = new Proxy(original, {
      construct: (target, args, newTarget) => {
        /** @type {Worker} */
        const worker = Reflect.construct(target, args, newTarget === proxy ? target : newTarget);
        try {
          if (this.active) this.#expect(worker, args[0]);
        } catch {
          // The page gets its worker whether we can track it or not: the base of its URL may be invalid.
        }
        return worker;
      },
    });
    this.patch(original.prototype, 'constructor', () => proxy);
    return proxy;
  }

  /** @param {Worker} worker @param {string | URL} address */
  #expect(worker, address) {
    const made = withoutHash(new URL(address, globalThis.document?.baseURI ?? globalThis.location.href).href);
    const add = (/** @type {number} */ count) => this.silent.set(made, (this.silent.get(made) ?? 0) + count);
    add(1);
    if (!this.channel) this.#listen();
    worker.addEventListener('message', (event) => {
      const thread = event.data?.[CHANNEL];
      if (thread === undefined || event.ports.length !== 1) return;
      event.stopImmediatePropagation(); // hide it from other listeners
      add(-1);
      this.adopt(thread, event.ports[0]);
    });
  }

  /** @param {Thread} thread @param {MessagePort} port */
  adopt(thread, port) {
    if (this.page) this.page.postMessage({ child: thread }, [port]);
    else this.known.push(new Known(thread, port, this));
  }

  /** From now on the page owns the workers that reported here. @param {MessagePort} page */
  passTo(page) {
    this.page = page;
    for (const { thread, port } of this.known.splice(0)) this.adopt(thread, port);
  }

  /** The images of all workers that have one. @returns {Promise<import('../read/join.js').NamedImage[]>} */
  async images() {
    const images = await Promise.all(this.known.map(async (known) => ({ name: known.thread.name, bytes: await known.image() })));
    return /** @type {any[]} */ (images.filter(({ bytes }) => bytes));
  }

  /** Workers that report later are ignored. */
  undo() {
    super.undo();
    this.channel?.close();
  }
}

/* ----------------------------------------------------------------- in a worker */

/** The name of its thread. */
const nameOfWorker = () => /** @type {any} */ (globalThis).name || decodeURIComponent(location.pathname.split('/').at(-1) ?? '') || 'worker';

/** Sends this worker's image to the page when it asks, and when the worker closes itself. @param {Tracer} tracer @param {MessagePort} port */
function answer(tracer, port) {
  const tell = (/** @type {boolean} */ last) => {
    const image = tracer.save();
    port.postMessage({ image, last }, [image.buffer]);
  };
  port.onmessage = () => tracer.disposed || tell(false);
  const patches = new Patches();
  patches.patch(globalThis, 'close', (original) => new Proxy(original, {
    apply: (target, self, args) => {
      if (!tracer.disposed) tell(true);
      return Reflect.apply(target, self, args);
    },
  }));
}

/** Looks for the page that created this worker; if none answers, the worker keeps its trace to itself. @param {Tracer} tracer @param {Threads} threads */
export function joinPage(tracer, threads) {
  if (typeof BroadcastChannel !== 'function') return;
  const channel = new BroadcastChannel(CHANNEL), hello = crypto.randomUUID?.() ?? String(Math.random());
  channel.onmessage = ({ data }) => {
    if (data?.answer !== hello) return;
    channel.close();
    const { port1, port2 } = new MessageChannel(), seen = seenOf(tracer);
    if (!seen) answer(tracer, port1);
    threads.passTo(port1);
    /** @type {any} */ (globalThis).postMessage({ [CHANNEL]: { name: nameOfWorker(), seen } }, [port2]);
  };
  channel.postMessage({ hello, address: withoutHash(location.href) });
}
