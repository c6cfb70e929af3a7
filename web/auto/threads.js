/**
 * The workers of a page that have imported ringscope/auto, each with a tracer of its own: in memory that the page sees,
 * where it is isolated, else asked for what they have.
 *
 * A worker finds the page that made it without a message that somebody else would see:
 *
 *     worker   who has made a worker of my address? ── to all pages of this origin ──►  every page
 *     worker   ◄── I have, and have not heard of it yet ─────────────────────────────   its page
 *     worker   here I am, with a port ── to whoever made it ─────────────────────────►  its page, which keeps that to itself
 */
import { Patches } from '../imports/patches.js';

const CHANNEL = 'ringscope.auto';
const ANSWER_MS = 2000; // a worker that computes answers late, one that was ended never

/** @typedef {import('../ringscope.js').Tracer} Tracer */
/** @typedef {{ buffer: SharedArrayBuffer, address: number, size: number }} Seen an image in memory that is shared */
/** @typedef {{ name: string, seen?: Seen }} Thread what a worker says of itself */

/** Where a tracer's image stands, if others see its memory. @param {Tracer} tracer @returns {Seen | undefined} */
export function seenOf(tracer) {
  const { buffer } = tracer.memory.memory, image = tracer.image();
  return buffer instanceof ArrayBuffer ? undefined : { buffer: /** @type {SharedArrayBuffer} */ (buffer), address: image.byteOffset, size: image.length };
}

/** A copy of what is there now. @param {Seen} seen */
export const copyOf = ({ buffer, address, size }) => new Uint8Array(buffer, address, size).slice();

/** One worker, as the page has it. */
class Known {
  /** What it had when it was heard of last. @type {Uint8Array | undefined} */
  last;
  ended = false;
  /** @type {Set<() => void>} who waits for an answer */
  waiting = new Set();

  /** @param {Thread} thread @param {MessagePort} port @param {Threads} threads to which it belongs, as do workers that it makes */
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

  /** What it has now, as far as that is to be had. @returns {Promise<Uint8Array | undefined>} */
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
  /** In the order in which they were heard of. @type {Known[]} */
  known = [];
  /** How many were made of an address that have said nothing yet. @type {Map<string, number>} */
  silent = new Map();
  /** Opened for the first worker: a page without any is not to be another for it. @type {BroadcastChannel | undefined} */
  channel;
  /** Of a worker's workers: to whom its page listens. @type {MessagePort | undefined} */
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

  /** new Worker(), to hear of it before anybody else does. @param {any} original */
  #worker(original) {
    /** @type {any} */
    const proxy = new Proxy(original, {
      construct: (target, args, newTarget) => {
        /** @type {Worker} */
        const worker = Reflect.construct(target, args, newTarget === proxy ? target : newTarget);
        try {
          if (this.active) this.#expect(worker, args[0]);
        } catch {
          // The worker is the page's, whether it is heard of or not: an address may have a base that is none.
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
      event.stopImmediatePropagation(); // nobody else is to see it
      add(-1);
      this.adopt(thread, event.ports[0]);
    });
  }

  /** @param {Thread} thread @param {MessagePort} port */
  adopt(thread, port) {
    if (this.page) this.page.postMessage({ child: thread }, [port]);
    else this.known.push(new Known(thread, port, this));
  }

  /** From now on the page has the workers that were heard of here. @param {MessagePort} page */
  passTo(page) {
    this.page = page;
    for (const { thread, port } of this.known.splice(0)) this.adopt(thread, port);
  }

  /** What all have, without those that have said nothing. @returns {Promise<import('../read/join.js').NamedImage[]>} */
  async images() {
    const images = await Promise.all(this.known.map(async (known) => ({ name: known.thread.name, bytes: await known.image() })));
    return /** @type {any[]} */ (images.filter(({ bytes }) => bytes));
  }

  /** What workers have from then on is not heard of. */
  undo() {
    super.undo();
    this.channel?.close();
  }
}

/* ----------------------------------------------------------------- in a worker */

/** By what its thread is called. */
const nameOfWorker = () => /** @type {any} */ (globalThis).name || decodeURIComponent(location.pathname.split('/').at(-1) ?? '') || 'worker';

/** Says to the page what this worker has, when it asks, and when the worker ends itself. @param {Tracer} tracer @param {MessagePort} port */
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

/** Looks for the page that made this worker; where none answers, the worker has its trace for itself. @param {Tracer} tracer @param {Threads} threads */
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
