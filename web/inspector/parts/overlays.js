/** Overlays: progress, messages, the list of keys, the thread chooser. */
import { html, nothing } from 'lit';
import { KEYS } from '../element/keys.js';
import { formatNumber } from '../timeline/format.js';

/**
 * @typedef {import('../element/state.js').State} State
 * @typedef {import('../element/actions.js').Actions} Actions
 */

/** @param {State} state */
function progress({ progress: state }) {
  if (!state) return nothing;
  const share = state.total ? state.done / state.total : undefined;
  return html`<div class="progress">
    <span role="status">${state.what}</span>
    <progress aria-label="Progress" max="1" value=${share ?? nothing}></progress>
    <span class="number">${share === undefined ? '' : `${Math.round(share * 100)} %`}</span>
    ${state.cancel ? html`<button @click=${() => state.cancel?.abort()}>Cancel</button>` : nothing}
  </div>`;
}

const keys = () =>
  html`<dialog class="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">Keys</h2>
    <dl>
      ${KEYS.map(
        ([names, words]) =>
          html`<dt><kbd>${names}</kbd></dt>
            <dd>${words}</dd>`,
      )}
    </dl>
    <form method="dialog">
      <p><button>Close</button></p>
    </form>
  </dialog>`;

/** @param {State} state @param {Actions} actions */
export function note({ message }, actions) {
  if (!message) return nothing;
  return html`<div
    class="note ${message.error ? 'error' : ''}"
    role=${message.error ? 'alert' : nothing}
  >
    <p>${message.text}</p>
    <button @click=${actions.closeMessage}>Close</button>
  </div>`;
}

/**
 * Shown in the trace's place if the filters hide all of it.
 * @param {State} state @param {Actions} actions
 */
export function hidesAll({ trace, shown }, actions) {
  if (!trace || shown > 0 || trace.overview.events === 0) return nothing;
  return html`<section class="hides-all" role="status">
    <p>The filters hide all of ${formatNumber(trace.overview.events, 'event')}.</p>
    <button @click=${actions.showAll}>Show everything</button>
  </section>`;
}

/** @param {State} state */
export function overlays(state) {
  return html`${progress(state)}
    ${state.dropping ? html`<div class="drop">Drop to open</div>` : nothing}
    <div class="sr" role="status" aria-live="polite">${state.spoken}</div>
    ${keys()}`;
}
