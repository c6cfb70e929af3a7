/**
 * A flame graph: a cell's width shows its time. The table has the same for those who cannot see it.
 */
import { html, nothing } from 'lit';
import { hueOfName } from '../timeline/colouring.js';
import { formatDuration, formatNumber } from '../timeline/format.js';
import { boxesOf } from './call_tree.js';

/** @typedef {import('./call_tree.js').Cell} Cell @typedef {import('./call_tree.js').Box} Box */

const LEVEL_PX = 20;
const LEAST_WITH_NAME = 0.004;

/** The tooltip's text. @param {Cell} cell */
export function cellWords({ name, count, errors, totalNs, selfNs, avgNs }) {
  const parts = [
    formatNumber(count, 'call'),
    errors > 0 ? `${errors} failed` : '',
    `total ${formatDuration(totalNs)}`,
    `self ${formatDuration(selfNs)}`,
    avgNs === null ? '' : `average ${formatDuration(avgNs)}`,
  ];
  return `${name}\n${parts.filter(Boolean).join(' · ')}`;
}

/** @param {Box} box @param {number} level @param {boolean} isHit */
function boxTemplate({ cell, left, width, above }, level, isHit) {
  const hue = cell.id < 0 || above ? null : hueOfName(cell.name);
  const colours = hue === null ? '' : `background:var(--hue-${hue});color:var(--hue-text-${hue});`;
  const place = `left:${left * 100}%;width:${width * 100}%;top:${level * LEVEL_PX}px`;
  return html`<div
    class=${`cell${isHit ? ' found' : ''}`}
    data-key=${cell.key}
    title=${cellWords(cell)}
    .style=${colours + place}
  >
    ${width > LEAST_WITH_NAME ? cell.name : nothing}
  </div>`;
}

/**
 * @param {object} given
 * @param {string} given.label
 * @param {Cell} given.focus
 * @param {boolean} [given.upwards] the root is at the bottom
 * @param {number} [given.from] levels to leave out
 * @param {ReadonlySet<number>} given.found ids of names
 * @param {(key: string) => void} onCell
 */
export function renderFlame({ label, focus, upwards = false, from = 0, found }, onCell) {
  const { boxes, levels, left, timeless } = boxesOf(focus);
  const shown = boxes.filter(({ cell }) => cell.depth >= from);
  const levelOf = (/** @type {Cell} */ { depth }) => (upwards ? levels - 1 - depth : depth - from);
  const clicked = (/** @type {Event} */ { target }) => {
    const { key } = /** @type {HTMLElement} */ (target).dataset;
    if (key !== undefined) onCell(key);
  };
  return html`<div
      class="flame"
      role="img"
      aria-label=${label}
      .style=${`height:${Math.max(0, levels - from) * LEVEL_PX}px`}
      @click=${clicked}
    >
      ${shown.map((box) => boxTemplate(box, levelOf(box.cell), found.has(box.cell.id)))}
    </div>
    ${
      left > 0
        ? html`<p class="pad quiet">
            Too narrow to draw: ${formatNumber(left, 'cell')}. Click a cell around them.
          </p>`
        : nothing
    }
    ${
      timeless > 0
        ? html`<p class="pad quiet">${formatNumber(timeless, 'cell')} without time here.</p>`
        : nothing
    }`;
}
