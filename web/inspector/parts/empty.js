/** The page without a trace: where to drop one, and the ways to get one. */
import { html, nothing } from 'lit';
import { until } from 'lit/directives/until.js';
import { openRecent } from '../element/choosing.js';
import { example } from './example.js';

/**
 * @typedef {import('../element/app.js').App} App
 * @typedef {import('../element/actions.js').Actions} Actions
 */

const FORMATS =
  'ringscope images (.ring), Trace Event JSON, Perfetto, perf script, strace, ftrace, ' +
  'folded stacks, V8 profiles, also gzipped';
const RECORD = 'ringscope record -- make && ringscope view ringscope.ring';

/** @param {App} app @param {Actions} actions */
async function recent(app, actions) {
  const files = await actions.recentFiles();
  if (files.length === 0) return nothing;
  return html`<section class="recent" aria-label="Recent files">
    <h2>Recent files</h2>
    ${files.map(
      (file) =>
        html`<button class="link" @click=${() => openRecent(app, file)}>${file.name}</button> `,
    )}
  </section>`;
}

/** Requested once: an idle page does nothing. @type {WeakMap<App, Promise<unknown>>} */
const asked = new WeakMap();

/** @param {App} app @param {Actions} actions */
export function empty(app, actions) {
  if (app.state.trace) {
    asked.delete(app);
    return nothing;
  }
  const files = asked.get(app) ?? recent(app, actions);
  asked.set(app, files);
  return html`<section class="empty" aria-label="Begin">
    <div class="zone">
      ${example}
      <p><b>Drop a trace here</b></p>
      <p class="quiet">It stays on this machine.</p>
    </div>
    <div class="begin">
      <section>
        <h2>Open</h2>
        <p>${FORMATS}.</p>
        <button @click=${actions.chooseFiles}>Open a file…</button>
      </section>
      ${
        app.host.toy
          ? html`<section>
              <h2>Live demo</h2>
              <p>A small traced operating system that runs in this page.</p>
              <button @click=${actions.startToy}>Start the live demo</button>
            </section>`
          : nothing
      }
      <section>
        <h2>Record a program</h2>
        <p>On Linux, without changing it:</p>
        <code>${RECORD}</code>
        <button @click=${() => actions.copyText(RECORD, 'Command')}>Copy</button>
      </section>
    </div>
    ${until(files, nothing)}
  </section>`;
}
