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
    const offset = memory.constants.sizes.name_text;
    const address = memory.allocateText(name.replaceAll('\0', '\ufffd'), offset).address; // in C, a name ends at NUL
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
