/** Marks the imports and bytes of ringscope's own modules, which traceWebAssembly() leaves alone, even in another copy of ringscope. */

const UNTRACED = Symbol.for('ringscope.untraced');

/** @template {object} T @param {T} object @returns {T} */
export function untraced(object) {
  return Object.defineProperty(object, UNTRACED, { value: true });
}

/** @param {any} object */
export function isUntraced(object) {
  try {
    return typeof object === 'object' && object !== null && Object.hasOwn(object, UNTRACED);
  } catch {
    return false; // a Proxy that throws is none of ours
  }
}
