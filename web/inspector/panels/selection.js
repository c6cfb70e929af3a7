/** Everything known about an event, and links from it to others. */
import { html, nothing } from 'lit';
import { formatDuration, formatNumber, formatTime, formatValue } from '../timeline/format.js';
import { meanwhileList, partList } from './parts.js';

/**
 * @typedef {import('../trace/types.js').EventDetails} EventDetails
 * @typedef {import('../trace/types.js').Overview} Overview
 */
/** @typedef {{ counts: Uint32Array, boundsNs: Float64Array }} Histogram */
/** @typedef {import('./parts.js').Part} Part */

const AND_MORE = html`<p class="quiet">and perhaps more</p>`;
const FLAGS = /** @type {const} */ ([
  [1, 'It failed.'],
  [2, 'It never ended: it is drawn to its parent’s end, or the trace’s.'],
  [4, 'It is asynchronous: it may overlap others.'],
  [8, 'Its detail was overwritten before it could be read.'],
  [16, 'It overlaps a neighbour and is drawn in a row of its own.'],
]);

/** A value among an event's arguments, as a tree. @param {unknown} value @returns {unknown} */
function tree(value) {
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return Array.isArray(value) ? '[]' : '{}';
  return html`<ul class="tree">
    ${entries.map(([key, each]) =>
      typeof each === 'object' && each !== null
        ? html`<li>
            <details open>
              <summary>${key}</summary>
              ${tree(each)}
            </details>
          </li>`
        : html`<li>${key}: ${String(each)}</li>`,
    )}
  </ul>`;
}

/** Each argument with its name. @param {unknown} given @returns {[string, unknown][]} */
function argumentsOf(given) {
  if (given === null || given === undefined) return [];
  const named = typeof given === 'object' && !Array.isArray(given);
  return named ? Object.entries(given) : [['arguments', given]];
}

/**
 * How many events of its name were certainly shorter: those in bins that end before it.
 * @param {Histogram} histogram @param {number} ns
 */
export function shorterThan({ counts, boundsNs }, ns) {
  let shorter = 0;
  let all = 0;
  counts.forEach((count, bin) => {
    all += count;
    if (boundsNs[bin + 1] <= ns) shorter += count;
  });
  return { shorter, all };
}

/** @param {Histogram} histogram @param {EventDetails} event */
function rank(histogram, event) {
  const { shorter, all } = shorterThan(histogram, event.durationNs);
  if (all < 2) return nothing;
  const { counts, boundsNs } = histogram;
  const first = counts.findIndex((count) => count > 0);
  const last = counts.findLastIndex((count) => count > 0);
  const most = Math.max(...counts);
  const bins = [...counts.subarray(first, last + 1)];
  const width = 240 / bins.length;
  const at = boundsNs.findIndex((_, bin) => event.durationNs < boundsNs[bin + 1]);
  const here = Math.min(Math.max((at < 0 ? last : at) - first, 0), bins.length - 1);
  const percent = Math.floor((shorter / all) * 1000) / 10;
  const words = `Longer than ${percent} % of ${formatNumber(all, 'call')} named ${event.name}`;
  return html`<figure class="rank">
    <svg viewBox="0 0 240 40" role="img" aria-label=${words}>
      ${bins.map((count, bin) => {
        const height = count > 0 ? Math.max(1, Math.sqrt(count / most) * 36) : 0;
        return html`<svg>
          <rect
            x=${bin * width}
            y=${40 - height}
            width=${Math.max(0.5, width - 0.5)}
            height=${height}
          ></rect>
        </svg>`;
      })}
      <circle cx=${(here + 0.5) * width} cy="4" r="3"></circle>
    </svg>
    <figcaption>${words}</figcaption>
  </figure>`;
}

/** @param {string} name @param {unknown} value */
const field = (name, value) =>
  html`<dt>${name}</dt>
    <dd>${value}</dd>`;

/** @param {EventDetails} event @param {Overview} overview */
function fields(event, overview) {
  const { startNs, durationNs, selfNs, kind, value, detail } = event;
  const { resolutionNs, categories, tracks, processes } = overview;
  const track = tracks[event.track];
  const process = processes[track.process];
  const source = overview.sources.get(event.name);
  const whose = `${process?.name || 'process'} ${track.pid}`;
  const who = `${track.name || 'thread'} ${track.tid}`;
  const ids = whose === who ? who : `${whose} · ${who}`;
  const span = [
    field('end', formatTime(startNs + durationNs, resolutionNs)),
    field('duration', formatDuration(durationNs, resolutionNs)),
    field('self', formatDuration(selfNs)),
  ];
  return html`<dl>
    ${field('name', event.name)}${field('category', categories[event.category].name)}
    ${field('thread', track.counter ?? ids)}${field('start', formatTime(startNs, resolutionNs))}
    ${kind === 'span' ? span : nothing}
    ${kind === 'sample' ? field('value', formatValue(value)) : nothing}
    ${detail === null ? nothing : field('detail', detail)}
    ${source === undefined ? nothing : field('source', source)}
    ${argumentsOf(event.arguments).map(([name, each]) => field(name, tree(each)))}
    ${FLAGS.filter(([bit]) => event.flags & bit).map(([, words]) => field('note', words))}
  </dl>`;
}

/**
 * @param {EventDetails[]} ancestors outermost first @param {EventDetails} event
 * @param {(event: number) => void} select
 */
const breadcrumbs = (ancestors, event, select) =>
  html`<nav aria-label="Ancestors" class="crumbs">
    ${ancestors.map(
      (each) =>
        html`<button class="link" @click=${() => select(each.event)}>${each.name}</button> › `,
    )}<b>${event.name}</b>
  </nav>`;

/**
 * @typedef {object} On
 * @property {(event: number) => void} select
 * @property {(direction: -1 | 1) => void} stepName
 * @property {() => void} zoom
 * @property {() => void} note
 * @property {() => void} copy
 * @property {() => void} filterBy
 * @property {() => void} hideName
 */

/** @param {{ event: number, words: string }[]} links @param {string} verb @param {On} on */
const arrows = (links, verb, on) =>
  links.map(
    ({ event, words }) => html`<button @click=${() => on.select(event)}>${verb} ${words}</button>`,
  );

/**
 * @param {object} given
 * @param {EventDetails} given.event
 * @param {Overview} given.overview
 * @param {EventDetails[]} given.ancestors
 * @param {{ found: Part[], more: boolean }} given.children directly below it
 * @param {import('./parts.js').Meanwhile | undefined} given.meanwhile while it waited
 * @param {{ event: number, words: string }[]} given.wokenBy
 * @param {{ event: number, words: string }[]} given.wakes
 * @param {Histogram | undefined} given.histogram
 * @param {import('../trace/types.js').Frame[]} given.stack where in the program it was recorded
 * @param {On} on
 */
export function renderEvent(given, on) {
  const { event, overview, ancestors, children, meanwhile, wokenBy, wakes, histogram, stack } =
    given;
  const { name } = event;
  return html`<div class="pad selection">
    ${breadcrumbs(ancestors, event, on.select)}
    <p class="actions">
      <button @click=${() => on.stepName(-1)}>‹ previous ${name}</button>
      <button @click=${() => on.stepName(1)}>next ${name} ›</button>
      <button @click=${on.zoom}>Zoom</button><button @click=${on.note}>Note</button>
      <button @click=${on.copy}>Copy as JSON</button>
      <button @click=${on.filterBy}>Only ${name}</button>
      <button @click=${on.hideName}>Hide ${name}</button>
      ${arrows(wokenBy, 'Woken by', on)} ${arrows(wakes, 'Wakes', on)}
    </p>
    <div class="columns">
      ${fields(event, overview)}
      <div>
        ${histogram && event.kind === 'span' ? rank(histogram, event) : nothing}
        ${stack.length > 0 ? frames(stack) : nothing}
        ${meanwhile?.parts.length ? meanwhileList('Meanwhile', meanwhile, on.select) : nothing}
        ${children.found.length > 0 ? partList('Inside it', children.found, on.select) : nothing}
        ${children.found.length > 0 && children.more ? AND_MORE : nothing}
      </div>
    </div>
  </div>`;
}

/** @param {import('../trace/types.js').Frame[]} stack */
function frames(stack) {
  return html`<h2 class="part">Called from</h2>
    <ol class="plain" aria-label="Called from">
      ${stack.map(
        ({ name, module, address }) =>
          html`<li>
            <span>${name || `0x${address.toString(16)}`}</span>
            <span class="quiet" title=${module}>${module.slice(module.lastIndexOf('/') + 1)}</span>
          </li>`,
      )}
    </ol>`;
}
