/** Marks the imports of ringscope's own modules, which traceWebAssembly() leaves alone: also those of another copy of it. */

const UNTRACED = Symbol.for('ringscope.untraced');

/** @template {object} T @param {T} imports @returns {T} */
export function untraced(imports) {
  return Object.defineProperty(imports, UNTRACED, { value: true });
}

/** @param {any} imports */
export function isUntraced(imports) {
  return typeof imports === 'object' && imports !== null && Object.hasOwn(imports, UNTRACED);
}
