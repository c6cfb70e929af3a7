/**
 * Mouse, wheel and touch on the timeline. In the area a drag pans, and with Shift selects a range,
 * as does a drag in the ruler; the wheel zooms at the pointer, pans with Shift, and scrolls with
 * Alt (or over the names). fingers.js handles two fingers.
 */
import { answered } from './answered.js';
import { CLICK_PX, drag, placeIn } from './dragging.js';
import { rectUnder } from './hit.js';
import { itemAt } from './layout.js';
import { dragRange, edgeAt, edgeUnder } from './range_drag.js';
import { fitWindow, pxToTime } from './scale.js';
import { Fingers } from './fingers.js';

/**
 * @typedef {import('./timeline_view.js').TimelineView} View
 * @typedef {import('./surface.js').Surface} Surface
 * @typedef {import('./state.js').ViewState} ViewState
 */

const ZOOM_PER_PX = 0.0025,
  PINCH_PER_PX = 0.01; // a touchpad pinch arrives as wheel with Ctrl, in smaller steps
const LINE_PX = 16;

/**
 * @param {View} view @param {Surface} surface @param {ViewState} state @param {MouseEvent} event
 */
function hover(view, surface, state, event) {
  const { x, y } = placeIn(surface.area, event);
  const timeNs = pxToTime(state.window, state.widthPx, x);
  state.pointer = { x, y, timeNs };
  state.hovered = rectUnder(state);
  surface.area.toggleAttribute('data-edge', edgeAt(state, x) >= 0);
  view.invalidate('overlay');
}

/** @param {ViewState} state */
const eventUnder = ({ hovered, geometry }) => (hovered < 0 ? -1 : (geometry?.event[hovered] ?? -1));

/**
 * @param {View} view @param {Surface} surface @param {ViewState} state @param {Fingers} fingers
 * @param {PointerEvent} down
 */
function dragArea(view, surface, state, fingers, down) {
  let { x, y } = placeIn(surface.area, down);
  surface.area.dataset.dragging = '';
  // the second finger of a pinch does not click
  const began = fingers.arePinching ? -1 : fingers.gestures;
  drag(
    down,
    (event) => {
      const now = placeIn(surface.area, event);
      if (!fingers.arePinching) view.panBy((x - now.x) / state.widthPx);
      if (!fingers.arePinching) view.scrollBy(y - now.y);
      ({ x, y } = now);
    },
    (event) => {
      delete surface.area.dataset.dragging;
      const moved =
        Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) >= CLICK_PX;
      if (moved || fingers.gestures !== began || event.type === 'pointercancel') return;
      hover(view, surface, state, event);
      view.send('select', { event: eventUnder(state) });
    },
  );
}

/** @param {View} view @param {ViewState} state @param {import('./state.js').Pointer} pointer */
function sayGap(view, { layout, scrollPx }, { y, timeNs }) {
  const item = itemAt(layout, scrollPx, y)?.item;
  if (item?.kind === 'thread') view.send('gap', { track: item.index, timeNs });
}

/**
 * @param {View} view @param {Surface} surface @param {ViewState} state @param {WheelEvent} event
 */
function wheel(view, surface, state, event) {
  const unit = event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? state.heightPx : 1;
  const across = (event.deltaX + (event.shiftKey ? event.deltaY : 0)) * unit,
    down = event.shiftKey ? 0 : event.deltaY * unit;
  event.preventDefault();
  if (across) view.panBy(across / state.widthPx);
  if (event.altKey || surface.labels.contains(/** @type {Node} */ (event.composedPath()[0])))
    view.scrollBy(down);
  else if (down)
    view.zoomBy(
      Math.exp(-down * (event.ctrlKey ? PINCH_PER_PX : ZOOM_PER_PX)),
      pxToTime(state.window, state.widthPx, placeIn(surface.area, event).x),
    );
}

/**
 * @param {View} view @param {Surface} surface @param {ViewState} state @param {PointerEvent} down
 */
function dragMinimap(view, surface, state, down) {
  const { minimap, handles } = surface;
  const at = (/** @type {PointerEvent} */ event) =>
    pxToTime(fitWindow(state.limits), surface.minimapPx, placeIn(minimap, event).x);
  const edge = handles.indexOf(/** @type {HTMLElement} */ (down.composedPath()[0]));
  const inside = down.composedPath()[0] === surface.view;
  const span = state.window.toNs - state.window.fromNs;
  const grip = inside ? at(down) - state.window.fromNs : span / 2;
  const move = (/** @type {PointerEvent} */ event) => {
    const time = at(event);
    if (edge === 0) view.setWindow(Math.min(time, state.window.toNs), state.window.toNs);
    else if (edge === 1) view.setWindow(state.window.fromNs, Math.max(time, state.window.fromNs));
    else view.setWindow(time - grip, time - grip + span);
  };
  if (!inside && edge < 0) move(down);
  drag(down, move);
}

/**
 * Arrow keys move an edge of the window by a fiftieth of its span.
 * @param {View} view @param {ViewState} state @param {number} edge @param {KeyboardEvent} event
 */
function moveEdge(view, state, edge, event) {
  const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!direction) return;
  const step = (direction * (state.window.toNs - state.window.fromNs)) / 50;
  event.preventDefault();
  event.stopPropagation();
  view.setWindow(
    state.window.fromNs + (edge === 0 ? step : 0),
    state.window.toNs + (edge === 1 ? step : 0),
  );
}

/**
 * @param {Surface} surface @param {ViewState} state @param {View} view @param {PointerEvent} down
 */
function dragScrollbar(surface, state, view, down) {
  const { area } = surface;
  let { y } = placeIn(area, down);
  down.stopPropagation();
  drag(down, (event) => {
    const room = state.heightPx - state.layout.pinnedHeight;
    const now = placeIn(area, event);
    view.scrollBy(((now.y - y) / room) * state.layout.height);
    ({ y } = now);
  });
}

const KEY_PX = 16;

/**
 * @typedef {<T extends keyof HTMLElementEventMap>(element: HTMLElement, type: T,
 *   act: (event: HTMLElementEventMap[T]) => void) => void} On
 */

/**
 * Resizes the column of names, by drag or by key.
 * @param {View} view @param {Surface} surface
 * @param {On} on
 */
function dragLabels(view, { edge, grid, labels }, on) {
  on(edge, 'pointerdown', (down) =>
    drag(down, (event) => view.send('labels', { px: placeIn(grid, event).x })),
  );
  on(edge, 'keydown', (event) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!direction) return;
    event.preventDefault();
    event.stopPropagation();
    view.send('labels', { px: labels.offsetWidth + direction * KEY_PX });
  });
}

/**
 * Begins to listen; returns a function that stops it.
 * @param {View} view @param {Surface} surface @param {ViewState} state
 */
export function steer(view, surface, state) {
  const ended = new AbortController();
  const { area, ruler, minimap, labels, scrollbar, handles, grid } = surface;
  /** @type {On} */
  const on = (element, type, act) =>
    element.addEventListener(type, act, { signal: ended.signal, passive: false });
  const fingers = new Fingers(view, area, state, ended.signal, (event) =>
    hover(view, surface, state, event),
  );
  on(
    area,
    'pointermove',
    (event) => event.pointerType !== 'touch' && hover(view, surface, state, event),
  );
  on(area, 'pointerleave', () => {
    state.pointer = null;
    state.hovered = -1;
    view.invalidate('overlay');
  });
  on(area, 'pointerdown', (event) => {
    if (event.button !== 0) return;
    const edge = edgeUnder(area, state, event);
    if (event.shiftKey || event.altKey || edge >= 0) dragRange(view, area, state, event, edge);
    else dragArea(view, surface, state, fingers, event);
  });
  on(area, 'dblclick', async (at) => {
    hover(view, surface, state, at); // the first click may have moved the view
    const { trace, geometry, hovered, pointer } = state;
    if (!trace || !pointer) return;
    if (!geometry || hovered < 0) return sayGap(view, state, pointer);
    const event = geometry.event[hovered];
    const failed = (/** @type {string} */ message) => view.send('failed', { message });
    const details = await answered(trace.event(event), failed, trace.live !== null);
    if (details) view.zoomToEvent(details);
    if (details) view.send('open', { event });
  });
  for (const element of [area, ruler, labels])
    on(element, 'wheel', (event) => wheel(view, surface, state, event));
  on(
    ruler,
    'pointerdown',
    (event) =>
      event.button === 0 && dragRange(view, ruler, state, event, edgeUnder(ruler, state, event)),
  );
  on(
    minimap,
    'pointerdown',
    (event) => event.button === 0 && dragMinimap(view, surface, state, event),
  );
  on(scrollbar, 'pointerdown', (event) => dragScrollbar(surface, state, view, event));
  handles.forEach((handle, edge) =>
    on(handle, 'keydown', (event) => moveEdge(view, state, edge, event)),
  );
  dragLabels(view, surface, on);
  on(grid, 'dragstart', (event) => event.preventDefault());
  return () => ended.abort();
}
