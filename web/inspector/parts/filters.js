/** The second and third line: the find field, and the category chips. */
import { html } from 'lit';
import { chipsOf } from '../element/finding.js';
import { scrollOn, showBeyond } from '../element/beyond.js';
import { rove, stops } from '../element/roving.js';
import { completionsOf } from '../element/terms.js';
import { formatCount } from '../timeline/format.js';
import { looks } from './looks.js';
import { colouringOf } from '../timeline/colouring.js';
import { isChecked, valueOf } from '../panels/fields.js';

/**
 * @typedef {import('../element/state.js').State} State
 * @typedef {import('../element/actions.js').Actions} Actions
 */

/** @param {State} state */
function hitWords({ hits, settings, trace }) {
  if (!settings.find || !trace) return '';
  const count = formatCount(hits.hits);
  const at = hits.rank >= 0 ? `${formatCount(hits.rank + 1)} of ` : '';
  return `${at}${count}${hits.done ? '' : ' …'}`;
}

/** @param {State} state @param {Actions} actions */
function findField(state, actions) {
  const { hits, settings, wrong, trace } = state;
  const completions = trace ? completionsOf(settings.find, trace.overview) : [];
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Escape' && event.key !== 'Enter') return;
    event.stopPropagation();
    if (event.key === 'Enter') return void actions.nextHit(event.shiftKey ? -1 : 1);
    actions.find('');
    /** @type {HTMLElement} */ (event.target).blur();
  };
  const none = hits.hits === 0;
  return html`<div class="find">
    <label for="find">find</label>
    <input
      id="find"
      aria-label="find"
      type="search"
      autocomplete="off"
      spellcheck="false"
      placeholder="open name:read detail:*.h failed dur>1ms pid:4200 /regexp/ -name:close"
      list="completions"
      aria-invalid=${wrong !== ''}
      aria-describedby="wrong"
      .value=${settings.find}
      @input=${(/** @type {Event} */ event) => actions.find(valueOf(event))}
      @keydown=${onKey}
    />
    <datalist id="completions">
      ${completions.map((text) => html`<option value=${text}></option>`)}
    </datalist>
    <span id="wrong" class="bad" role="status">${wrong}</span>
    <output aria-label="Hits">${hitWords(state)}</output>
    <button
      tabindex="-1"
      aria-label="Previous hit"
      ?disabled=${none}
      @click=${() => actions.nextHit(-1)}
    >
      ‹
    </button>
    <button
      tabindex="-1"
      aria-label="Next hit"
      ?disabled=${none}
      @click=${() => actions.nextHit(1)}
    >
      ›
    </button>
    <label class="check"
      ><input
        type="checkbox"
        .checked=${settings.only}
        @change=${(/** @type {Event} */ event) => actions.setOnly(isChecked(event))}
      />hide others</label
    >
  </div>`;
}

/** @param {Event} event */
const scrolled = ({ currentTarget }) => showBeyond(currentTarget);

/** @param {State} state @param {Actions} actions */
function chips({ trace, settings }, actions) {
  const toggle = (/** @type {string} */ name) => (/** @type {MouseEvent} */ event) =>
    actions.toggleCategory(name, event.altKey);
  return html`<div class="chip-line">
    <div
      class="chips"
      role="toolbar"
      aria-label="Categories"
      @keydown=${rove}
      @focusin=${stops}
      @scroll=${scrolled}
    >
      ${chipsOf(trace).map(
        ({ name, count, hue }, at) =>
          html`<button
            class="chip"
            tabindex=${at === 0 ? 0 : -1}
            aria-pressed=${!settings.hidden.has(name)}
            title="Click to show or hide it. Alt-click to show only this one."
            @click=${toggle(name)}
            @dblclick=${() => actions.toggleCategory(name, true)}
          >
            <i .style=${`background:var(--hue-${hue})`}></i>${name}<span
              >${formatCount(count)}</span
            >
          </button>`,
      )}
    </div>
    <button class="link" tabindex="-1" hidden @click=${scrollOn}></button>
  </div>`;
}

/**
 * @template {string} Id
 * @param {string} label @param {[Id, string][]} choices @param {Id} chosen
 * @param {(id: Id) => void} choose
 */
const choice = (label, choices, chosen, choose) =>
  html`<label class="choice"
    >${label}
    <select @change=${(/** @type {Event} */ event) => choose(/** @type {Id} */ (valueOf(event)))}>
      ${choices.map(
        ([id, words]) => html`<option value=${id} ?selected=${id === chosen}>${words}</option>`,
      )}
    </select></label
  >`;

const COLOURS = /** @type {[import('../timeline/colouring.js').Colouring, string][]} */ ([
  ['category', 'category'],
  ['name', 'name'],
  ['failure', 'failure'],
  ['duration', 'duration'],
]);
const ORDERS = /** @type {[import('../element/settings.js').Settings['order'], string][]} */ ([
  ['start', 'start'],
  ['name', 'name'],
  ['busy', 'busy time'],
]);

/** @param {State} state @param {Actions} actions @param {number} [hiddenTracks] how many */
export function filters(state, actions, hiddenTracks = 0) {
  const { trace, settings, shown } = state;
  if (!trace) return html`<div hidden></div>`;
  const hidden = trace.overview.events - shown;
  const colour = settings.colour || colouringOf(trace.overview);
  return html`<div class="filters" role="search">
    ${findField(state, actions)}
    <div class="line">
      ${chips(state, actions)}
      <label class="check"
        ><input type="checkbox" .checked=${settings.failed} @change=${actions.toggleFailed} />failed
        only</label
      >
      ${choice('colour', COLOURS, colour, (id) => actions.set({ colour: id }))}
      ${choice('sort', ORDERS, settings.order, (id) => actions.set({ order: id }))}
      ${looks(state, actions, hiddenTracks)}
      <span class="quiet hidden-events">${hidden > 0 ? `${formatCount(hidden)} hidden` : ''}</span>
    </div>
  </div>`;
}
