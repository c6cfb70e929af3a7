/** Where the panels are and how large; remembered between visits. */

/**
 * @typedef {object} Dock
 * @property {'bottom' | 'right'} at
 * @property {'tabs' | 'part' | 'all'} size tabs: only those; all: as large as possible
 * @property {number} heightPx 0: the default
 * @property {number} widthPx likewise, at the right
 * @property {number} labelsPx width of the column of names
 */

const REMEMBERED = 'ringscope.dock';
const LEAST_PX = 80;
const TIMELINE_LEAST_PX = 160;
const LABELS_LEAST_PX = 96;
const LABELS_MOST_PX = 560;

/** @type {Dock} */
const FIRST = { at: 'bottom', size: 'part', heightPx: 0, widthPx: 0, labelsPx: 0 };

/**
 * The browser's storage may be forbidden, or hold something foreign: then the defaults apply.
 * @returns {Dock}
 */
export function rememberedDock() {
  try {
    const given = JSON.parse(localStorage.getItem(REMEMBERED) ?? '{}');
    const number = (/** @type {unknown} */ value) =>
      typeof value === 'number' && value > 0 && value < 1e5 ? value : 0;
    return {
      at: given.at === 'right' ? 'right' : 'bottom',
      size: ['tabs', 'part', 'all'].includes(given.size) ? given.size : 'part',
      heightPx: number(given.heightPx),
      widthPx: number(given.widthPx),
      labelsPx: number(given.labelsPx),
    };
  } catch (error) {
    if (error instanceof DOMException || error instanceof SyntaxError) return FIRST;
    throw error;
  }
}

/** @param {Dock} dock */
export function rememberDock(dock) {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(dock));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // forbidden, or full: the dock forgets
  }
}

/** @param {Dock} dock @param {number} px @param {number} wholePx @returns {Dock} */
export function resized(dock, px, wholePx) {
  const size = Math.round(Math.max(LEAST_PX, Math.min(wholePx - TIMELINE_LEAST_PX, px)));
  return {
    ...dock,
    size: 'part',
    ...(dock.at === 'right' ? { widthPx: size } : { heightPx: size }),
  };
}

/** @param {number} px wanted */
export const labelsPx = (px) => Math.round(Math.max(LABELS_LEAST_PX, Math.min(LABELS_MOST_PX, px)));

/** The sizes as custom properties. @param {Dock} dock */
export function dockStyle({ heightPx, widthPx, labelsPx }) {
  const set = (/** @type {string} */ name, /** @type {number} */ px) =>
    px > 0 ? `--${name}: ${px}px;` : '';
  return (
    set('panels-height', heightPx) + set('panels-width', widthPx) + set('labels-width', labelsPx)
  );
}
