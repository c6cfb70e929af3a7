/**
 * What takes longer than a person notices is said, with how far it is; what can be given up has a
 * button for it.
 */

/** @typedef {import('./app.js').App} App */
/**
 * total: 0, if nobody knows; cancel: null, if it must be waited for
 * @typedef {{ done: number, total: number, what: string, cancel: AbortController | null }} Progress
 */

const PROGRESS_AFTER_MS = 100; // what is done sooner needs no word

/**
 * Of all that takes long one is shown: the first, and when it is done the next.
 * @param {App} app @param {Progress[]} works
 */
function tell(app, works) {
  app.update({ works, progress: works[0] ?? null });
}

/**
 * @param {App} app @param {Progress} state @param {Partial<Progress>} change @returns {Progress}
 */
function changed(app, state, change) {
  const next = { ...state, ...change };
  const { works } = app.state;
  if (works.includes(state)) {
    tell(
      app,
      works.map((each) => (each === state ? next : each)),
    );
  }
  return next;
}

/** @param {App} app @param {Progress} state */
function hide(app, state) {
  const { works } = app.state;
  if (works.includes(state)) {
    tell(
      app,
      works.filter((each) => each !== state),
    );
  }
}

/**
 * An answer of the trace; undefined, if it was asked anew or the trace is closed. What else fails
 * is said.
 * @template T @param {App} app @param {Promise<T>} answer @returns {Promise<T | undefined>}
 */
export async function ask(app, answer) {
  try {
    return await unlessAborted(answer);
  } catch (error) {
    app.say(/** @type {Error} */ (error).message, true);
    return undefined;
  }
}

/**
 * An answer; undefined, if it was asked anew or given up.
 * @template T @param {Promise<T>} answer @returns {Promise<T | undefined>}
 */
export async function unlessAborted(answer) {
  try {
    return await answer;
  } catch (error) {
    if (/** @type {Error} */ (error).name !== 'AbortError') throw error;
    return undefined;
  }
}

/**
 * An answer that may take long, and cannot be given up.
 * @template T @param {App} app @param {string} what @param {Promise<T>} answer
 */
export const telling = (app, what, answer) => tellingOf(app, what, null, () => answer);

/**
 * Work that may take long; it says how far it is.
 * @template T @param {App} app @param {string} what
 * @param {AbortController | null} cancel null: it must be waited for
 * @param {(progress: (share: number) => void) => Promise<T>} work
 */
export async function tellingOf(app, what, cancel, work) {
  /** @type {Progress} */
  let state = { done: 0, total: 0, what, cancel };
  const timer = setTimeout(() => tell(app, [...app.state.works, state]), PROGRESS_AFTER_MS);
  try {
    return await work((done) => {
      state = changed(app, state, { done, total: 1 });
    });
  } finally {
    clearTimeout(timer);
    hide(app, state);
  }
}

/**
 * What is opened from now on takes the place of what is being opened.
 * @param {import('./app.js').App} app
 */
export function openInstead(app) {
  app.opening?.abort();
  app.opening = new AbortController();
  return app.opening;
}

/**
 * Opens something in place of what is being opened; that can be given up, and what it fails with is
 * said.
 * @template T @param {App} app @param {string} title
 * @param {(signal: AbortSignal, report: (done: number, total: number, what: string) => void) =>
 *   Promise<T>} work
 * @returns {Promise<T | undefined>} undefined: it is not open
 */
export async function run(app, title, work) {
  const cancel = openInstead(app);
  /** @type {Progress} */
  let state = { done: 0, total: 0, what: title, cancel };
  app.update({ message: null });
  tell(app, [state, ...app.state.works]);
  const report = (
    /** @type {number} */ done,
    /** @type {number} */ total,
    /** @type {string} */ what,
  ) => {
    state = changed(app, state, { done, total, what: `${title}: ${what}` });
  };
  const opened = await ask(app, work(cancel.signal, report));
  hide(app, state);
  return opened;
}
