/**
 * Checks values that a host page gives the element, so that a mistake is named at once and not
 * discovered later.
 */

/** @param {unknown} given */
function called(given) {
  if (given === null || given === undefined) return String(given);
  if (typeof given !== 'object' && typeof given !== 'function') return typeof given;
  return given.constructor?.name || typeof given;
}

/** @typedef {import('../../ringscope.js').Tracer} Tracer */

/** @param {unknown} given */
export function checkTracer(given) {
  const tracer = /** @type {Partial<Tracer> | null | undefined} */ (given);
  if (typeof tracer?.readSegment !== 'function' || typeof tracer.cursor !== 'function')
    throw new TypeError(
      'attach() expects a Tracer, as returned by Tracer.attach(instance) of ringscope, ' +
        `but got ${called(given)}.`,
    );
  if (tracer.disposed)
    throw new TypeError(
      'attach() expects a Tracer that is in use, but got one that has been disposed of.',
    );
}

/** @param {unknown} given */
export function checkBlob(given) {
  if (!(given instanceof Blob))
    throw new TypeError(`open() expects a Blob or a File, but got ${called(given)}.`);
}
