/** The thread chooser: type a name, see the matches, go to one. */
import { html } from 'lit';
import { valueOf } from '../panels/fields.js';

/** @typedef {import('../element/app.js').App} App */

const SHOWN = 12;

/**
 * Threads whose description contains the typed text.
 * @param {import('../trace/types.js').Overview} overview @param {string} typed
 */
export function threadsNamed({ tracks, processes }, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return tracks.flatMap((track, index) => {
    const process = processes[track.process]?.name ?? '';
    const name = track.counter ?? (track.name || 'thread');
    const label = `${name} ${track.tid} · ${process || 'process'} ${track.pid}`;
    const found = words.every((word) => label.toLowerCase().includes(word));
    return found ? [{ index, label }] : [];
  });
}

/** @param {App} app @param {string} typed @param {(typed: string) => void} onTyped */
export function threadDialog(app, typed, onTyped) {
  const { trace } = app.state;
  const found = trace ? threadsNamed(trace.overview, typed) : [];
  const go = (/** @type {number | undefined} */ index) => {
    /** @type {HTMLDialogElement | null} */ (app.find('dialog.threads'))?.close();
    if (index !== undefined) app.view?.showTrack(index);
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    go(found[0]?.index);
  };
  return html`<dialog class="threads" aria-label="Go to a thread">
    <label
      >thread
      <input
        type="search"
        autocomplete="off"
        .value=${typed}
        @input=${(/** @type {Event} */ event) => onTyped(valueOf(event))}
        @keydown=${onKey}
    /></label>
    <ul class="plain">
      ${found
        .slice(0, SHOWN)
        .map(
          ({ index, label }) =>
            html`<li><button class="link" @click=${() => go(index)}>${label}</button></li>`,
        )}
    </ul>
    <p class="quiet">${found.length > SHOWN ? `and ${found.length - SHOWN} more` : ''}</p>
  </dialog>`;
}
