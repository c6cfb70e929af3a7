/**
 * The page's address describes the view, so that it can be sent to somebody. It is read and written
 * only where the element is the whole page, as its attribute url-state says: otherwise the address
 * belongs to the host.
 */
import { applyFilter, find } from './finding.js';
import { fingerprintOf } from './fingerprint.js';
import { restore } from './opening.js';
import { select, selectRange } from './selecting.js';
import { noSettings, readSettings, writeSettings } from './settings.js';

/** @typedef {import('./app.js').App} App */

/**
 * What means something in one trace only.
 * @param {import('./settings.js').Settings} settings
 */
const placesOf = ({ window, range, other, event, notes, pins, scope }) => ({
  ...{ window, range, other, event, notes, pins, scope },
});

const WRITTEN_AFTER_MS = 150; // a drag changes the window many times a second

export class Address {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.begun = false; // set when a trace is shown: old choices mean nothing in the next one
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.writing = undefined;
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    const { app } = this;
    if (!app.host.urlState) return;
    if (!app.host.hasUpdated) app.update({ settings: readSettings(location.hash) });
    const adopt = (/** @type {HashChangeEvent} */ { newURL }) => this.#adopt(new URL(newURL).hash);
    addEventListener('hashchange', adopt, { signal });
  }

  /** The trace to open, or null. */
  get trace() {
    return this.app.host.urlState ? new URLSearchParams(location.search).get('trace') : null;
  }

  /**
   * A new trace is shown: places in the previous one say nothing about it.
   * @param {import('./state.js').Trace} trace
   */
  begin(trace) {
    const { file } = this.app.state.settings;
    const fingerprint = trace.live ? '' : fingerprintOf(trace.overview);
    const other = this.begun || (file !== '' && file !== fingerprint);
    if (other) this.app.set(placesOf(noSettings()));
    if (file && file !== fingerprint && !this.begun) this.#warn(trace.overview.title);
    this.app.set({ file: fingerprint });
    this.begun = true;
  }

  /** @param {string} title */
  #warn(title) {
    this.app.say(
      `This link was made for a trace other than ${title}: its times, notes and pins are ignored.`,
    );
  }

  /**
   * A link was pasted into the open page; a pending write may have replaced it.
   * @param {string} hash
   */
  async #adopt(hash) {
    const { app } = this;
    clearTimeout(this.writing);
    const { trace, settings: before } = app.state;
    const { file } = before;
    const settings = readSettings(hash);
    if (trace && settings.file && settings.file !== file) {
      Object.assign(settings, placesOf(before));
      this.#warn(trace.overview.title);
    }
    app.update({ settings: { ...settings, file } });
    if (settings.window) app.view?.setWindow(settings.window.fromNs, settings.window.toNs);
    else app.view?.fit();
    if (!settings.range) selectRange(app, null);
    if (settings.event < 0) await select(app, -1);
    app.view?.setPinned(settings.pins);
    if (!settings.find) await find(app, '');
    await applyFilter(app);
    await restore(app, settings);
  }

  /** The window has changed. */
  moved() {
    const { app } = this;
    const { trace } = app.state;
    if (!trace || !app.view) return;
    const { fromNs, toNs } = app.view.window;
    const all = fromNs <= trace.overview.beginNs && toNs >= trace.overview.durationNs;
    const window = all || trace.live ? null : { fromNs, toNs };
    app.update({ window, settings: { ...app.state.settings, window } });
  }

  /** Keeps the view in the URL. */
  remember() {
    const { app } = this;
    if (!app.state.trace) return;
    clearTimeout(this.writing);
    if (app.host.urlState) this.writing = setTimeout(() => this.#write(), WRITTEN_AFTER_MS);
  }

  #write() {
    history.replaceState(null, '', this.link());
  }

  /** Whether a link leads back to what is seen: the address is ours, and the trace stands. */
  get links() {
    const { trace } = this.app.state;
    return this.app.host.urlState && trace !== null && !trace.live;
  }

  /** A link to the current view. */
  link() {
    return `${location.pathname}${location.search}${writeSettings(this.app.state.settings)}`;
  }

  dispose() {
    clearTimeout(this.writing);
  }
}
