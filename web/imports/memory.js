/** Finds a module's memory by its type, under any name, imported or exported. */

/** @typedef {WebAssembly.Memory | WebAssembly.Instance | WebAssembly.Exports | undefined} HasMemory */

/** @param {unknown} value @returns {value is WebAssembly.Memory} */
const isMemory = (value) => value instanceof WebAssembly.Memory;

/** The memory among an object's properties, without calling getters; of several, the one named "memory". @param {object} items */
function memoryAmong(items) {
  const found = Object.entries(Object.getOwnPropertyDescriptors(items)).filter(([, { value }]) => isMemory(value));
  return (found.find(([name]) => name === 'memory') ?? found[0])?.[1].value;
}

/** @param {HasMemory} holder a memory, an instance, or its exports @returns {WebAssembly.Memory | undefined} */
function memoryOf(holder) {
  if (holder === undefined || holder === null || isMemory(holder)) return holder ?? undefined;
  return memoryAmong(holder instanceof WebAssembly.Instance ? holder.exports : holder);
}

/** The first memory among all imports. @param {object} imports */
function importedMemory(imports) {
  for (const { value } of Object.values(Object.getOwnPropertyDescriptors(imports))) {
    const found = Object(value) === value && memoryAmong(value);
    if (found) return found;
  }
  return undefined;
}

/** Looks for the memory of one traced module. */
export class MemoryFinder {
  /** Whether it is too early to conclude that there is none, because the instance does not exist yet. */
  early = false;
  /** The memory that the module has read from its imports. @type {WebAssembly.Memory | undefined} */
  imported;
  scanned = false;

  /** @param {object} imports @param {HasMemory | (() => HasMemory)} given */
  constructor(imports, given) {
    this.imports = imports;
    this.given = given;
  }

  /** @param {unknown} item an import */
  notice(item) {
    if (isMemory(item)) this.imported ??= item;
  }

  /** The memory, or undefined. */
  find() {
    this.early = false;
    const given = this.#given() ?? this.imported;
    if (given !== undefined || this.scanned) return given;
    this.scanned = true;
    return this.#scan();
  }

  /** The caller's function may lead to an instance that is not there yet. */
  #given() {
    try {
      return memoryOf(typeof this.given === 'function' ? this.given() : this.given);
    } catch {
      this.early = true;
      return undefined;
    }
  }

  /** If functions are called without instantiating, nothing has read the memory import. A Proxy of the caller may throw. */
  #scan() {
    try {
      return (this.imported = importedMemory(this.imports));
    } catch {
      return undefined;
    }
  }
}
