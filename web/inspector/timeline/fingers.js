/**
 * Touch: two fingers zoom and pan, keeping the point under each finger in place; a resting finger
 * shows the tooltip.
 */
import { placeIn } from './dragging.js';
import { pxToTime } from './scale.js';

/**
 * @typedef {import('./timeline_view.js').TimelineView} View
 * @typedef {import('./state.js').ViewState} ViewState
 */

const LONG_PRESS_MS = 500;
const REST_PX = 8; // a finger never rests completely
const LEAST_APART_PX = 16; // closer ones would zoom excessively

/** @param {{ x: number, y: number }[]} fingers */
const span = ([one, other]) => ({
  x: (one.x + other.x) / 2,
  y: (one.y + other.y) / 2,
  apart: Math.max(LEAST_APART_PX, Math.hypot(one.x - other.x, one.y - other.y)),
});

export class Fingers {
  /** @type {Map<number, { x: number, y: number }>} */ #down = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #press;
  #view;
  #area;
  #state;
  /** The number of pinches and long presses so far: a press that became one is no click. */
  gestures = 0;

  /**
   * @param {View} view @param {HTMLElement} area @param {ViewState} state
   * @param {AbortSignal} signal @param {(event: PointerEvent) => void} longPressed
   */
  constructor(view, area, state, signal, longPressed) {
    this.#view = view;
    this.#area = area;
    this.#state = state;
    const on = (/** @type {string} */ type, /** @type {(event: PointerEvent) => void} */ act) =>
      area.addEventListener(
        type,
        (event) => {
          const pointer = /** @type {PointerEvent} */ (event);
          if (pointer.pointerType === 'touch') act(pointer);
        },
        { signal },
      );
    on('pointerdown', (event) => this.#begin(event, longPressed));
    on('pointermove', (event) => this.#move(event));
    for (const type of ['pointerup', 'pointercancel']) on(type, (event) => this.#end(event));
    signal.addEventListener('abort', () => clearTimeout(this.#press));
  }

  get arePinching() {
    return this.#down.size > 1;
  }

  /** @param {PointerEvent} event @param {(event: PointerEvent) => void} longPressed */
  #begin(event, longPressed) {
    this.#down.set(event.pointerId, placeIn(this.#area, event));
    clearTimeout(this.#press);
    const rested = () => {
      this.gestures++;
      longPressed(event);
    };
    if (this.#down.size === 1) this.#press = setTimeout(rested, LONG_PRESS_MS);
    if (this.#down.size === 2) this.gestures++;
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const { pointerId } = event;
    const { x, y } = placeIn(this.#area, event);
    const finger = this.#down.get(pointerId);
    if (!finger || (this.#down.size === 1 && Math.hypot(x - finger.x, y - finger.y) < REST_PX))
      return;
    clearTimeout(this.#press);
    const before = this.#down.size === 2 ? span([...this.#down.values()]) : null;
    this.#down.set(pointerId, { x, y });
    if (before) this.#pinch(before, span([...this.#down.values()]));
  }

  /** @param {ReturnType<typeof span>} before @param {ReturnType<typeof span>} now */
  #pinch(before, now) {
    const { window, widthPx } = this.#state;
    this.#view.zoomBy(now.apart / before.apart, pxToTime(window, widthPx, before.x));
    this.#view.panBy((before.x - now.x) / widthPx);
    this.#view.scrollBy(before.y - now.y);
  }

  /** @param {PointerEvent} event */
  #end({ pointerId }) {
    clearTimeout(this.#press);
    this.#down.delete(pointerId);
  }
}
