/** The page as it is drawn from the inspector's state. */
import { html, nothing } from 'lit';
import { formatCount, formatDuration, formatNumber } from '../timeline/format.js';
import { renderSelection } from '../panels/selection.js';
import { renderSummary } from '../panels/summary.js';
import { droppable, resizer } from './gestures.js';
import { chipsOf } from './finding.js';
import { KEYS } from './keys.js';
import { isFiltering, noFilters } from './settings.js';
import { rove, stops } from './roving.js';

/** @typedef {import('./inspector.js').Inspector} Inspector */

const TABS = /** @type {const} */ ([['summary', 'Summary'], ['operations', 'Operations'], ['events', 'Events'], ['selection', 'Selection']]);
const SPEEDS = /** @type {const} */ ([[0.1, '0.1 ×'], [0.5, '0.5 ×'], [1, '1 ×'], [4, '4 ×'], [20, '20 ×']]);
const NS_PER_MS = 1e6;

/** @param {Inspector} page */
const chooseFile = (page) => /** @type {HTMLInputElement} */ (page.renderRoot.querySelector('#file')).click();

/** @param {Inspector} page @param {HTMLInputElement} input */
function openChosen(page, input) {
  if (input.files?.length) page.openFiles(input.files);
  input.value = ''; // so that the same file may be chosen again
}

/** @param {Inspector} page */
function facts({ trace }) {
  if (!trace) return html`<span class="facts">shows what programs do</span>`;
  const { title, events, durationNs, processes } = trace.overview;
  return html`<span class="facts"><b>${title}</b> · ${formatNumber(events, 'event')} · ${formatDuration(durationNs)} · ${formatNumber(processes.length, 'process', 'processes')}</span>`;
}

/** @param {Inspector} page */
function liveControls(page) {
  const live = page.trace?.live, toy = page.toyKernel;
  if (!live) return nothing;
  return html`<button aria-pressed=${!live.paused} ?disabled=${toy?.ended} @click=${() => page.pauseLive()}>${toy?.ended ? '■ Ended' : live.paused ? '▶ Resume' : '● Live'}</button>
    ${toy ? html`<button ?disabled=${toy.running || toy.ended} @click=${() => page.stepToy()}>Step</button>
      <select aria-label="Speed of the toy kernel" @change=${(/** @type {any} */ event) => (toy.speed = Number(event.target.value))}>${SPEEDS.map(([speed, words]) => html`<option value=${speed} ?selected=${speed === toy.speed}>${words}</option>`)}</select>` : nothing}`;
}

/** @param {Inspector} page */
function fileButtons(page) {
  const { trace, toy } = page;
  const saving = (/** @type {import('../trace/types.js').SaveFormat} */ format, /** @type {string} */ words) =>
    html`<button tabindex="-1" @click=${() => page.save(format)}>${words}</button>`;
  return html`<div class="buttons" role="toolbar" aria-label="File" @keydown=${rove} @focusin=${stops}><button @click=${() => chooseFile(page)}>Open…</button>
    ${toy ? html`<button tabindex="-1" @click=${() => page.startToy()}>Toy kernel</button>` : nothing}
    ${trace ? [saving('ring', 'Save .ring'), saving('bare', 'Save without details'), saving('chrome', 'Save JSON')] : nothing}</div>`;
}

/** @param {Inspector} page */
function header(page) {
  return html`<header><h1>ringscope</h1>${facts(page)}<input id="file" type="file" multiple hidden @change=${(/** @type {any} */ event) => openChosen(page, event.target)}>
    ${fileButtons(page)}
    ${liveControls(page)}<button aria-label="Keys" @click=${() => page.showKeys()}>?</button><button aria-label="Light or dark theme" @click=${() => page.changeTheme()}>◐</button></header>`;
}

/** @param {Inspector} page */
function chips(page) {
  return html`<div class="chips" role="toolbar" aria-label="Categories" @keydown=${rove} @focusin=${stops}>${chipsOf(page).map(({ name, count, hue }, at) => html`<button class="chip" tabindex=${at === 0 ? 0 : -1} aria-pressed=${!page.settings.hidden.has(name)}
    title="Click to show or hide it. Alt-click to show only this one." @click=${(/** @type {MouseEvent} */ event) => page.toggleCategory(name, event.altKey)} @dblclick=${() => page.toggleCategory(name, true)}><i .style=${`background:var(--hue-${hue})`}></i>${name}<span>${formatCount(count)}</span></button>`)}</div>`;
}

/** @param {Inspector} page */
function whoFilter(page) {
  const { processes, tracks } = /** @type {import('../trace/types.js').Trace} */ (page.trace).overview;
  if (tracks.length < 2) return nothing;
  const threads = tracks.filter(({ counter }) => counter === null).slice(0, 500);
  return html`<select aria-label="Process or thread" @change=${(/** @type {any} */ event) => page.set({ who: event.target.value })}><option value="">all threads</option>
    ${processes.slice(0, 500).map(({ pid, name }) => html`<option value=${`p${pid}`} ?selected=${page.settings.who === `p${pid}`}>${name || 'process'} ${pid}</option>`)}
    ${threads.map(({ pid, tid, name }) => html`<option value=${`t${pid}.${tid}`} ?selected=${page.settings.who === `t${pid}.${tid}`}>– ${name || 'thread'} ${pid} ${tid}</option>`)}</select>`;
}

/** @param {Inspector} page */
function findBox(page) {
  const { hits, settings } = page;
  const words = settings.find ? `${hits.rank >= 0 ? `${formatCount(hits.rank + 1)} of ` : ''}${formatCount(hits.hits)}${hits.done ? '' : ' …'}` : '';
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Enter') page.nextHit(event.shiftKey ? -1 : 1);
    if (event.key === 'Escape') page.find('').then(() => page.requestUpdate());
    if (event.key === 'Escape') /** @type {HTMLElement} */ (event.target).blur();
    if (event.key === 'Escape' || event.key === 'Enter') event.stopPropagation();
  };
  return html`<div class="find"><label>find <input id="find" type="search" autocomplete="off" spellcheck="false" .value=${settings.find} @input=${(/** @type {any} */ event) => page.find(event.target.value)} @keydown=${onKey}></label>
    <output aria-label="Hits">${words}</output><button tabindex="-1" aria-label="Previous hit" ?disabled=${hits.hits === 0} @click=${() => page.nextHit(-1)}>‹</button><button tabindex="-1" aria-label="Next hit" ?disabled=${hits.hits === 0} @click=${() => page.nextHit(1)}>›</button></div>`;
}

/** @param {Inspector} page @param {HTMLInputElement} input */
function setLeast(page, input) {
  const ms = Number(input.value.trim().replace(',', '.')), valid = ms >= 0 && Number.isFinite(ms);
  input.setAttribute('aria-invalid', String(!valid));
  if (!valid) return page.say(`"${input.value}" is not a duration. Enter a number of milliseconds, such as 1.5.`, true);
  page.set({ leastNs: ms * NS_PER_MS });
}

/** @param {Inspector} page */
function filters(page) {
  if (!page.trace) return html`<div hidden></div>`;
  const least = page.settings.leastNs / NS_PER_MS;
  const hidden = page.trace.overview.events - page.shown;
  return html`<div class="filters" role="search">${chips(page)}${whoFilter(page)}${findBox(page)}
    <label class="least">≥ <input inputmode="decimal" aria-label="Least duration in ms" placeholder="ms" .value=${least ? String(least) : ''} @change=${(/** @type {any} */ event) => setLeast(page, event.target)}> ms</label>
    <span class="quiet hidden-events">${hidden > 0 ? `${formatCount(hidden)} hidden` : ''}</span></div>`;
}

/** @param {Inspector} page */
function panel(page) {
  const { trace, settings } = page;
  if (!trace) return nothing;
  if (settings.tab === 'events') return page.events.render();
  if (settings.tab === 'selection') return renderSelection(page);
  if (settings.tab === 'operations') {
    const rows = page.range || isFiltering(settings) ? [] : trace.overview.operations.filter(({ count }) => count > 0);
    return rows.length > 0 ? page.operationsTable.render(rows, 'Operations', ({ name }) => page.find(name)) : page.nameStatistics.render(trace);
  }
  return renderSummary(trace.overview, page.shown);
}

/** @param {Inspector} page */
function tabs(page) {
  const move = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key], at = TABS.findIndex(([id]) => id === page.settings.tab);
    if (!step || !TABS[at + step]) return;
    event.preventDefault();
    page.showTab(TABS[at + step][0]);
    page.updateComplete.then(() => /** @type {HTMLElement | null} */ (page.renderRoot.querySelector('[aria-selected="true"][role="tab"]'))?.focus());
  };
  return html`<section class="panels" aria-label="Panels"><div role="tablist" aria-label="Panels" @keydown=${move}>${TABS.map(([id, title]) => html`<button role="tab" id=${`tab-${id}`} aria-selected=${page.settings.tab === id} aria-controls="panel" tabindex=${page.settings.tab === id ? 0 : -1} @click=${() => page.showTab(id)}>${title}</button>`)}</div>
    <div role="tabpanel" id="panel" aria-labelledby=${`tab-${page.settings.tab}`} tabindex=${page.settings.tab === 'events' ? -1 : 0}>${panel(page)}</div></section>`;
}

/** @param {Inspector} page */
function empty(page) {
  if (page.trace) return nothing;
  return html`<section class="empty" aria-label="Begin"><p><b>Drop a trace here</b>, or <button @click=${() => chooseFile(page)}>open one</button>: a ringscope image (.ring) or Trace Event JSON (.json, .json.gz). It stays on this machine.</p>
    ${page.toy ? html`<p><button @click=${() => page.startToy()}>Try the live toy kernel</button>, a small traced operating system that runs in this page.</p>` : nothing}
    <p>Attach your own module and watch it live:<code>document.querySelector('ringscope-inspector').attach(tracer)</code></p></section>`;
}

/** Where the trace would be, if nothing of it is left. @param {Inspector} page */
function hidesAll(page) {
  const { trace, shown } = page;
  if (!trace || shown > 0 || trace.overview.events === 0) return nothing;
  return html`<section class="hides-all" role="status"><p>The filters hide all of ${formatNumber(trace.overview.events, 'event')}.</p><button @click=${() => page.set(noFilters())}>Show everything</button></section>`;
}

/** @param {Inspector} page */
function overlays(page) {
  const { progress } = page;
  const share = progress?.total ? progress.done / progress.total : undefined;
  return html`${progress ? html`<div class="progress" role="status"><span>${progress.what}</span><progress aria-label="Progress" max="1" value=${share ?? nothing}></progress><span>${share === undefined ? '' : `${Math.round(share * 100)} %`}</span>${progress.cancel ? html`<button @click=${() => progress.cancel?.abort()}>Cancel</button>` : nothing}</div>` : nothing}
    ${page.dropping ? html`<div class="drop">Drop to open</div>` : nothing}
    <div class="sr" aria-live="polite">${page.spoken}</div>
    <dialog aria-labelledby="keys-title"><h2 id="keys-title">Keys</h2><dl>${KEYS.map(([keys, words]) => html`<dt><kbd>${keys}</kbd></dt><dd>${words}</dd>`)}</dl><form method="dialog"><p><button>Close</button></p></form></dialog>`;
}

/** @param {Inspector} page */
function note(page) {
  const { message } = page;
  if (!message) return nothing;
  return html`<div class="note ${message.error ? 'error' : ''}" role="alert"><p>${message.text}</p><button @click=${() => page.clear()}>Close</button></div>`;
}

/** @param {Inspector} page */
export function renderPage(page) {
  return html`<div class="page" @dragover=${droppable(page).over} @dragleave=${droppable(page).leave} @drop=${droppable(page).drop}><div>${header(page)}${note(page)}</div>${filters(page)}
    <main><div class="timeline"></div>${hidesAll(page)}<button class="divider" role="separator" aria-label="Size of the panels" aria-valuenow="50" @pointerdown=${resizer(page).down} @keydown=${resizer(page).key}></button>${tabs(page)}${empty(page)}</main>${overlays(page)}</div>`;
}
