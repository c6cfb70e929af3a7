/** The first line: facts about the trace, and buttons for files. */
import { html, nothing } from 'lit';
import { openFiles } from '../element/opening.js';
import { rove, stops } from '../element/roving.js';
import { formatDuration, formatNumber } from '../timeline/format.js';
import { menu } from './menu.js';
import { valueOf } from '../panels/fields.js';

/**
 * @typedef {import('../element/app.js').App} App
 * @typedef {import('../element/actions.js').Actions} Actions
 */
/** @typedef {import('../element/state.js').State} State */

const SPEEDS = /** @type {const} */ ([0.1, 0.5, 1, 4, 20]);

/** @param {State} state */
function facts({ trace }) {
  if (!trace) return html`<span class="facts">shows what programs do</span>`;
  const { title, events, beginNs, durationNs, processes } = trace.overview;
  const counts = [
    formatNumber(events, 'event'),
    formatDuration(durationNs - beginNs),
    formatNumber(processes.length, 'process', 'processes'),
  ];
  return html`<span class="facts"><b>${title}</b> · ${counts.join(' · ')}</span>`;
}

/** @param {State} state @param {Actions} actions */
function live({ trace, toy }, actions) {
  if (!trace?.live) return nothing;
  const { paused } = trace.live;
  if (toy?.ended) return html`<button @click=${actions.startToy}>↻ Start again</button>`;
  const words = paused ? '▶ Resume' : '● Live';
  return html`<button class="live" aria-pressed=${!paused} @click=${actions.pauseLive}>
      ${words}
    </button>
    ${
      toy
        ? html`<button ?disabled=${toy.running} @click=${actions.stepToy}>Step</button>
            <select
              aria-label="Speed of the toy kernel"
              @change=${(/** @type {Event} */ event) => (toy.speed = Number(valueOf(event)))}
            >
              ${SPEEDS.map(
                (speed) =>
                  html`<option value=${speed} ?selected=${speed === toy.speed}>${speed} ×</option>`,
              )}
            </select>`
        : nothing
    }`;
}

/** @typedef {import('../panels/fields.js').FieldEvent} FieldEvent */

/** @param {App} app @param {Event} event */
function openChosen(app, event) {
  const input = /** @type {FieldEvent} */ (event).target;
  if (input.files?.length) openFiles(app, [...input.files]);
  input.value = ''; // so that the same file can be chosen again
}

/** @param {App} app @param {Actions} actions */
export function header(app, actions) {
  const { state } = app;
  // a report is one already
  const report = { words: 'Save report', act: actions.saveReport, help: 'a page with the trace' };
  const saving = [
    { words: 'Save .ring', act: () => actions.save('ring'), help: 'a ringscope image' },
    {
      words: 'Save without details',
      act: () => actions.save('bare'),
      help: 'an image without arguments and results',
    },
    { words: 'Save JSON', act: () => actions.save('chrome'), help: 'Trace Event Format' },
    { words: 'Save Perfetto', act: () => actions.save('perfetto'), help: 'for ui.perfetto.dev' },
    ...(app.host.assets ? [] : [report]),
    { words: 'Copy picture', act: actions.savePicture, help: 'the timeline as PNG' },
  ];
  return html`<header>
    <h1>ringscope</h1>
    ${facts(state)}
    <input
      id="file"
      type="file"
      multiple
      hidden
      @change=${(/** @type {Event} */ event) => openChosen(app, event)}
    />
    <div class="buttons" role="toolbar" aria-label="File" @keydown=${rove} @focusin=${stops}>
      <button @click=${actions.chooseFiles}>Open</button>
      ${state.trace ? menu('save-menu', 'Save', 'Save', saving, -1) : nothing}
      ${
        app.host.address.links
          ? html`<button tabindex="-1" @click=${actions.copyLink}>Copy link</button>`
          : nothing
      }
      <button tabindex="-1" aria-label="Keys" @click=${actions.showKeys}>?</button>
      <button tabindex="-1" aria-label="Light or dark theme" @click=${actions.changeTheme}>
        ◐
      </button>
    </div>
    ${live(state, actions)}
  </header>`;
}
