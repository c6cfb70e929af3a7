/** Replaces a realm's properties with look-alikes, and restores them. */

const { defineProperty, getOwnPropertyDescriptor } = Reflect;

/** @typedef {{ host: any, name: string, before: PropertyDescriptor, after: any }} Patch */

export class Patches {
  /** Whether replacements should still do anything extra: someone may have kept one after undo(). */
  active = true;
  /** @type {Patch[]} */
  #patches = [];

  /** @param {any} host @param {string} name @param {(original: any) => any} make */
  patch(host, name, make) {
    const before = getOwnPropertyDescriptor(host, name);
    if (typeof before?.value !== 'function') return;
    const after = make(before.value);
    defineProperty(host, name, { ...before, value: after });
    this.#patches.push({ host, name, before, after });
  }

  /** Properties that others have patched meanwhile stay as they are. */
  undo() {
    this.active = false;
    for (const { host, name, before, after } of this.#patches.splice(0).reverse())
      if (getOwnPropertyDescriptor(host, name)?.value === after) defineProperty(host, name, before);
  }
}
