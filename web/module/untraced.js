/** Marks the imports and the bytes of ringscope's own modules, which traceWebAssembly() leaves alone: also those of another copy of it. */

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
    return false; // a Proxy of somebody's that throws: none of ours
  }
}
