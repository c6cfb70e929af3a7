/** Interns names: each is copied into C's memory once, and recorded with by its address. */

/** @typedef {import('../module/memory.js').Memory} Memory */

export class Names {
  /** @param {Memory} memory */
  constructor(memory) {
    this.memory = memory;
    /** @type {Map<string, number>} */
    this.addresses = new Map();
    this.last = '';
    this.lastAddress = 0;
  }

  /** @param {string} name @returns {number} */
  address(name) {
    const known = this.addresses.get(name);
    if (known === undefined) return this.add(name);
    this.last = name;
    this.lastAddress = known;
    return known;
  }

  /** @param {string} name */
  add(name) {
    if (typeof name !== 'string') throw new TypeError(`a name is a string, not ${typeof name}`);
    const { memory } = this;
    const text = memory.copyText(name.replaceAll('\0', '\ufffd')); // in C, a name ends at NUL
    const address = memory.exports.tracer_wasm_name(text.address, text.bytes) >>> 0;
    memory.free(text.address);
    if (!address) throw new RangeError('not enough memory for a name');
    this.addresses.set(name, address);
    return address;
  }

  dispose() {
    for (const address of this.addresses.values()) this.memory.free(address);
    this.addresses.clear();
    this.last = '';
    this.lastAddress = 0;
  }
}
