/** Dropping files onto the page, and dragging the divider between timeline and panels. */

/** @typedef {import('./inspector.js').Inspector} Inspector */

const PANEL_LEAST_PX = 80;
const KEY_PX = 24;
const REMEMBERED = 'ringscope.divider';

/** @param {Inspector} page */
export function droppable(page) {
  const set = (/** @type {boolean} */ dropping) => {
    if (page.dropping !== dropping) page.requestUpdate();
    page.dropping = dropping;
  };
  return {
    over: (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      set(true);
    },
    leave: (/** @type {DragEvent} */ event) => event.relatedTarget === null && set(false),
    drop: (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      set(false);
      if (event.dataTransfer?.files.length) page.openFiles(event.dataTransfer.files);
    },
  };
}

/** @param {Inspector} page */
function parts(page) {
  const main = /** @type {HTMLElement} */ (page.renderRoot.querySelector('main'));
  const panels = /** @type {HTMLElement} */ (page.renderRoot.querySelector('.panels'));
  return { main, panels, beside: panels.offsetLeft > 0 };
}

/** @param {Inspector} page @param {number} px */
function resize(page, px) {
  const { main, beside } = parts(page);
  const whole = beside ? main.clientWidth : main.clientHeight, most = whole - 160;
  const size = Math.round(Math.max(PANEL_LEAST_PX, Math.min(most, px)));
  main.style.setProperty(beside ? '--side' : '--panel', `${size}px`);
  page.renderRoot.querySelector('.divider')?.setAttribute('aria-valuenow', String(Math.round((size / whole) * 100)));
  try {
    localStorage.setItem(`${REMEMBERED}.${beside ? 'side' : 'panel'}`, String(size));
  } catch {
    // Storage may be forbidden: then the divider forgets.
  }
}

/** As it was left the last time. @param {Inspector} page */
export function restoreDivider(page) {
  const { main } = parts(page);
  try {
    for (const name of ['side', 'panel']) {
      const size = Number(localStorage.getItem(`${REMEMBERED}.${name}`));
      if (size > 0) main.style.setProperty(`--${name}`, `${size}px`);
    }
  } catch {
    // As above.
  }
}

/** @param {Inspector} page */
export function resizer(page) {
  return {
    down: (/** @type {PointerEvent} */ down) => {
      const divider = /** @type {HTMLElement} */ (down.currentTarget);
      const { main, beside } = parts(page), box = main.getBoundingClientRect();
      divider.setPointerCapture(down.pointerId);
      divider.onpointermove = (event) => resize(page, beside ? box.right - event.clientX : box.bottom - event.clientY);
      divider.onpointerup = () => (divider.onpointermove = null);
    },
    key: (/** @type {KeyboardEvent} */ event) => {
      const step = { ArrowUp: KEY_PX, ArrowLeft: KEY_PX, ArrowDown: -KEY_PX, ArrowRight: -KEY_PX }[event.key];
      const { panels, beside } = parts(page);
      if (step) resize(page, (beside ? panels.clientWidth : panels.clientHeight) + step);
      if (step) event.preventDefault();
    },
  };
}
