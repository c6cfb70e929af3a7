/** Lists of events with durations, and what other threads did meanwhile. */
import { html } from 'lit';
import { formatDuration } from '../timeline/format.js';

/**
 * @typedef {{ event: number, name: string, durationNs: number }} Part event: -1 if there is none to
 *   go to
 */
/** words: what was measured of each thread @typedef {{ parts: Part[], words: string }} Meanwhile */

/** @param {string} title @param {Part[]} parts @param {(event: number) => void} select */
export function partList(title, parts, select) {
  return html`<h2 class="part">${title}</h2>
    <ol class="plain" aria-label=${title}>
      ${parts.map(
        ({ event, name, durationNs }) =>
          html`<li>
            <button class="link" ?disabled=${event < 0} @click=${() => select(event)}>
              ${name}
            </button>
            <span class="number">${formatDuration(durationNs)}</span>
          </li>`,
      )}
    </ol>`;
}

/** @param {string} title @param {Meanwhile} given @param {(event: number) => void} select */
export function meanwhileList(title, { parts, words }, select) {
  return html`${partList(title, parts, select)}
    <p class="quiet">
      ${parts.length > 0 ? `Each thread’s time ${words}.` : 'No other thread worked.'}
    </p>`;
}
