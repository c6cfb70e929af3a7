/** Saves the trace with the page around it, as one file that opens without a server. */
import STYLE from '../page/page.css';
import TEMPLATE from '../page/report.html';
import { bareName, download } from './saving.js';
import { writeSettings } from './settings.js';
import { ask, telling } from './work.js';

/** @typedef {import('./app.js').App} App */

// the files beside the page's script, written so that bundlers see them
const SCRIPT = () => new URL('./inspector.js', import.meta.url);
const WORKER = () => new URL('./worker.js', import.meta.url);
const WASM = () => new URL('./timeline.wasm', import.meta.url);

/** @param {URL} url */
async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname} could not be fetched: ${response.status}`);
  return response.blob();
}

/** @param {Blob} blob @returns {Promise<string>} */
const base64 = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/.*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });

/** What allows this script or style, and no other. @param {string} text */
async function hash(text) {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `'sha256-${await base64(new Blob([bytes]))}'`;
}

/** @param {string} text */
const escaped = (text) => text.replaceAll(/[&"<]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @param {App} app @param {import('../trace/types.js').Trace} trace */
async function reportOf(app, trace) {
  const image = (await trace.save('ring')).stream().pipeThrough(new CompressionStream('gzip'));
  const script = await (await fetched(SCRIPT())).text();
  // another format's events and tracks have other numbers in the image
  const view = writeSettings({ ...app.state.settings, event: -1, pins: [], file: '' });
  const name = `data-name="${escaped(trace.overview.title)}" data-view="${escaped(view)}"`;
  const bytes = await base64(await new Response(image).blob());
  /** @type {Record<string, string>} */
  const parts = {
    ...{ script, style: STYLE },
    ...{ 'script-hash': await hash(script), 'style-hash': await hash(STYLE) },
    worker: await base64(await fetched(WORKER())),
    'timeline-wasm': await base64(await fetched(WASM())),
    trace: `<script type="application/octet-stream" id="trace" ${name}>${bytes}</script>`,
  };
  const page = TEMPLATE.replace('<!--trace-->', '{{trace}}').split(/\{\{([a-z-]+)\}\}/);
  return new Blob(page.map((text, i) => (i % 2 ? parts[text] : text)));
}

/** @param {App} app */
export async function saveReport(app) {
  const { trace } = app.state;
  const page = trace && (await ask(app, telling(app, 'Writing the report', reportOf(app, trace))));
  if (page) download(page, `${bareName(trace.overview.title)}.html`);
}
