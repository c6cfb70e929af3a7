/** Draws the page from its state. */
import { html } from 'lit';
import { dockStyle } from '../element/dock.js';
import { dividerShare, droppable, resizer } from '../element/gestures.js';
import { panels } from './panels.js';
import { empty } from './empty.js';
import { filters } from './filters.js';
import { header } from './header.js';
import { hidesAll, note, overlays } from './overlays.js';
import { hiddenTracks } from './timeline.js';
import { threadDialog } from './threads.js';

/**
 * @typedef {import('../element/app.js').App} App
 * @typedef {import('../element/actions.js').Actions} Actions
 */

/**
 * @param {App} app @param {Actions} actions
 * @param {import('../panels/events.js').EventsPanel} events
 */
export function renderPage(app, actions, events) {
  const { state } = app;
  const { dock } = state;
  const drop = droppable(app);
  const divider = resizer(app);
  return html`<div
    class="page"
    .style=${dockStyle(dock)}
    @dragover=${drop.over}
    @dragleave=${drop.leave}
    @drop=${drop.drop}
  >
    <div>${header(app, actions)}${note(state, actions)}</div>
    ${filters(state, actions, hiddenTracks(app)?.size)}
    <main data-dock=${dock.at} data-size=${dock.size}>
      <div class="timeline"></div>
      ${hidesAll(state, actions)}
      <button
        class="divider"
        role="separator"
        aria-label="Size of the panels"
        aria-orientation=${dock.at === 'right' ? 'vertical' : 'horizontal'}
        aria-valuenow=${dividerShare(app)}
        @pointerdown=${divider.down}
        @keydown=${divider.key}
      ></button>
      ${panels(app, actions, events)} ${empty(app, actions)}
    </main>
    ${overlays(state)}
    ${threadDialog(app, app.host.typedThread, (typed) => app.host.typeThread(typed))}
  </div>`;
}
