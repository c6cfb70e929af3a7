/** The newest events of a tracer that is followed, from which the worker builds the timeline anew each time. */

/**
 * @typedef {object} Batch what came at once
 * @property {Float64Array} items the events, packed: see pack.js
 * @property {number} count
 * @property {Uint8Array} texts
 * @property {number} missed events before it that were overwritten unread
 */

export class LiveEvents {
  /** @param {import('./module.js').TraceModule} module @param {number} hold how many events to keep */
  constructor(module, hold) {
    this.module = module;
    this.hold = hold;
    /** @type {Batch[]} */
    this.batches = [];
    this.held = 0;
    this.dropped = 0;
  }

  /** Takes a batch, and gives the module all that is held. @param {Batch} batch */
  extend(batch) {
    this.batches.push(batch);
    this.held += batch.count;
    while (this.held > this.hold) this.#drop();
    if (this.dropped) this.#lose(this.batches[0], this.dropped, 'dropped by the page');
    for (const each of this.batches) {
      if (each.missed) this.#lose(each, each.missed, 'missed');
      this.module.add(each.items, each.count, each.texts);
    }
  }

  /** The oldest events, as many as there are too many. */
  #drop() {
    const [oldest] = this.batches;
    const count = Math.min(oldest.count, this.held - this.hold);
    const width = this.module.lists.packed.length;
    oldest.items = oldest.items.subarray(count * width);
    oldest.count -= count;
    this.held -= count;
    this.dropped += count + oldest.missed;
    oldest.missed = 0;
    if (oldest.count === 0) this.batches.shift();
  }

  /** Something is missing before a batch. @param {Batch} batch @param {number} count @param {string} reason */
  #lose(batch, count, reason) {
    const start = batch.items[this.module.lists.packed.indexOf('startNs')] ?? 0;
    this.module.lose(start, start, count, reason);
  }
}
