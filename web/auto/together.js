/** A page and its workers as one trace, to save or to be followed by the inspector as if it were one tracer. */
import { mergeImages } from '../read/join.js';
import { Tracer } from '../ringscope.js';

/** @typedef {import('./threads.js').Threads} Threads */

const LOOK_MS = 500;

export class Together {
  /** The last merged image, if nobody has taken it yet. @type {Uint8Array<ArrayBuffer> | null} */
  #news = null;
  /** The last merged image, for save(). @type {Uint8Array<ArrayBuffer> | undefined} */
  #last;
  #looking = false;
  #lookedAt = -Infinity;
  /** Counts and open spans at the last look, as text: if they differ, something is new. */
  #state = '';

  /** @param {Tracer} tracer the page's @param {Threads} threads @param {string} name of the page's thread */
  constructor(tracer, threads, name) {
    this.tracer = tracer;
    this.threads = threads;
    this.name = name;
  }

  /** One .ring of the page and all workers. */
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
   * Without workers, returns the page's new events. With workers, any new event produces an image of everything, and the
   * inspector starts over with it.
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

  /** The summary without its uptime, and the open spans. @param {Uint8Array} image */
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
