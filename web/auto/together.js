/** A page and its workers as one trace: saved, or followed by the inspector as if it were one tracer. */
import { mergeImages } from '../read/join.js';
import { Tracer } from '../ringscope.js';

/** @typedef {import('./threads.js').Threads} Threads */

const LOOK_MS = 500;

export class Together {
  /** What was put together last, and nobody has taken yet. @type {Uint8Array<ArrayBuffer> | null} */
  #news = null;
  /** The same, for who saves. @type {Uint8Array<ArrayBuffer> | undefined} */
  #last;
  #looking = false;
  #lookedAt = -Infinity;
  /** Whether there was anything new, as text. */
  #state = '';

  /** @param {Tracer} tracer of the page @param {Threads} threads @param {string} name of its thread */
  constructor(tracer, threads, name) {
    this.tracer = tracer;
    this.threads = threads;
    this.name = name;
  }

  /** One .ring of all. */
  async image() {
    const own = { name: this.name, bytes: this.tracer.save() };
    return this.threads.known.length === 0 ? own.bytes : mergeImages([own, ...(await this.threads.images())]);
  }

  /* ------------------------------------------ what the inspector asks a tracer */

  get disposed() {
    return this.tracer.disposed;
  }

  cursor() {
    return this.tracer.cursor();
  }

  /** @param {ReturnType<Tracer['cursor']>} cursor */
  closeCursor(cursor) {
    this.tracer.closeCursor(cursor);
  }

  /**
   * A page without workers is followed by what is new. Where there are some, whatever is new leads to an image of all, with
   * which the inspector begins anew.
   * @param {ReturnType<Tracer['cursor']>} cursor
   */
  readSegment(cursor) {
    if (this.threads.known.length === 0) return this.tracer.readSegment(cursor);
    if (!this.#looking && performance.now() - this.#lookedAt > LOOK_MS) this.#look();
    const news = this.#news;
    this.#news = null;
    return news;
  }

  async #look() {
    this.#looking = true;
    try {
      const image = await this.image(), state = await this.#stateOf(image);
      if (state === this.#state) return;
      this.#state = state;
      this.#news = this.#last = image;
    } finally {
      this.#lookedAt = performance.now();
      this.#looking = false;
    }
  }

  /** All that counts, but for the time. @param {Uint8Array} image */
  async #stateOf(image) {
    const reader = await Tracer.open(image);
    try {
      return JSON.stringify([{ ...reader.summary(), uptime: 0 }, reader.openSpans()]);
    } finally {
      reader.dispose();
    }
  }

  /** As of the last look. */
  save() {
    return this.#last ?? this.tracer.save();
  }
}
