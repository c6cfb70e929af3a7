/** What takes longer than a person notices is said, with how far it is; what can be given up has a button for it. */

/** @typedef {import('./inspector.js').Inspector} Inspector */
/** @typedef {{ done: number, total: number, what: string, cancel: AbortController | null }} Progress total: 0, if nobody knows; cancel: null, if it must be waited for */

const PROGRESS_AFTER_MS = 100; // what is done sooner needs no word

/** Shows a state from then on, unless another one is shown. @param {Inspector} page @param {Progress} state */
function show(page, state) {
  page.progress ??= state;
  if (page.progress === state) page.requestUpdate();
}

/** @param {Inspector} page @param {Progress} state */
function hide(page, state) {
  if (page.progress === state) page.progress = null;
  page.requestUpdate();
}

/** An answer of the trace; undefined, if it was asked anew or the trace is closed. What else fails is said. @template T @param {Inspector} page @param {Promise<T>} answer @returns {Promise<T | undefined>} */
export async function ask(page, answer) {
  try {
    return await answer;
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    if (name !== 'AbortError') page.say(message, true);
    return undefined;
  }
}

/** An answer that may take long, and cannot be given up. @template T @param {Inspector} page @param {string} what @param {Promise<T>} answer */
export async function telling(page, what, answer) {
  const state = { done: 0, total: 0, what, cancel: null };
  const timer = setTimeout(() => show(page, state), PROGRESS_AFTER_MS);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
    hide(page, state);
  }
}

/** Work that begins anew and can be given up; what it fails with is said. @param {Inspector} page @param {string} title @param {(signal: AbortSignal, report: (done: number, total: number, what: string) => void) => Promise<void>} work */
export async function run(page, title, work) {
  page.progress?.cancel?.abort();
  const cancel = new AbortController();
  const state = { done: 0, total: 0, what: title, cancel };
  const timer = setTimeout(() => show(page, state), PROGRESS_AFTER_MS);
  page.message = null;
  page.progress = state;
  try {
    await work(cancel.signal, (done, total, what) => {
      Object.assign(state, { done, total, what: `${title}: ${what}` });
      if (page.progress === state) page.requestUpdate();
    });
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    if (name !== 'AbortError') page.say(message, true);
  }
  clearTimeout(timer);
  hide(page, state);
}
