/** Answers that the timeline itself requests. */

/**
 * null: it was asked again, the trace is closed or, in a trace that grows, the event has a new
 * number meanwhile. Other failures are reported.
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
