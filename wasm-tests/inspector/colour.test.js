/** Everyone can distinguish the ten hues from each other and from their background: computed, not judged by eye. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inProject } from '../support/paths.js';

const css = readFileSync(inProject('web/inspector/css/tokens.css'), 'utf8');
/** The value of a token, in each place where it is set. */
const all = (/** @type {string} */ name) => [...css.matchAll(new RegExp(`--${name}: (#[0-9a-f]{6});`, 'g'))].map(([, hex]) => hex);
const LIGHT = 0, DARK = 1;
const hues = (/** @type {number} */ theme) => Array.from({ length: 10 }, (_, i) => ({ fill: all(`hue-${i}`)[theme], text: all(`hue-text-${i}`)[theme] }));

const bytes = (/** @type {string} */ hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
const linear = (/** @type {number} */ c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const luminance = (/** @type {string} */ hex) => bytes(hex).map(linear).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
/** WCAG 2. */
function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, full severity, in linear light. */
const SIGHT = {
  normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, each, i) => sum + each * vector[i], 0));
const XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]];
const WHITE = [0.95047, 1, 1.08883];

/** CIE L*a*b* as a person with this sight sees it. */
function lab(hex, matrix) {
  const seen = times(matrix, bytes(hex).map(linear)).map((c) => Math.min(1, Math.max(0, c)));
  const [x, y, z] = times(XYZ, seen).map((c, i) => c / WHITE[i]).map((t) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const radians = (degrees) => (degrees * Math.PI) / 180;
const angle = (b, a) => (a === 0 && b === 0 ? 0 : ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360);
/** CIEDE2000. */
function difference([l1, a1, b1], [l2, a2, b2]) {
  const mean7 = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7, g = 1.5 - 0.5 * Math.sqrt(mean7 / (mean7 + 25 ** 7));
  const [c1, c2] = [Math.hypot(g * a1, b1), Math.hypot(g * a2, b2)], [h1, h2] = [angle(b1, g * a1), angle(b2, g * a2)];
  const grey = c1 * c2 === 0, turn = h2 - h1, dh = grey ? 0 : Math.abs(turn) <= 180 ? turn : turn - Math.sign(turn) * 360;
  const dH = 2 * Math.sqrt(c1 * c2) * Math.sin(radians(dh / 2)), l = (l1 + l2) / 2, c = (c1 + c2) / 2;
  const h = grey ? h1 + h2 : Math.abs(turn) <= 180 ? (h1 + h2) / 2 : ((h1 + h2 + 360) / 2) % 360;
  const t = 1 - 0.17 * Math.cos(radians(h - 30)) + 0.24 * Math.cos(radians(2 * h)) + 0.32 * Math.cos(radians(3 * h + 6)) - 0.2 * Math.cos(radians(4 * h - 63));
  const [dl, dc] = [(l2 - l1) / (1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2)), (c2 - c1) / (1 + 0.045 * c)], dhue = dH / (1 + 0.015 * c * t);
  const turned = -Math.sin(radians(60 * Math.exp(-(((h - 275) / 25) ** 2)))) * 2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  return Math.sqrt(dl ** 2 + dc ** 2 + dhue ** 2 + turned * dc * dhue);
}

test('the difference of colours is CIEDE2000, by pairs of Sharma, Wu and Dalal', () => {
  const pairs = [[[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425], [[50, 2.49, -0.001], [50, -2.49, 0.0011], 7.2195], [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373], [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082]];
  for (const [one, other, wanted] of pairs) assert.ok(Math.abs(difference(one, other) - wanted) < 1e-4, `${difference(one, other)}, not ${wanted}`);
});

for (const [name, theme] of /** @type {[string, number][]} */ ([['light', LIGHT], ['dark', DARK]])) {
  test(`${name}: fills stand out from the background, and text from them`, () => {
    const bg = all('bg')[theme];
    for (const { fill, text } of hues(theme)) {
      assert.ok(contrast(fill, bg) >= 3, `${fill} on ${bg}: ${contrast(fill, bg)}`);
      assert.ok(contrast(text, fill) >= 4.5, `${text} on ${fill}: ${contrast(text, fill)}`);
    }
  });
  for (const [sight, matrix] of Object.entries(SIGHT))
    test(`${name}, ${sight}: any two hues differ`, () => {
      const least = sight === 'normal' ? 15 : 8, seen = hues(theme).map(({ fill }) => lab(fill, matrix));
      seen.forEach((one, i) => seen.slice(0, i).forEach((other, j) => assert.ok(difference(one, other) >= least, `hues ${i} and ${j}: ${difference(one, other)}`)));
    });
}

test('the hues are set for light, for dark by the system, and for dark by choice, the last two alike', () => {
  for (let i = 0; i < 10; i++) assert.deepEqual([all(`hue-${i}`).length, all(`hue-${i}`)[1]], [3, all(`hue-${i}`)[2]]);
});
