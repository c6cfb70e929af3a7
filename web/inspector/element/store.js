/**
 * The page's state in one place: plain values, which only update() changes; it notifies listeners.
 */

/**
 * @template {object} T
 */
export class Store {
  /** @type {Set<(changed: Partial<T>) => void>} */ #listeners = new Set();

  /** @param {T} state */
  constructor(state) {
    this.state = state;
  }

  /** @param {Partial<T>} change values that stay the same notify nobody */
  update(change) {
    const names = /** @type {(keyof T)[]} */ (Object.keys(change));
    if (names.every((name) => this.state[name] === change[name])) return;
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener(change);
  }

  /** @param {(changed: Partial<T>) => void} listener @returns {() => void} unsubscribes */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
