/**
 * The page's behaviour: the state, the timeline and the actions that change them. Panels get data
 * and callbacks; the element redraws whenever the state has changed.
 */
import { Answers } from './answers.js';
import { rememberDock, rememberedDock } from './dock.js';
import { emptyState, noTrace } from './state.js';
import { Store } from './store.js';
import { ask, tellingOf } from './work.js';

/**
 * @typedef {import('./state.js').State} State @typedef {import('./settings.js').Settings} Settings
 */

export class App {
  /** @param {import('./inspector.js').Inspector} host */
  constructor(host) {
    this.host = host;
    /** @type {Store<State>} */ this.store = new Store(emptyState(rememberedDock()));
    /** @type {import('../timeline/timeline_view.js').TimelineView | null} */ this.view = null;
    /** Gives up what is being opened. @type {AbortController | null} */ this.opening = null;
    /**
     * Counts selections of events and ranges: the newest choice wins, whichever answer comes first.
     */
    this.choices = 0;
    /** Steps that depend on the one before. @type {Promise<unknown>} */ this.steps =
      Promise.resolve();
    /** The latest search. @type {Promise<unknown>} */ this.searching = Promise.resolve();
    this.answers = new Answers(
      (answer) => ask(this, answer),
      () => host.requestUpdate(),
      (what, cancel, work) => tellingOf(this, what, cancel, work),
      () => this.state.trace?.ended ?? true,
    );
  }

  /** @returns {State} */
  get state() {
    return this.store.state;
  }

  /** @param {Partial<State>} change */
  update(change) {
    const { spoken } = change;
    const again = spoken && spoken === this.state.spoken; // the same words would not be spoken
    this.store.update(again ? { ...change, spoken: `${spoken}\u00a0` } : change);
  }

  /** @param {Partial<Settings>} change */
  set(change) {
    this.update({ settings: { ...this.state.settings, ...change } });
  }

  /** @param {Partial<import('./dock.js').Dock>} change */
  setDock(change) {
    const dock = { ...this.state.dock, ...change };
    this.update({ dock });
    rememberDock(dock);
  }

  /** The trace's answers change from now on. */
  changed() {
    this.update({ version: this.state.version + 1 });
  }

  /**
   * @param {string} given becomes a sentence, unless it begins with a file's name
   * @param {boolean} [error]
   */
  say(given, error = false) {
    const text = given.replace(/^[a-z](?=[a-z]* )/, (letter) => letter.toUpperCase());
    this.update({ message: { text, error }, ...(error ? {} : { spoken: text }) });
  }

  /**
   * Runs after the steps before it: two quick presses go two steps, however late the first answer
   * is.
   * @param {() => Promise<unknown>} act
   */
  inTurn(act) {
    const { trace } = this.state;
    const done = this.steps.then(() => (trace === this.state.trace ? act() : undefined));
    this.steps = Promise.allSettled([done]);
    return done;
  }

  /** Closes the trace, and everything that belongs to it. */
  forget() {
    const { trace, otherTrace, toy } = this.state;
    trace?.dispose();
    otherTrace?.dispose();
    toy?.dispose();
    this.answers.forget();
    this.update({ ...noTrace(), toy: null });
    this.view?.setTrace(null);
  }

  /** @template {Element} T @param {string} selector @returns {T | null} */
  find(selector) {
    return this.host.renderRoot?.querySelector(selector) ?? null;
  }
}
