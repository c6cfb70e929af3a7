/**
 * Moves the places of a module's source map with its functions: https://tc39.es/ecma426/
 * In WebAssembly a map has one line, and its columns are byte offsets in the module.
 */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const GENERATED = 0;

/** @typedef {number[]} Segment offset, and if it has a source: source, line, column, and maybe a name */
/** @typedef {{ from: number, to: number, newFrom: number, newTo: number }} Range a function's bytes, with those before it that belong to no other; the ends correspond */

/** @param {string} text a number's digits, the lowest first, then the next number's @returns {number[]} */
function numbers(text) {
  const list = [];
  for (let i = 0, value = 0, scale = 1; i < text.length; i++) {
    const digit = DIGITS.indexOf(text[i]);
    if (digit < 0) throw new TypeError(`the source map has a mapping that is not one: ${text}`);
    value += (digit & 31) * scale;
    scale *= 32;
    if (digit & 32) continue;
    list.push(value & 1 ? -(value - 1) / 2 : value / 2);
    value = 0;
    scale = 1;
  }
  return list;
}

/** @param {number} number */
function digits(number) {
  let text = '', left = number < 0 ? -2 * number + 1 : 2 * number;
  for (; left >= 32; left = Math.floor(left / 32)) text += DIGITS[(left % 32) | 32];
  return text + DIGITS[left];
}

/** Mappings are differences to the one before, field by field. @param {string} mappings @returns {Segment[]} */
function decode(mappings) {
  const last = [0, 0, 0, 0, 0];
  return mappings.split(';')[0].split(',').filter(Boolean).map((text) => numbers(text).map((difference, field) => (last[field] += difference)));
}

/** @param {Segment[]} segments in order */
function encode(segments) {
  const last = [0, 0, 0, 0, 0];
  return segments.map((segment) => segment.map((value, field) => {
    const text = digits(value - last[field]);
    last[field] = value;
    return text;
  }).join('')).join(',');
}

/** The first segment at an offset or after it. @param {Segment[]} segments @param {number} offset */
function firstFrom(segments, offset) {
  let from = 0;
  for (let to = segments.length; from < to;) {
    const middle = (from + to) >> 1;
    if (segments[middle][GENERATED] < offset) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Those of one function, in its new place; its first bytes belong to no source if nothing says so. @param {Range} range @param {Segment[]} segments */
function moved({ from, to, newFrom, newTo }, segments) {
  const inside = segments.slice(firstFrom(segments, from), firstFrom(segments, to));
  const placed = inside.map(([offset, ...rest]) => [Math.max(offset + newTo - to, newFrom), ...rest]);
  return placed[0]?.[GENERATED] === newFrom ? placed : [[newFrom], ...placed];
}

/**
 * The source map of the module after its functions have moved.
 * @param {string} text @param {Range[]} ranges in their new order; functions without an old place have from = to
 */
export function moveSourceMap(text, ranges) {
  const map = JSON.parse(text.replace(/^\)\]\}'[^\n]*\n/, ''));
  if (typeof map?.mappings !== 'string') throw new TypeError('this source map has no mappings');
  const segments = decode(map.mappings).sort((one, other) => one[GENERATED] - other[GENERATED]);
  const all = ranges.flatMap((range) => moved(range, segments)), hasSource = (/** @type {Segment | undefined} */ segment) => segment !== undefined && segment.length > 1;
  return JSON.stringify({ ...map, mappings: encode(all.filter((segment, i) => hasSource(segment) || hasSource(all[i - 1]))) });
}
