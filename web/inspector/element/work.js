/**
 * Work that takes longer than a person notices is shown with its progress, and with a button to
 * give it up where that is possible.
 */

/** @typedef {import('./app.js').App} App */
/**
 * total: 0 if unknown; cancel: null if it cannot be given up
 * @typedef {{ done: number, total: number, what: string, cancel: AbortController | null }} Progress
 */

const PROGRESS_AFTER_MS = 100; // shorter work needs no message

/**
 * Shows one of the long tasks: the first, and when it is done the next.
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
 * An answer of the trace; undefined if it was asked again or the trace is closed. Other failures
 * are shown.
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
 * An answer; undefined if it was asked again or given up.
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
 * An answer that may take long and cannot be given up.
 * @template T @param {App} app @param {string} what @param {Promise<T>} answer
 */
export const telling = (app, what, answer) => tellingOf(app, what, null, () => answer);

/**
 * Work that may take long and reports its progress.
 * @template T @param {App} app @param {string} what
 * @param {AbortController | null} cancel null: it cannot be given up
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
 * Gives up what is being opened, in favour of something new.
 * @param {import('./app.js').App} app
 */
export function openInstead(app) {
  app.opening?.abort();
  app.opening = new AbortController();
  return app.opening;
}

/**
 * Opens something in place of what is being opened; a person can give it up, and failures are
 * shown.
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
