/** A real timeline, behind the page without a trace: a recorded `make -j2` of eight files. */
import { html, svg } from 'lit';

const ROW = 20;
const BAR = 16;
const HUES = { make: 6, seq: 9, cc: 3, cc1: 5, as: 2 };
/**
 * A row of processes each: the program, when it began, and how long it ran, in thousandths of
 * 441 ms.
 * @type {[keyof typeof HUES, number, number][][]}
 */
const ROWS = [
  [['make', 0, 1000]],
  [
    ['seq', 28, 6],
    ['cc', 36, 192],
    ['cc', 229, 144],
    ['cc', 374, 267],
    ['cc', 641, 159],
    ['cc', 802, 120],
  ],
  [
    ['cc1', 42, 137],
    ['as', 194, 13],
    ['cc1', 233, 113],
    ['as', 355, 7],
    ['cc1', 378, 237],
    ['as', 631, 20],
    ['cc1', 657, 289],
    ['as', 963, 9],
  ],
  [
    ['cc', 38, 345],
    ['cc', 385, 268],
    ['cc', 653, 346],
  ],
  [
    ['cc1', 43, 278],
    ['as', 346, 8],
    ['cc1', 389, 239],
    ['as', 631, 7],
    ['cc1', 646, 115],
    ['as', 782, 7],
    ['cc1', 806, 103],
    ['as', 913, 7],
  ],
];

/** @param {number} row @param {[keyof typeof HUES, number, number]} process */
const bar = (row, [program, start, length]) =>
  svg`<rect
    x=${start}
    y=${row * ROW}
    width=${length}
    height=${BAR}
    fill=${`var(--hue-${HUES[program]})`}
  ></rect>`;

export const example = html`<svg
  class="example"
  aria-hidden="true"
  preserveAspectRatio="none"
  viewBox="0 0 1000 ${ROWS.length * ROW}"
>
  ${ROWS.map((row, at) => row.map((process) => bar(at, process)))}
</svg>`;
