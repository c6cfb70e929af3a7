/** Explains a gap: the events around it, and who woke the thread. */
import { html, nothing } from 'lit';
import { formatDuration } from '../timeline/format.js';

/** @typedef {{ event: number, words: string }} Link */

/**
 * @param {object} given
 * @param {string} given.thread
 * @param {boolean} given.filtered the filters hide some of the recorded events
 * @param {number} given.durationNs
 * @param {Link | null} given.before null: the gap begins with the trace
 * @param {Link | null} given.after
 * @param {Link[]} given.wokenBy
 * @param {(Link & { ns: number, detail: string })[]} given.states the scheduler's, during the gap
 * @param {(event: number) => void} select
 */
export function renderGap(
  { thread, filtered, durationNs, before, after, wokenBy, states },
  select,
) {
  const link = (/** @type {Link | null} */ to, /** @type {string} */ otherwise) =>
    to
      ? html`<button class="link" @click=${() => select(to.event)}>${to.words}</button>`
      : otherwise;
  return html`<section class="gap pad" aria-label="Gap">
    <p>
      No event of <b>${thread}</b> ${filtered ? 'passes the filters' : 'is recorded'} for
      ${formatDuration(durationNs)}, after ${link(before, 'the beginning')} and before
      ${link(after, 'the end')}.
    </p>
    ${
      states.length > 0
        ? html`<p>
            Scheduler:
            ${states.map(
              ({ ns, detail, ...to }, at) =>
                html`${at > 0 ? ', ' : ''}${formatDuration(ns)} ${link(to, '')}
                ${detail ? html`<span class="quiet">(${detail})</span>` : nothing}`,
            )}.
          </p>`
        : nothing
    }
    ${
      wokenBy.length > 0
        ? html`<p>Woken by ${wokenBy.map((each) => html`${link(each, '')} `)}</p>`
        : html`<p class="quiet">
            ${
              after && states.length === 0
                ? 'The trace does not say whether it slept, or who woke it.'
                : nothing
            }
          </p>`
    }
  </section>`;
}
