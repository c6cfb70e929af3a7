/**
 * <ringscope-inspector>: shows a trace. A page of one's own may use it beside its own module:
 *
 *     document.querySelector('ringscope-inspector').attach(tracer);
 *
 * Attributes: `toy` offers the toy kernel; `theme` is light or dark, else the system's.
 */
import { LitElement } from 'lit';
import { EventsPanel } from '../panels/events.js';
import { NameStatistics } from '../panels/names.js';
import { StatisticsTable } from '../panels/operations.js';
import { drawTicks, tickName } from '../panels/ticks.js';
import { TimelineView } from '../timeline/timeline_view.js';
import { liveTrace, servedTrace } from '../trace/live.js';
import { placesOf } from '../trace/filter.js';
import { openTrace, openTraces } from '../trace/open.js';
import { fetchTrace } from '../sources/fetch_trace.js';
import { Toy } from '../sources/toy.js';
import { restoreDivider } from './gestures.js';
import { pressed } from './keys.js';
import { renderPage } from './render.js';
import { filterOf, noSettings, readSettings, writeSettings } from './settings.js';
import { sheets } from './sheets.js';
import { run, telling } from './work.js';

/** @typedef {import('../trace/types.js').Trace} Trace @typedef {import('../trace/types.js').EventDetails} EventDetails @typedef {import('./settings.js').Settings} Settings */

const LIVE_STATISTICS_MS = 250;
const STEP_SHOWN_MS = 60;
const LIVE_WINDOW_NS = 2e9; // what is seen of a live trace until somebody zooms

export class Inspector extends LitElement {
  static styles = sheets;
  static properties = { theme: { reflect: true }, toy: { type: Boolean } };

  constructor() {
    super();
    /** @type {string | undefined} */ this.theme = undefined;
    this.toy = false;
    /** Where worker and module are; undefined: beside the script. @type {import('../trace/client.js').Assets | undefined} */ this.assets = undefined;
    /** @type {Trace | null} */ this.trace = null;
    /** @type {TimelineView | null} */ this.view = null;
    /** @type {Settings} */ this.settings = noSettings();
    /** @type {import('./work.js').Progress | null} */ this.progress = null;
    /** @type {{ text: string, error: boolean } | null} */ this.message = null;
    /** @type {EventDetails | null} */ this.selected = null;
    /** @type {{ fromNs: number, toNs: number } | null} */ this.range = null;
    /** @type {any[] | null} */ this.statistics = null;
    this.byCategory = false;
    this.shown = 0; // events that pass the filter
    this.hits = { hits: 0, done: true, rank: -1 };
    this.dropping = false;
    /** @type {Toy | null} */ this.toyKernel = null;
    this.events = new EventsPanel(this);
    this.operationsTable = new StatisticsTable(this, 'operations');
    this.statisticsTable = new StatisticsTable(this, 'statistics');
    this.nameStatistics = new NameStatistics(this);
    this.refreshed = 0;
    this.restored = false; // what the URL says of the window, which is of its trace alone
    this.onKey = (/** @type {KeyboardEvent} */ event) => pressed(this, event);
  }

  connectedCallback() {
    super.connectedCallback();
    this.settings = readSettings(location.hash);
    document.addEventListener('keydown', this.onKey);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.onKey);
    this.close();
  }

  firstUpdated() {
    const host = /** @type {HTMLElement} */ (this.renderRoot.querySelector('.timeline'));
    const view = new TimelineView(host);
    this.view = view;
    restoreDivider(this);
    view.addEventListener('select', (event) => this.select(/** @type {CustomEvent} */ (event).detail.event));
    view.addEventListener('range', (event) => this.selectRange(/** @type {CustomEvent} */ (event).detail));
    view.addEventListener('window', () => this.#remember());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#recolour());
    const address = new URLSearchParams(location.search).get('trace');
    if (address) this.openAddress(address);
  }

  render() {
    return renderPage(this);
  }

  // ------------------------------------------------------------------ traces

  /** @param {Blob} blob @param {string} name */
  open(blob, name) {
    return run(this, `Opening ${name}`, async (signal, report) => this.show(await openTrace(blob, { name, signal, onProgress: report, assets: this.assets })));
  }

  /** Several files become one trace. @param {Iterable<File>} files */
  openFiles(files) {
    const named = [...files].map((file) => ({ blob: file, name: file.name }));
    const what = named.length === 1 ? named[0].name : `${named.length} files`;
    return run(this, `Opening ${what}`, async (signal, report) => this.show(await openTraces(named, { signal, onProgress: report, assets: this.assets })));
  }

  /** @param {string} address */
  openAddress(address) {
    return run(this, `Fetching ${address}`, async (signal, report) => {
      const fetched = await fetchTrace(address, signal, (done, total) => report(done, total, 'Fetching'));
      const options = { name: fetched.name, signal, onProgress: report, assets: this.assets };
      this.show(fetched.live ? await servedTrace(fetched, options) : await openTrace(fetched.blob, options));
    });
  }

  /** Follows a tracer of this page, which stays the caller's. @param {import('../../ringscope.js').Tracer} tracer @param {string} [name] */
  async attach(tracer, name = 'live') {
    const trace = await liveTrace(tracer, { name, assets: this.assets });
    this.show(trace);
  }

  async startToy() {
    this.close();
    const toy = await Toy.boot();
    this.toyKernel = toy;
    await this.attach(toy.kernel.tracer, 'the toy kernel');
    this.toyKernel = toy;
    toy.onEnd = () => this.say('The toy kernel has finished: its last program has exited. "Toy kernel" starts it again.');
    this.requestUpdate();
  }

  /** One tick of the toy kernel, after which it stands still again. */
  stepToy() {
    const live = this.trace?.live;
    this.toyKernel?.step();
    live?.setPaused(false);
    setTimeout(() => {
      live?.setPaused(true);
      this.requestUpdate();
    }, STEP_SHOWN_MS);
  }

  /** @param {Trace} trace */
  show(trace) {
    const toy = this.toyKernel; // which the new trace may be of
    this.toyKernel = null;
    this.close();
    this.toyKernel = trace.live ? toy : null;
    if (!trace.live) toy?.dispose();
    this.trace = trace;
    this.shown = trace.overview.events;
    this.view?.setTrace(trace);
    trace.live?.onChange(() => this.#grown());
    if (this.settings.window && !this.restored) this.view?.setWindow(this.settings.window.fromNs, this.settings.window.toNs);
    this.restored = true;
    this.events.toTop();
    if (!trace.live && trace.overview.events === 0) this.say([`${trace.overview.title} has no events.`, ...trace.overview.notes].join(' '));
    this.applyFilter();
    this.dispatchEvent(new CustomEvent('trace', { detail: trace }));
  }

  close() {
    this.trace?.dispose();
    this.toyKernel?.dispose();
    this.toyKernel = null;
    this.trace = null;
    this.selected = null;
    this.range = null;
    this.statistics = null;
    this.view?.setTrace(null);
    this.requestUpdate();
  }

  /** @param {string} text @param {boolean} [error] */
  say(text, error = false) {
    this.message = { text, error };
    this.requestUpdate();
  }

  /** A live trace has more than it had: events have other numbers now. */
  #grown() {
    const { trace, view } = this;
    if (!trace || !view) return;
    const { fromNs, toNs } = view.window, { durationNs } = trace.overview;
    const following = toNs >= view.limits.durationNs, all = fromNs <= 0 && following;
    const spanNs = all ? LIVE_WINDOW_NS : toNs - fromNs;
    view.refresh();
    view.setHidden(placesOf(filterOf(this.settings), trace.overview).hiddenTracks);
    if (following) view.setWindow(Math.max(0, durationNs - spanNs), durationNs);
    if (this.selected) this.#findAgain(this.selected);
    this.shown = trace.overview.shown;
    const now = performance.now(), due = this.refreshed + LIVE_STATISTICS_MS;
    clearTimeout(this.refreshing);
    if (now < due) return void (this.refreshing = setTimeout(() => this.#refreshPanels(), due - now));
    this.refreshed = now;
    this.#refreshPanels();
  }

  /** An event of a live trace, which has another number now. @param {EventDetails} before */
  async #findAgain(before) {
    const { trace } = this;
    const event = (await trace?.hit(before.row, before.startNs, 0).catch(() => -1)) ?? -1;
    const now = event < 0 ? null : ((await trace?.event(event).catch(() => null)) ?? null);
    if (this.selected !== before) return;
    this.selected = now?.startNs === before.startNs && now.name === before.name ? now : null;
    this.view?.setSelectedEvent(this.selected);
    this.requestUpdate();
  }

  // ----------------------------------------------------------------- filters

  async applyFilter() {
    const { trace } = this;
    if (!trace) return;
    const filter = filterOf(this.settings);
    this.view?.setHidden(placesOf(filter, trace.overview).hiddenTracks);
    const passed = await telling(this, 'Filtering', trace.filter(filter)).catch(() => null);
    if (!passed || trace !== this.trace) return;
    this.shown = passed.events;
    this.view?.refresh();
    this.#refreshPanels();
    if (this.settings.find) this.find(this.settings.find);
    this.#remember();
  }

  /** @param {Partial<Settings>} change */
  set(change) {
    Object.assign(this.settings, change);
    this.requestUpdate();
    return this.applyFilter();
  }

  /** @param {number} index @param {boolean} alone */
  toggleCategory(index, alone) {
    const categories = this.trace?.overview.categories ?? [];
    const name = categories[index]?.name;
    if (!name) return;
    const others = categories.map((category) => category.name).filter((other) => other !== name);
    const isAlone = others.every((other) => this.settings.hidden.has(other)) && !this.settings.hidden.has(name);
    const hidden = new Set(alone ? (isAlone ? [] : others) : this.settings.hidden);
    if (!alone && !hidden.delete(name)) hidden.add(name);
    this.set({ hidden });
  }

  /** @param {string} text */
  async find(text) {
    this.settings.find = text;
    this.hits = { hits: 0, done: false, rank: -1 };
    this.view?.setSearching(text !== '');
    const tell = (/** @type {import('../trace/types.js').SearchState} */ state) => {
      this.hits = { ...this.hits, ...state };
      this.requestUpdate();
    };
    const state = await this.trace?.search(text, tell).catch(() => null);
    if (!state || this.settings.find !== text) return;
    tell(state);
    this.view?.refresh();
    this.#remember();
  }

  /** @param {-1 | 1} direction */
  async nextHit(direction) {
    const from = this.selected ? { event: this.selected.event } : { timeNs: this.view?.window.fromNs ?? 0 };
    const { event, rank } = (await this.trace?.nextHit(from, direction).catch(() => null)) ?? { event: -1, rank: -1 };
    if (event < 0) return;
    this.hits = { ...this.hits, rank };
    await this.select(event);
  }

  // --------------------------------------------------------------- selection

  /** @param {number} event -1: none */
  async select(event) {
    const details = event < 0 ? null : ((await this.trace?.event(event).catch(() => null)) ?? null);
    if (details && this.trace?.live && !this.trace.live.paused) this.pauseLive(); // or it would move away
    this.selected = details;
    this.view?.setSelectedEvent(details);
    if (details) this.view?.revealEvent(details);
    if (details && this.range) this.selectRange(null);
    if (details && this.settings.tab !== 'events') this.settings.tab = 'selection';
    if (details && this.settings.tab === 'events') this.events.reveal(event);
    this.requestUpdate();
    this.#remember();
  }

  /** @param {-1 | 1} direction @param {'row' | 'track' | 'name'} [among] */
  async step(direction, among = 'track') {
    if (!this.selected) return this.#selectFirst();
    const event = await this.trace?.neighbour(this.selected.event, among, direction).catch(() => -1);
    if (event !== undefined && event >= 0) await this.select(event);
  }

  /** Of those that are seen of the current track, or of the first one. */
  async #selectFirst() {
    const { trace, view } = this;
    if (!trace || !view) return;
    const { fromNs, toNs } = view.window, tracks = trace.overview.tracks;
    const track = tracks[view.track] ?? tracks.find(({ counter }) => counter === null);
    if (!track || track.counter !== null) return;
    const event = await trace.hit(track.firstRow, Math.max(0, fromNs), toNs - fromNs).catch(() => -1);
    if (event >= 0) await this.select(event);
  }

  zoomToSelected() {
    if (this.selected) this.view?.zoomToEvent(this.selected);
  }

  /** @param {{ fromNs: number, toNs: number } | null} range */
  async selectRange(range) {
    this.range = range;
    this.statistics = null;
    this.view?.setSelection(range);
    if (range) this.settings.tab = 'selection';
    this.requestUpdate();
    if (range) await this.countBy(this.byCategory);
  }

  /** The time of the selected event becomes the range. */
  mark() {
    if (this.selected) this.selectRange({ fromNs: this.selected.startNs, toNs: this.selected.startNs + Math.max(1, this.selected.durationNs) });
  }

  /** @param {boolean} byCategory */
  async countBy(byCategory) {
    const { trace, range } = this;
    this.byCategory = byCategory;
    if (!trace || !range) return;
    const by = byCategory ? 'category' : 'name';
    const counting = trace.statistics(Math.floor(range.fromNs), Math.ceil(range.toNs), by);
    const statistics = await telling(this, 'Computing statistics', counting).catch(() => null);
    if (!statistics || range !== this.range) return;
    const { names, categories } = trace.overview;
    this.statistics = statistics.map((each) => ({ ...each, hue: categories[each.category].hue, name: byCategory ? categories[each.key].name : names[each.key] }));
    this.requestUpdate();
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
    this.#refreshPanels();
    this.#remember();
  }

  async #refreshPanels() {
    await this.updateComplete;
    this.requestUpdate();
    await this.updateComplete;
    const { trace } = this;
    if (!trace) return;
    if (this.settings.tab === 'events') await this.events.refresh();
    const plot = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.plot'));
    const name = tickName(trace.overview);
    if (this.settings.tab !== 'summary' || !plot || name < 0) return;
    const series = await trace.series(name, true).catch(() => null);
    if (series) drawTicks(plot, series);
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
    this.#refreshPanels();
  }

  /** @param {'ring' | 'chrome'} format */
  async save(format) {
    try {
      if (!this.trace) return;
      const blob = await telling(this, 'Writing the file', this.trace.save(format));
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = `${this.trace.overview.title.replace(/\.(ring|json)(\.gz)?$/, '')}.${format === 'ring' ? 'ring' : 'json'}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    } catch (error) {
      this.say(/** @type {Error} */ (error).message, true);
    }
  }

  /** Keeps what is seen in the URL. */
  #remember() {
    if (!this.trace || !this.view) return;
    const { fromNs, toNs } = this.view.window, all = fromNs <= 0 && toNs >= this.trace.overview.durationNs;
    this.settings.window = all || this.trace.live ? null : { fromNs, toNs };
    clearTimeout(this.writing);
    this.writing = setTimeout(() => history.replaceState(null, '', `${location.pathname}${location.search}${writeSettings(this.settings)}`), 150);
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */ writing;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ refreshing;
}

