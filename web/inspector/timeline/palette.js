/** The host's colours: as pixels for the lanes, and as CSS for lines and text. */

/** @typedef {{ css: string, pixel: number }} Colour pixel: as stored in an ImageData */
/** @typedef {Record<'bg' | 'fg' | 'muted' | 'line' | 'accent' | 'loss' | 'error', Colour>} Named */

const HUES = 10;
const NAMED = ['bg', 'fg', 'muted', 'line', 'accent', 'loss', 'error'];

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
    Object.fromEntries(NAMED.map((name) => [name, resolve(`var(--${name})`)]))
  );
  const hues = Array.from({ length: HUES }, (_, index) =>
    hueOf(resolve(`var(--hue-${index})`), resolve(`var(--hue-text-${index})`), named),
  );
  const style = getComputedStyle(host);
  const words = style.getPropertyValue('--font-words');
  const numbers = style.getPropertyValue('--font-numbers');
  end();
  return { ...named, hues, words, numbers };
}

/** @typedef {ReturnType<typeof readPalette>} Palette */
