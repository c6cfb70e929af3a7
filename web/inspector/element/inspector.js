/**
 * <ringscope-inspector>: shows a trace. A page of one's own may use it beside its own module:
 *
 *     document.querySelector('ringscope-inspector').attach(tracer);
 *
 * Attributes: `toy` offers the toy kernel; `theme` is light or dark, else the system's. Where the element is the whole
 * page, `url-state` lets it read and write the page's address, and `page-keys` lets it take keys wherever the focus is.
 */
import { LitElement } from 'lit';
import { EventsPanel } from '../panels/events.js';
import { NameStatistics } from '../panels/names.js';
import { StatisticsTable } from '../panels/operations.js';
import { TickPlot } from '../panels/ticks.js';
import { TimelineView } from '../timeline/timeline_view.js';
import { Address } from './address.js';
import * as finding from './finding.js';
import { follow } from './following.js';
import { restoreDivider } from './gestures.js';
import { pressed } from './keys.js';
import * as opening from './opening.js';
import { renderPage } from './render.js';
import { save } from './saving.js';
import * as selecting from './selecting.js';
import { fitting, noSettings } from './settings.js';
import { sheets } from './sheets.js';
import { ask } from './work.js';

/** @typedef {import('../trace/types.js').Trace} Trace @typedef {import('../trace/types.js').EventDetails} EventDetails @typedef {import('./settings.js').Settings} Settings */

const MOVED_WITHIN_MS = 200; // who takes the element out of the document and puts it back within this time has moved it

export class Inspector extends LitElement {
  static styles = sheets;
  static properties = {
    theme: { reflect: true },
    toy: { type: Boolean },
    urlState: { type: Boolean, attribute: 'url-state' },
    pageKeys: { type: Boolean, attribute: 'page-keys' },
  };

  constructor() {
    super();
    /** @type {string | undefined} */ this.theme = undefined;
    this.toy = false;
    this.urlState = false;
    this.pageKeys = false;
    /** Where worker and module are; undefined: beside the script. @type {import('../trace/client.js').Assets | undefined} */ this.assets = undefined;
    /** @type {Trace | null} */ this.trace = null;
    /** @type {TimelineView | null} */ this.view = null;
    /** @type {Settings} */ this.settings = noSettings();
    /** @type {import('./work.js').Progress | null} */ this.progress = null;
    /** @type {{ text: string, error: boolean } | null} */ this.message = null;
    this.spoken = ''; // for who cannot see what is selected
    /** @type {EventDetails | null} */ this.selected = null;
    /** @type {{ fromNs: number, toNs: number } | null} */ this.range = null;
    /** @type {any[] | null} */ this.statistics = null;
    this.byCategory = false;
    this.shown = 0; // events that pass the filter
    this.hits = { hits: 0, done: true, rank: -1 };
    this.dropping = false;
    /** @type {import('../sources/toy.js').Toy | null} */ this.toyKernel = null;
    this.events = new EventsPanel(this);
    this.operationsTable = new StatisticsTable(this, 'operations');
    this.statisticsTable = new StatisticsTable(this, 'statistics');
    this.nameStatistics = new NameStatistics(this);
    this.ticks = new TickPlot();
    this.address = new Address(this);
    /** @type {AbortController | null} of what listens while the element is connected */ this.connection = null;
  }

  // --------------------------------------------------------------- lifecycle

  connectedCallback() {
    super.connectedCallback();
    clearTimeout(this.leaving);
    this.connection = new AbortController();
    const { signal } = this.connection;
    const keys = this.pageKeys ? document : this;
    keys.addEventListener('keydown', (event) => pressed(this, /** @type {KeyboardEvent} */ (event)), { signal });
    for (const look of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) matchMedia(look).addEventListener('change', () => this.#recolour(), { signal });
    this.address.connect(signal);
    if (this.hasUpdated && !this.view) this.#makeView();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.connection?.abort();
    this.leaving = setTimeout(() => this.#leave(), MOVED_WITHIN_MS);
  }

  /** Moved within the document by moveBefore(): nothing is to be done. */
  connectedMoveCallback() {}

  /** Gone for good, as far as can be told: memory and worker are given back. Connected anew, it begins anew. */
  #leave() {
    this.progress?.cancel?.abort();
    this.close();
    this.address.dispose();
    this.view?.dispose();
    this.view = null;
  }

  firstUpdated() {
    this.#makeView();
    restoreDivider(this);
    const { trace } = this.address;
    if (trace) this.openAddress(trace);
  }

  #makeView() {
    const host = /** @type {HTMLElement} */ (this.renderRoot.querySelector('.timeline'));
    const view = new TimelineView(host);
    this.view = view;
    view.addEventListener('select', (event) => this.select(/** @type {CustomEvent} */ (event).detail.event));
    view.addEventListener('range', (event) => this.selectRange(/** @type {CustomEvent} */ (event).detail));
    view.addEventListener('window', () => this.address.remember());
    if (this.trace) this.#showInView(this.trace); // given before there was a view
  }

  render() {
    return renderPage(this);
  }

  // ------------------------------------------------------------------ traces

  /** @param {Blob} blob @param {string} [name] */
  open = (blob, name) => opening.open(this, blob, name);
  /** Several files become one trace. @param {Iterable<File>} files */
  openFiles = (files) => opening.openFiles(this, files);
  /** @param {string} address */
  openAddress = (address) => opening.openAddress(this, address);
  /** Follows a tracer of this page, which stays the caller's. @param {import('../../ringscope.js').Tracer} tracer @param {string} [name] */
  attach = (tracer, name) => opening.attach(this, tracer, name);
  startToy = () => opening.startToy(this);
  stepToy = () => opening.stepToy(this);

  /** @param {Trace} trace */
  show(trace) {
    const toy = this.toyKernel; // which the new trace may be of
    this.toyKernel = null;
    this.close();
    this.toyKernel = trace.live ? toy : null;
    if (!trace.live) toy?.dispose();
    this.trace = trace;
    this.shown = trace.overview.events;
    this.address.begin();
    this.settings = fitting(this.settings, trace);
    if (this.view) this.#showInView(trace);
    if (trace.live) follow(this, trace);
    if (!trace.live && trace.overview.events === 0) this.say([`${trace.overview.title} has no events.`, ...trace.overview.notes].join(' '));
    this.applyFilter();
    this.dispatchEvent(new CustomEvent('trace', { detail: trace }));
  }

  /** @param {Trace} trace */
  #showInView(trace) {
    const { window } = this.settings;
    this.view?.setTrace(trace);
    if (window) this.view?.setWindow(window.fromNs, window.toNs);
  }

  close() {
    this.trace?.dispose();
    this.toyKernel?.dispose();
    this.toyKernel = null;
    this.trace = null;
    this.selected = null;
    this.range = null;
    this.statistics = null;
    this.spoken = '';
    this.hits = { hits: 0, done: true, rank: -1 };
    this.ticks.clear();
    this.events.forget();
    this.view?.setTrace(null);
    this.requestUpdate();
  }

  /** @param {string} text @param {boolean} [error] */
  say(text, error = false) {
    this.message = { text, error };
    this.requestUpdate();
  }

  // ------------------------------------------------- filters and selection

  applyFilter = () => finding.applyFilter(this);
  /** @param {Partial<Settings>} change */
  set = (change) => finding.change(this, change);
  /** @param {string} name @param {boolean} alone */
  toggleCategory = (name, alone) => finding.toggleCategory(this, name, alone);
  /** @param {string} text */
  find = (text) => finding.find(this, text);
  /** @param {-1 | 1} direction */
  nextHit = (direction) => finding.nextHit(this, direction);
  /** @param {number} event -1: none */
  select = (event) => selecting.select(this, event);
  /** @param {-1 | 1} direction @param {'row' | 'track' | 'name'} [among] */
  step = (direction, among) => selecting.step(this, direction, among);
  /** @param {-1 | 1} direction */
  stepAcross = (direction) => selecting.stepAcross(this, direction);
  /** @param {{ fromNs: number, toNs: number } | null} range */
  selectRange = (range) => selecting.selectRange(this, range);
  /** @param {boolean} byCategory */
  countBy = (byCategory) => selecting.countBy(this, byCategory);
  mark = () => selecting.mark(this);
  /** @param {import('../trace/types.js').SaveFormat} format */
  save = (format) => save(this, format);

  zoomToSelected() {
    if (this.selected) this.view?.zoomToEvent(this.selected);
  }

  clear() {
    if (this.progress?.cancel) this.progress.cancel.abort();
    else if (this.message) this.message = null;
    else if (this.range) this.selectRange(null);
    else if (this.selected) this.select(-1);
    else if (this.settings.find) this.find('');
    this.requestUpdate();
  }

  // -------------------------------------------------------------------- rest

  /** @param {string} tab */
  showTab(tab) {
    this.settings.tab = tab;
    this.requestUpdate();
    this.refreshPanels();
    this.address.remember();
  }

  async refreshPanels() {
    await this.updateComplete;
    this.requestUpdate();
    await this.updateComplete;
    const { trace } = this;
    if (!trace) return;
    if (this.settings.tab === 'events') await this.events.refresh();
    const plot = this.settings.tab === 'summary' ? /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.plot')) : null;
    await ask(this, this.ticks.show(plot, trace, () => trace === this.trace && plot === this.renderRoot.querySelector('.plot')));
  }

  pauseLive() {
    const { trace } = this;
    trace?.live?.setPaused(!trace.live.paused);
    if (this.toyKernel && trace?.live) this.toyKernel.running = !trace.live.paused;
    this.requestUpdate();
  }

  focusFind() {
    const input = /** @type {HTMLInputElement | null} */ (this.renderRoot.querySelector('#find'));
    input?.focus();
    input?.select();
  }

  showKeys() {
    /** @type {HTMLDialogElement | null} */ (this.renderRoot.querySelector('dialog'))?.showModal();
  }

  changeTheme() {
    const dark = this.theme ? this.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    this.theme = dark ? 'light' : 'dark';
    this.updateComplete.then(() => this.#recolour());
  }

  #recolour() {
    this.view?.recolour();
    this.ticks.clear();
    this.refreshPanels();
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */ leaving;
}
