/**
 * <ringscope-inspector>: shows a trace. Any page can use it beside its own module:
 *
 *     document.querySelector('ringscope-inspector').attach(tracer);
 *
 * Attributes: `toy` offers the live demo; `theme` is light or dark, else the system's. Where the
 * element is the whole page, `url-state` lets it read and write the page's address, and `page-keys`
 * lets it take keys wherever the focus is.
 */
import { LitElement } from 'lit';
import { EventsPanel } from '../panels/events.js';
import { renderPage } from '../parts/page.js';
import { updateTimeline } from '../parts/timeline.js';
import { TimelineView } from '../timeline/timeline_view.js';
import { actionsOf } from './actions.js';
import { Address } from './address.js';
import { App } from './app.js';
import { showBeyond } from './beyond.js';
import { labelsPx } from './dock.js';
import { pressed } from './keys.js';
import * as opening from './opening.js';
import { select, selectRange, zoomTo } from './selecting.js';
import { sheets } from './sheets.js';
import { watch } from './watching.js';

/** @typedef {import('../timeline/track_view.js').ViewEvents} ViewEvents */

// an element put back into the document within this time was only moved
const MOVED_WITHIN_MS = 200;
const LOOKS = ['(prefers-color-scheme: dark)', '(forced-colors: active)'];

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
    /** Choose files with an input, even where the browser has a dialog that remembers them. */
    this.plainPicker = false;
    /**
     * Where the worker and the module are; undefined: beside the script.
     * @type {import('../trace/client.js').Assets | undefined}
     */
    this.assets = undefined;
    this.app = new App(this);
    this.actions = actionsOf(this.app);
    this.address = new Address(this.app);
    this.events = new EventsPanel(this.app, this.actions.select, () =>
      this.view?.zoomToSelection(),
    );
    /** Ends the listeners of the connected element. @type {AbortController | null} */
    this.connection = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.leaving = undefined;
    watch(this);
  }

  // ------------------------------------------------------- properties for hosts

  get view() {
    return this.app.view;
  }
  get trace() {
    return this.app.state.trace;
  }
  get settings() {
    return this.app.state.settings;
  }
  get selected() {
    return this.app.state.selected;
  }
  get range() {
    return this.app.state.range;
  }
  get hits() {
    return this.app.state.hits;
  }
  /** Events that pass the filter. */
  get shown() {
    return this.app.state.shown;
  }
  get progress() {
    return this.app.state.progress;
  }
  get message() {
    return this.app.state.message;
  }
  get toyKernel() {
    return this.app.state.toy;
  }

  // ---------------------------------------------------------- methods for hosts

  /** @param {Blob} blob @param {string} [name] */
  open = (blob, name) => opening.open(this.app, blob, name);
  /** Opens several files as one trace. @param {Iterable<File>} files */
  openFiles = (files) => opening.openFiles(this.app, files);
  /**
   * Follows a tracer of this page, which remains the caller's.
   * @param {import('../../ringscope.js').Tracer} tracer @param {string} [name]
   */
  attach = (tracer, name) => opening.attach(this.app, tracer, name);
  startToy = () => opening.startToy(this.app);
  close = () => {
    this.app.opening?.abort();
    this.app.forget();
  };
  /** @param {number} event -1: none */
  select = (event) => select(this.app, event);
  /** @param {{ fromNs: number, toNs: number } | null} range */
  selectRange = (range) => selectRange(this.app, range);
  /** @param {Partial<import('./settings.js').Settings>} change of the filters */
  set = (change) => this.actions.change(change);

  // ------------------------------------------------------------------ lifecycle

  connectedCallback() {
    super.connectedCallback();
    clearTimeout(this.leaving);
    this.connection = new AbortController();
    const { signal } = this.connection;
    const keys = this.pageKeys ? document : this;
    const press = (/** @type {Event} */ event) => {
      const here = pressed(this.app, this.actions, /** @type {KeyboardEvent} */ (event));
      if (here && !this.pageKeys) event.stopPropagation(); // it is no shortcut of the host's too
    };
    keys.addEventListener('keydown', press, { signal });
    for (const look of LOOKS)
      matchMedia(look).addEventListener('change', () => this.#recolour(), { signal });
    this.address.connect(signal);
    if (this.hasUpdated && !this.view) this.#makeView();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.connection?.abort();
    this.leaving = setTimeout(() => this.#leave(), MOVED_WITHIN_MS);
  }

  /** Moved within the document by moveBefore(): nothing to do. */
  connectedMoveCallback() {}

  /**
   * Removed for good, as far as we can tell: frees memory and worker. If connected again, the
   * element starts afresh.
   */
  #leave() {
    this.close();
    this.address.dispose();
    this.view?.dispose();
    this.app.view = null;
  }

  firstUpdated() {
    this.#makeView();
    new ResizeObserver(() => showBeyond(this.app.find('.chips'))).observe(this);
    const { trace } = this.address;
    if (trace) opening.openAddress(this.app, trace);
  }

  #makeView() {
    const host = /** @type {HTMLElement} */ (this.app.find('.timeline'));
    const view = new TimelineView(host);
    /**
     * @template {keyof ViewEvents} T
     * @param {T} type @param {(detail: ViewEvents[T]) => void} act
     */
    const on = (type, act) =>
      view.addEventListener(type, (event) => act(/** @type {CustomEvent} */ (event).detail));
    this.app.view = view;
    on('select', ({ event }) => this.select(event));
    on('open', ({ event }) => zoomTo(this.app, event));
    on('gap', (place) => this.actions.gapAt(place));
    on('other', (range) => this.actions.compareWith(range));
    on('range', (range) => this.selectRange(range));
    on('window', () => this.address.moved());
    on('tracks', ({ pinned }) => this.app.set({ pins: pinned }));
    on('failed', ({ message }) => this.app.say(message, true));
    on('labels', ({ px }) => this.app.setDock({ labelsPx: labelsPx(px) }));
    if (this.trace) opening.showInView(this.app, this.trace); // opened before there was a view
  }

  /** Focus stays here when its element goes: a note's, once it is removed. @override */
  update(/** @type {Map<PropertyKey, unknown>} */ changed) {
    const focused = this.shadowRoot?.activeElement;
    const panel = /** @type {HTMLElement | null | undefined} */ (focused?.closest('#panel'));
    super.update(changed);
    if (focused && !focused.isConnected) (panel ?? this.view)?.focus();
  }

  render() {
    return renderPage(this.app, this.actions, this.events);
  }

  updated() {
    const { trace, settings, version } = this.app.state;
    updateTimeline(this.app);
    showBeyond(this.app.find('.chips'));
    if (trace && settings.tab === 'events') this.events.refresh(version);
  }

  /** Text typed to find a thread; null: nobody does. @type {string | null} */
  typedThread = null;

  /** @param {string | null} typed */
  typeThread(typed) {
    this.typedThread = typed;
    this.requestUpdate();
  }

  chooseThread() {
    this.typeThread('');
    /** @type {HTMLDialogElement | null} */ (this.app.find('dialog.threads'))?.showModal();
  }

  changeTheme() {
    const { matches } = matchMedia('(prefers-color-scheme: dark)');
    const dark = this.theme ? this.theme === 'dark' : matches;
    this.theme = dark ? 'light' : 'dark';
    this.updateComplete.then(() => this.#recolour());
  }

  #recolour() {
    this.view?.recolour();
    this.requestUpdate();
  }
}
