/** The thread chooser: type a name, see the matches, go to one. */
import { html } from 'lit';
import { valueOf } from '../panels/fields.js';
import { formatCount } from '../timeline/format.js';

/** @typedef {import('../element/app.js').App} App */
/** @typedef {import('../trace/types.js').Overview} Overview */

const SHOWN = 12;

/**
 * The first threads whose description contains the typed words, and the number of the others.
 * @param {Overview} overview @param {string} typed
 */
export function threadsNamed({ tracks, processes }, typed) {
  const words = typed.split(/\s+/).filter(Boolean);
  const patterns = words.map((word) => new RegExp(word.replaceAll(/[^\w\s]/g, '\\$&'), 'i'));
  /** @type {{ index: number, label: string }[]} */
  const found = [];
  let more = 0;
  tracks.forEach((track, index) => {
    const process = processes[track.process]?.name || 'process';
    const name = track.counter ?? (track.name || 'thread');
    const parts = [name, track.tid, process, track.pid];
    if (!patterns.every((pattern) => parts.some((part) => pattern.test(String(part))))) return;
    if (found.length === SHOWN) more++;
    else found.push({ index, label: `${name} ${track.tid} · ${process} ${track.pid}` });
  });
  return { found, more };
}

const NOBODY = /** @type {ReturnType<typeof threadsNamed>} */ ({ found: [], more: 0 });

/**
 * @param {App} app @param {string | null} typed null: nobody is choosing
 * @param {(typed: string | null) => void} onTyped
 */
export function threadDialog(app, typed, onTyped) {
  const { trace } = app.state;
  const { found, more } = trace && typed !== null ? threadsNamed(trace.overview, typed) : NOBODY;
  const go = (/** @type {number | undefined} */ index) => {
    /** @type {HTMLDialogElement | null} */ (app.find('dialog.threads'))?.close();
    app.view?.focus(); // else the field, closed but not yet gone, takes the next key
    if (index !== undefined) app.view?.showTrack(index);
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    go(found[0]?.index);
  };
  return html`<dialog class="threads" aria-label="Go to a thread" @close=${() => onTyped(null)}>
    <label
      >thread
      <input
        type="search"
        autocomplete="off"
        .value=${typed ?? ''}
        @input=${(/** @type {Event} */ event) => onTyped(valueOf(event))}
        @keydown=${onKey}
    /></label>
    <ul class="plain">
      ${found.map(
        ({ index, label }) =>
          html`<li><button class="link" @click=${() => go(index)}>${label}</button></li>`,
      )}
    </ul>
    <p class="quiet">${more > 0 ? `and ${formatCount(more)} more` : ''}</p>
  </dialog>`;
}
