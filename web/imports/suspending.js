/** Functions that suspend the module while their promise is pending. A WebAssembly.Suspending hides its function, so it is remembered. */

export class Suspendings {
  /** @type {WeakMap<object, Function>} */
  functions = new WeakMap();

  /** @template {object} T @param {T} suspending @param {any} suspended @returns {T} */
  remember(suspending, suspended) {
    this.functions.set(suspending, suspended);
    return suspending;
  }

  /**
   * A new Suspending around the traced function; one that was created before we were watching stays as it is.
   * @param {any} item an import @param {(suspended: any) => any} trace
   */
  traced(item, trace) {
    const suspended = typeof item === 'object' && item !== null ? this.functions.get(item) : undefined;
    return suspended ? new item.constructor(trace(suspended)) : item;
  }
}
