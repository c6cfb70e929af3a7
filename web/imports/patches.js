/** Puts things in the place of a realm's, which look the same, and takes them away again. */

const { defineProperty, getOwnPropertyDescriptor } = Reflect;

/** @typedef {{ host: any, name: string, before: PropertyDescriptor, after: any }} Patch */

export class Patches {
  /** Whether what was patched is to do more than before: somebody may have kept it. */
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

  /** What somebody else has patched meanwhile stays. */
  undo() {
    this.active = false;
    for (const { host, name, before, after } of this.#patches.splice(0).reverse())
      if (getOwnPropertyDescriptor(host, name)?.value === after) defineProperty(host, name, before);
  }
}
