/** Functions that suspend the module while their promise is pending: what is in a WebAssembly.Suspending cannot be seen later. */

export class Suspendings {
  /** @type {WeakMap<object, Function>} */
  functions = new WeakMap();

  /** @template {object} T @param {T} suspending @param {any} suspended @returns {T} */
  remember(suspending, suspended) {
    this.functions.set(suspending, suspended);
    return suspending;
  }

  /**
   * The same around a function that is traced; what was made before this was there stays as it is.
   * @param {any} item that is imported @param {(suspended: any) => any} trace
   */
  traced(item, trace) {
    const suspended = typeof item === 'object' && item !== null ? this.functions.get(item) : undefined;
    return suspended ? new item.constructor(trace(suspended)) : item;
  }
}
