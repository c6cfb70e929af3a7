/** The host's colours: as pixels for the lanes, and as CSS for lines and text. */

/** @typedef {{ css: string, pixel: number }} Colour pixel: as stored in an ImageData */
/** @typedef {Record<'bg' | 'fg' | 'muted' | 'line' | 'accent' | 'loss' | 'error', Colour>} Named */

const HUES = 10;
const DEFAULT_FILLS = [
  '#4e79a7',
  '#f28e2b',
  '#76b7b2',
  '#59a14f',
  '#edc948',
  '#b07aa1',
  '#ff9da7',
  '#9c755f',
  '#86bcb6',
  '#bab0ac',
];
const NAMED = {
  bg: 'var(--bg, Canvas)',
  fg: 'var(--fg, CanvasText)',
  muted: 'var(--muted, GrayText)',
  line: 'var(--line, color-mix(in srgb, CanvasText 14%, Canvas))',
  accent: 'var(--accent, Highlight)',
  loss: 'var(--loss, #b4552d)',
  error: 'var(--error, #d92d20)',
};

/** Opaque. @param {number} red @param {number} green @param {number} blue */
export function packed(red, green, blue) {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/**
 * Mixes two colours.
 * @param {number} one pixel @param {number} other @param {number} share of the one, 0 to 1
 */
export function mixed(one, other, share) {
  const part = (/** @type {number} */ shift) =>
    Math.round(((one >>> shift) & 255) * share + ((other >>> shift) & 255) * (1 - share));
  return packed(part(0), part(8), part(16));
}

/**
 * Lets the browser resolve any CSS colour, including oklch() and light-dark().
 * @param {HTMLElement} host
 */
function resolver(host) {
  const probe = document.createElement('span');
  probe.style.forcedColorAdjust = 'none'; // or all colours would be the text colour
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  host.append(probe);
  return {
    /** @param {string} colour @returns {Colour} */
    resolve(colour) {
      probe.style.color = colour;
      const css = getComputedStyle(probe).color;
      if (!context) return { css, pixel: packed(128, 128, 128) };
      context.fillStyle = css;
      context.fillRect(0, 0, 1, 1);
      const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
      return { css, pixel: packed(red, green, blue) };
    },
    end: () => probe.remove(),
  };
}

/** @typedef {{ fill: number, css: string, textCss: string, faded: number, edge: number }} Hue */

/** @param {Colour} fill @param {Colour} text @param {Named} named @returns {Hue} */
function hueOf(fill, text, { bg }) {
  const faded = mixed(fill.pixel, bg.pixel, 0.25);
  return {
    fill: fill.pixel,
    css: fill.css,
    textCss: text.css,
    faded,
    edge: mixed(fill.pixel, bg.pixel, 0.35),
  };
}

/** @param {HTMLElement} host */
export function readPalette(host) {
  const { resolve, end } = resolver(host);
  const named = /** @type {Named} */ (
    Object.fromEntries(Object.entries(NAMED).map(([name, css]) => [name, resolve(css)]))
  );
  const hues = Array.from({ length: HUES }, (_, index) =>
    hueOf(
      resolve(`var(--hue-${index}, ${DEFAULT_FILLS[index]})`),
      resolve(`var(--hue-text-${index}, #111)`),
      named,
    ),
  );
  const words =
    getComputedStyle(host).getPropertyValue('--font-words').trim() || 'system-ui, sans-serif';
  const numbers =
    getComputedStyle(host).getPropertyValue('--font-numbers').trim() ||
    "ui-monospace, 'DejaVu Sans Mono', monospace";
  end();
  return { ...named, hues, words, numbers };
}

/** @typedef {ReturnType<typeof readPalette>} Palette */
