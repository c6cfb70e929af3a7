/** Answers that the timeline asks for by itself. */

/**
 * null: it was asked anew, the trace is closed, or in a trace that grows the event has got another
 * number meanwhile. What else fails is told.
 * @template T @param {Promise<T>} answer @param {(message: string) => void} failed
 * @param {boolean} [live]
 * @returns {Promise<T | null>}
 */
export async function answered(answer, failed, live = false) {
  try {
    return await answer;
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    if (name !== 'AbortError' && !(live && name === 'RangeError')) failed(message);
    return null;
  }
}
