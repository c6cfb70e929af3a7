/** What the overview's cards are made of. */
import { html, nothing } from 'lit';

export const SHOWN = 6; // bars of a card

/** @param {string} title @param {unknown} content @param {string} [kind] */
export const card = (title, content, kind = '') =>
  html`<section class="card ${kind}" aria-label=${title}>
    <h2>${title}</h2>
    ${content}
  </section>`;

/**
 * @param {{ name: string, where?: string, value: string, part: number, waiting?: boolean, bad?:
 *   boolean, words?: string }} bar
 * @param {() => void} act
 */
export const barRow = ({ name, where, value, part, waiting, bad, words }, act) =>
  html`<li>
    <button @click=${act} title=${words ?? nothing}>
      <span class="what"
        >${name || '(none)'}${where ? html`<span class="quiet"> in ${where}</span>` : nothing}</span
      >
      <span class="number ${bad ? 'bad' : ''}">${value}</span>
      <i
        class=${waiting ? 'waits' : bad ? 'fails' : ''}
        .style=${`width:${Math.max(1, part * 100)}%`}
      ></i>
    </button>
  </li>`;
