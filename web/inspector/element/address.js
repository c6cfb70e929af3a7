/**
 * The page's address, which says what is seen, so that a view can be sent to somebody. It is read and written only where
 * the element is the page, as its attribute url-state says: else it is the host's.
 */
import { readSettings, writeSettings } from './settings.js';

/** @typedef {import('./inspector.js').Inspector} Inspector */

const WRITTEN_AFTER_MS = 150; // a drag changes the window many times a second

export class Address {
  /** @param {Inspector} page */
  constructor(page) {
    this.page = page;
    this.begun = false; // with a trace: the window and the filters that were given are of the first one
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.writing = undefined;
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    if (!this.page.urlState) return;
    if (!this.page.hasUpdated) this.page.settings = readSettings(location.hash);
    addEventListener('hashchange', ({ newURL }) => this.#adopt(new URL(newURL).hash), { signal });
  }

  /** The trace to open, or null. */
  get trace() {
    return this.page.urlState ? new URLSearchParams(location.search).get('trace') : null;
  }

  /** A trace is shown: the window of the one before says nothing about it. */
  begin() {
    if (this.begun) this.page.settings.window = null;
    this.begun = true;
  }

  /** A link was pasted into the open page; what was about to be written has perhaps replaced it. @param {string} hash */
  async #adopt(hash) {
    const { page } = this;
    clearTimeout(this.writing);
    page.settings = readSettings(hash);
    const { window } = page.settings;
    if (window) page.view?.setWindow(window.fromNs, window.toNs);
    else page.view?.fit();
    if (!page.settings.find) await page.find('');
    await page.applyFilter();
    page.refreshPanels();
  }

  /** Keeps what is seen in the URL. */
  remember() {
    const { trace, view, settings } = this.page;
    if (!trace || !view) return;
    const { fromNs, toNs } = view.window, all = fromNs <= 0 && toNs >= trace.overview.durationNs;
    settings.window = all || trace.live ? null : { fromNs, toNs };
    clearTimeout(this.writing);
    if (this.page.urlState) this.writing = setTimeout(() => history.replaceState(null, '', `${location.pathname}${location.search}${writeSettings(this.page.settings)}`), WRITTEN_AFTER_MS);
  }

  dispose() {
    clearTimeout(this.writing);
  }
}
