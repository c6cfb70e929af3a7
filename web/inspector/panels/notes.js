/** Notes: named moments and ranges, drawn on the ruler and kept in the link. */
import { html, nothing } from 'lit';
import { formatDuration, formatTime } from '../timeline/format.js';
import { valueOf } from './fields.js';

/** @typedef {import('../element/settings.js').Note} Note */

/** @param {Note} note */
const placeOf = ({ fromNs, toNs }) =>
  toNs - fromNs > 1
    ? `${formatTime(fromNs, 1e3)}, ${formatDuration(toNs - fromNs)}`
    : formatTime(fromNs, 1e3);

/**
 * @param {{ notes: Note[], canAdd: boolean }} given
 * @param {object} on
 * @param {() => void} on.add
 * @param {(at: number, text: string) => void} on.rename
 * @param {(at: number) => void} on.remove
 * @param {(note: Note) => void} on.go
 * @param {(() => void) | null} on.copyLink null: no link leads here
 */
export function renderNotes({ notes, canAdd }, on) {
  return html`<div class="bar">
      <button ?disabled=${!canAdd} @click=${on.add}>Add a note</button>
      ${on.copyLink ? html`<button @click=${on.copyLink}>Copy link</button>` : nothing}
      <span class="quiet"
        >${canAdd ? 'At the selection, or in the middle of the window.' : nothing}</span
      >
    </div>
    ${
      notes.length === 0
        ? html`<p class="pad quiet">
            No notes yet. N adds one at the selected event or
            range${on.copyLink ? '; links include notes' : nothing}.
          </p>`
        : html`<ol class="notes" aria-label="Notes">
            ${notes.map(
              (note, at) =>
                html`<li>
                  <button class="link number" @click=${() => on.go(note)}>${placeOf(note)}</button>
                  <input
                    aria-label="Text of the note"
                    .value=${note.text}
                    @change=${(/** @type {Event} */ event) => on.rename(at, valueOf(event))}
                  />
                  <button aria-label=${`Remove ${note.text}`} @click=${() => on.remove(at)}>
                    ✕
                  </button>
                </li>`,
            )}
          </ol>`
    }`;
}
