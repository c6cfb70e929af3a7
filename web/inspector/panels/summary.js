/** The summary: what ringscope says of the whole recording, what was lost, and scheduler ticks over time. */
import { html, nothing } from 'lit';
import { formatCount } from '../timeline/format.js';

/** @typedef {import('../trace/types.js').Overview} Overview */

/** What a loss means, and what helps. @param {import('../trace/types.js').Loss} loss @param {any} summary */
function lossWords({ count, reason }, summary) {
  const number = formatCount(count);
  if (reason === 'evicted') return `${number} events were evicted before this point: the ring holds ${formatCount(summary?.capacity ?? 0)}. A larger capacity keeps more.`;
  if (reason === 'contention') return `${number} events were lost because more threads recorded than there are lanes. More lanes keep them.`;
  if (reason === 'details truncated') return `${number} details were too long and have been cut.`;
  if (reason === 'missed') return `${number} events were overwritten before the page could read them.`;
  return `${number} events were lost: ${reason}.`;
}

/** @param {Overview} overview @param {number} shown events that pass the filter */
export function renderSummary(overview, shown) {
  const hidden = overview.events - shown;
  return html`<div class="pad columns">
    ${overview.summaryText ? html`<pre>${overview.summaryText}</pre>` : html`<dl><dt>events</dt><dd>${formatCount(overview.events)}</dd><dt>names</dt><dd>${formatCount(overview.names.length)}</dd><dt>tracks</dt><dd>${formatCount(overview.tracks.length)}</dd></dl>`}
    <div>${hidden > 0 ? html`<p>The filters hide ${formatCount(hidden)} of ${formatCount(overview.events)} events.</p>` : nothing}
      ${overview.losses.map((loss) => html`<p>${lossWords(loss, overview.summary)}</p>`)}${overview.notes.map((note) => html`<p>${note}.</p>`)}
      <div class="plot"></div></div></div>`;
}
