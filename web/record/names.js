/** Interns names: each is copied into C's memory once, and events use its address. The number of names kept is bounded. */

/** @typedef {import('../module/memory.js').Memory} Memory */

const NAMES_KEPT = 4096;
const UNITS_KEPT = 1024; // C keeps 255 bytes of a name
const BYTES_PER_CODE_UNIT = 3;

export class Names {
  /** @param {Memory} memory @param {number} tracer the owner @param {number} [bytesMax] the most bytes that names may take */
  constructor(memory, tracer, bytesMax = Infinity) {
    this.memory = memory;
    this.tracer = tracer;
    this.bytesLeft = bytesMax;
    /** @type {Map<string, number>} */
    this.addresses = new Map();
    /** Names with a label, by label and name. @type {Map<string, number>} */
    this.labels = new Map();
    this.last = '';
    this.lastAddress = 0;
    /** Where a name that is not kept is placed, one at a time. */
    this.borrowed = 0;
  }

  /** The address of a name, valid until the next one is asked for. @param {string} name @returns {number} */
  address(name) {
    const known = this.addresses.get(name);
    if (known === undefined) return this.add(name, '');
    this.last = name;
    this.lastAddress = known;
    return known;
  }

  /** The same for a name that has a label. @param {string} name @param {string} label @returns {number} */
  labelled(name, label) {
    return this.labels.get(`${label}\0${name}`) ?? this.add(name, label);
  }

  /** @param {string} name @param {string} label */
  add(name, label) {
    if (typeof name !== 'string') throw new TypeError(`name: must be a string, not ${name === null ? 'null' : typeof name}`);
    const bytes = this.#bytes(name);
    if (this.addresses.size + this.labels.size < NAMES_KEPT && bytes <= this.bytesLeft) return this.keep(name, label);
    return this.#label(this.#borrow(name), label);
  }

  /** The permanent address of a text that is used as a name or label; 0: there is no room to keep it. @param {string} text */
  kept(text) {
    const address = this.addresses.get(text) ?? (this.addresses.size < NAMES_KEPT && this.#bytes(text) <= this.bytesLeft ? this.keep(text) : 0);
    return address && address + this.memory.constants.sizes.name_text;
  }

  /** Keeps a name; its permanent address. @param {string} name @param {string} [label] */
  keep(name, label = '') {
    const kept = label === '' ? this.addresses : this.labels, key = label === '' ? name : `${label}\0${name}`, known = kept.get(key);
    if (known !== undefined) return known;
    const { memory } = this;
    const address = memory.allocateText(this.#text(name), memory.constants.sizes.name_text).address;
    this.bytesLeft -= this.#bytes(name);
    kept.set(key, address);
    return this.#label(address, label);
  }

  /** @param {number} address @param {string} label */
  #label(address, label) {
    if (label === '') return address;
    const text = this.memory.copyText(this.#text(label));
    this.memory.exports.tracer_wasm_label(this.tracer, address, text.address);
    this.memory.free(text.address);
    return address;
  }

  /** Places a name in the borrowed memory. Clears the cached id in front of it, which belongs to the previous name. @param {string} name */
  #borrow(name) {
    const { memory } = this, offset = memory.constants.sizes.name_text, size = UNITS_KEPT * BYTES_PER_CODE_UNIT + 1;
    if (!this.borrowed) this.borrowed = memory.allocate(offset + size);
    memory.view().fill(0, this.borrowed, this.borrowed + offset);
    memory.write(this.#text(name), this.borrowed + offset, size);
    return this.borrowed;
  }

  /** In C, a name ends at NUL. @param {string} name */
  #text(name) {
    return name.slice(0, UNITS_KEPT).replaceAll('\0', '\ufffd');
  }

  /** @param {string} name */
  #bytes(name) {
    return Math.min(name.length, UNITS_KEPT) * BYTES_PER_CODE_UNIT + this.memory.constants.sizes.name_text + 1;
  }

  dispose() {
    for (const address of [...this.addresses.values(), ...this.labels.values()]) this.memory.free(address);
    if (this.borrowed) this.memory.free(this.borrowed);
    this.addresses.clear();
    this.labels.clear();
    this.borrowed = 0;
    this.last = '';
    this.lastAddress = 0;
  }
}
