/** The panels below the timeline: their tabs, and the chosen panel with its data. */
import { html, nothing } from 'lit';
import { TABS, isFiltering } from '../element/settings.js';
import { formatCount, formatNumber } from '../timeline/format.js';
import { copyItems } from './copy.js';
import { menu } from './menu.js';
import { panelOf } from './panel.js';

/**
 * @typedef {import('../element/app.js').App} App
 * @typedef {import('../element/actions.js').Actions} Actions
 */
/** @typedef {import('../panels/events.js').EventsPanel} EventsPanel */

/** How much the filters leave out of every panel. @param {App} app @param {Actions} actions */
function filtered({ state: { trace, shown, settings } }, { showAll }) {
  if (!trace || !isFiltering(settings) || shown === trace.overview.events) return nothing;
  if (shown === 0) return nothing; // hidesAll() says so
  const all = formatNumber(trace.overview.events, 'event');
  return html`<p class="filtered quiet">
    ${formatCount(shown)} of ${all} pass the filters.
    <button class="link" @click=${showAll}>Show everything</button>
  </p>`;
}

/** @param {KeyboardEvent} event @param {App} app @param {Actions} actions */
function moveTab(event, app, actions) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const at = TABS.findIndex(([id]) => id === app.state.settings.tab);
  if (!step || !TABS[at + step]) return;
  event.preventDefault();
  actions.showTab(TABS[at + step][0]);
  app.host.updateComplete.then(() =>
    /** @type {HTMLElement | null} */ (app.find('[role="tab"][aria-selected="true"]'))?.focus(),
  );
}

/** @param {App} app @param {Actions} actions */
function sizes(app, { setDock }) {
  const { at, size } = app.state.dock;
  const button = (
    /** @type {string} */ label,
    /** @type {string} */ sign,
    /** @type {boolean} */ on,
    /** @type {() => void} */ act,
  ) =>
    html`<button class="sign" aria-label=${label} title=${label} aria-pressed=${on} @click=${act}>
      ${sign}
    </button>`;
  return html`<span class="sizes">
    ${button('Panels: tabs only', '▁', size === 'tabs', () => setDock({ size: 'tabs' }))}
    ${button('Panels: normal size', '▭', size === 'part', () => setDock({ size: 'part' }))}
    ${button('Panels: full size', '▔', size === 'all', () => setDock({ size: 'all' }))}
    ${button('Panels: at the right', '◨', at === 'right', () =>
      setDock({ at: at === 'right' ? 'bottom' : 'right', size: 'part' }),
    )}
  </span>`;
}

/** @param {App} app @param {Actions} actions @param {EventsPanel} events */
export function panels(app, actions, events) {
  const { trace, settings } = app.state;
  const { tab } = settings;
  const columns = trace && tab === 'events' ? events.choices() : [];
  const copies = trace ? copyItems(app, actions, events) : [];
  return html`<section class="panels" aria-label="Panels">
    <div class="tabs">
      <div
        role="tablist"
        aria-label="Panels"
        @keydown=${(/** @type {KeyboardEvent} */ event) => moveTab(event, app, actions)}
      >
        ${TABS.map(
          ([id, title]) =>
            html`<button
              role="tab"
              id=${`tab-${id}`}
              aria-selected=${tab === id}
              aria-controls="panel"
              tabindex=${tab === id ? 0 : -1}
              @click=${() => actions.showTab(id)}
            >
              ${title}
            </button>`,
        )}
      </div>
      ${columns.length > 0 ? menu('columns-menu', 'columns', 'Columns', columns) : nothing}
      ${copies.length > 0 ? menu('copy-menu', 'copy', 'Copy the table', copies) : nothing}
      ${sizes(app, actions)}
    </div>
    ${filtered(app, actions)}
    <div
      role="tabpanel"
      id="panel"
      aria-labelledby=${`tab-${tab}`}
      tabindex=${tab === 'events' ? -1 : 0}
    >
      ${trace ? panelOf(app, actions, events) : nothing}
    </div>
  </section>`;
}
