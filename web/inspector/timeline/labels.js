/**
 * The names of processes and tracks beside the timeline, with their buttons: elements exist only
 * for visible ones.
 */
import { counterValue } from './counters.js';
import { formatValue } from './format.js';
import { eachVisible } from './layout.js';
import { namePair } from './names.js';
import { dragPin } from './pin_drag.js';
import { make } from './surface.js';

/** @typedef {import('./layout.js').Item} Item */

const LOW_PX = 14; // no room for text
const DEPTH_MOST = 8; // deeper ones are not indented further
const TRIANGLE = 'M3 1 L8 5 L3 9 Z',
  PIN = 'M3 1 H7 V5 L8 6 H5.5 V10 H4.5 V6 H2 L3 5 Z';

/** @param {string} path */
function icon(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 10 10');
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}

export class Labels {
  #view;
  #surface;
  #state;
  /** @type {Map<string, HTMLElement>} those in place, by their item */ #elements = new Map();

  /** @type {Map<HTMLElement, number>} the tracks of the counters' values */ #counters = new Map();

  /**
   * @param {import('./timeline_view.js').TimelineView} view
   * @param {import('./surface.js').Surface} surface @param {import('./state.js').ViewState} state
   */
  constructor(view, surface, state) {
    this.#view = view;
    this.#surface = surface;
    this.#state = state;
  }

  forget() {
    for (const element of this.#elements.values()) element.remove();
    this.#elements.clear();
  }

  draw() {
    const { layout, scrollPx, heightPx, trace, track } = this.#state;
    const { list, pins } = this.#surface;
    const before = this.#elements;
    this.#elements = new Map();
    this.#counters.clear();
    pins.style.height = `${layout.pinnedHeight}px`;
    pins.toggleAttribute('data-any', layout.pinned.length > 0);
    if (trace)
      eachVisible(layout, scrollPx, heightPx, (item, top) => {
        const { kind, index, collapsed, pinned, depth } = item;
        const tracks = trace.overview.tracks.length;
        const key = `${kind} ${index} ${collapsed} ${pinned} ${depth} ${tracks}`;
        const element = before.get(key) ?? this.#make(item);
        before.delete(key);
        this.#elements.set(key, element);
        const id = /** @type {HTMLElement} */ (element.querySelector('.id'));
        if (item.kind === 'counter') this.#counters.set(id, item.index);
        if (!element.isConnected) (item.pinned ? pins : list).append(element);
        element.style.top = `${top}px`;
        element.style.height = `${item.height}px`;
        element.toggleAttribute('data-low', item.height < LOW_PX);
        this.#sayBusy(element, item);
        element.setAttribute(
          'aria-current',
          String(item.kind !== 'process' && item.index === track),
        );
      });
    for (const element of before.values()) element.remove();
  }

  /** @param {HTMLElement} element @param {Item} item */
  #sayBusy(element, item) {
    const place = element.querySelector('.busy');
    const { busy } = this.#state;
    const words = busy?.share(item.process) ?? '';
    if (!place || place.textContent === words) return;
    place.textContent = words;
    place.setAttribute('title', busy && words ? `of its lifetime ${busy.words}` : '');
  }

  /**
   * Updates the counters' values: known once they are drawn, and for the time under the pointer.
   */
  drawCounters() {
    for (const [id, track] of this.#counters) {
      const words = this.#counterWords(track);
      if (id.textContent !== words) id.textContent = words;
    }
  }

  /** @param {Item} item */
  #make(item) {
    const { name: whole, id } = this.#words(item);
    const [program, given] = namePair(whole);
    const name = program + given;
    const element = make('div', {
      class: 'label',
      role: 'listitem',
      'data-kind': item.alone ? 'process' : item.kind,
    });
    element.style.setProperty('--depth', String(Math.min(item.depth, DEPTH_MOST)));
    const words = make('span', { class: 'name', title: `${whole} ${id}`.trim() });
    const number = make('span', { class: 'id' });
    const text = make('span', { class: 'text' });
    text.append(make('b', {}, [program]), make('span', {}, [given]));
    number.textContent = id;
    words.append(text, number);
    if (item.kind === 'process' || item.alone) words.append(make('span', { class: 'id busy' }));
    element.append(this.#toggle(item, name || id), words);
    if (item.kind !== 'process') element.append(this.#pin(item, name || id));
    if (item.pinned)
      words.onpointerdown = (down) =>
        dragPin(this.#view, this.#surface.pins, this.#state, item.index, down);
    if (item.kind !== 'process') words.onclick = () => this.#view.showTrack(item.index);
    return element;
  }

  /** @param {Item} item @param {string} name */
  #toggle(item, name) {
    const { trace } = this.#state;
    const single = item.kind === 'thread' && (trace?.overview.tracks[item.index].rows ?? 0) <= 1;
    const button = make(
      'button',
      {
        class: 'toggle',
        tabindex: '-1',
        'aria-expanded': String(!item.collapsed),
        'aria-label': `Rows of ${name}`,
      },
      [icon(TRIANGLE)],
    );
    if (single) button.setAttribute('data-none', '');
    button.onclick = () =>
      this.#view.toggle(item.kind === 'process' ? 'collapsedProcesses' : 'collapsed', item.index);
    return button;
  }

  /** @param {Item} item @param {string} name */
  #pin(item, name) {
    const button = make(
      'button',
      {
        class: 'pin',
        tabindex: '-1',
        'aria-pressed': String(item.pinned),
        'aria-label': `Pin ${name} to the top`,
      },
      [icon(PIN)],
    );
    button.onclick = () => this.#view.toggle('pinned', item.index);
    return button;
  }

  /** The value under the pointer, else the minimum and maximum. @param {number} track */
  #counterWords(track) {
    const { geometry, pointer } = this.#state;
    const counter = geometry?.counters.find((each) => each.track === track);
    if (!counter) return '';
    const value = pointer ? counterValue(this.#state, track, pointer.timeNs) : null;
    if (value !== null) return formatValue(value);
    return `${formatValue(counter.low)} … ${formatValue(counter.high)}`;
  }

  /** @param {Item} item */
  #words(item) {
    const overview = /** @type {import('../trace/types.js').Trace} */ (this.#state.trace).overview;
    if (item.kind === 'process' || item.alone) {
      const { name, pid, firstTrack, numbered } = overview.processes[item.process];
      const main = item.alone ? overview.tracks[firstTrack].name : '';
      return { name: name || main || 'process', id: numbered ? String(pid) : '' };
    }
    const { name, tid, counter, numbered } = overview.tracks[item.index];
    if (counter === null) return { name: name || 'thread', id: numbered ? String(tid) : '' };
    return { name: counter, id: '' };
  }
}
