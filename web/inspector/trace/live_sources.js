/** Sources of segments. */

/** @typedef {import('./follower.js').Source} Source @typedef {import('./follower.js').News} News */

/** A tracer of this page, asked once a frame. @implements {Source} */
export class TracerSource {
  /** @param {import('../../ringscope.js').Tracer} tracer */
  constructor(tracer) {
    this.tracer = tracer;
    this.cursor = tracer.cursor();
  }

  /** @returns {News} */
  next() {
    if (this.tracer.disposed) return { segment: null, last: true };
    return { segment: this.tracer.readSegment(this.cursor), last: false };
  }

  /** @param {() => void} look */
  wait(look) {
    const frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  }

  close() {
    if (!this.tracer.disposed) this.tracer.closeCursor(this.cursor);
  }
}

const WAIT_MS = 250;
const IDLE_SHARE = 2; // the slower the server, the less often it is asked

/**
 * A server that keeps a cursor for us. A worker receives: a body's bytes would keep the page from
 * drawing for as long as ten frames, and the trace's own worker may be busy for long.
 * @implements {Source}
 */
export class ServedSource {
  /**
   * @param {URL} url @param {string} cursor @param {Blob | null} first already received
   * @param {import('./client.js').Client} receiver is ended with the source
   */
  constructor(url, cursor, first, receiver) {
    this.url = new URL(url);
    this.cursor = cursor;
    this.first = first;
    this.receiver = receiver;
  }

  /** @returns {Promise<News>} */
  async next() {
    const { first } = this;
    this.first = null;
    if (first) return { segment: new Uint8Array(await first.arrayBuffer()), last: false };
    this.url.searchParams.set('cursor', this.cursor);
    /** @type {import('./receive.js').Received} */
    const { segment, cursor, last } = await this.receiver.call('receive', [this.url.href]);
    this.cursor = cursor ?? this.cursor;
    return { segment, last };
  }

  /** @param {() => void} look @param {number} tookMs */
  wait(look, tookMs) {
    const timer = setTimeout(look, this.first ? 0 : WAIT_MS + IDLE_SHARE * tookMs);
    return () => clearTimeout(timer);
  }

  close() {
    this.receiver.end();
  }
}
