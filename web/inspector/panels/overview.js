/**
 * The first answers: what was slow, where the time went, what failed, what was lost; each leads
 * into the trace.
 */
import { html, nothing } from 'lit';
import { formatCount, formatDuration, formatNumber } from '../timeline/format.js';
import { SHOWN, barRow, card } from './cards.js';
import { slowest } from './slowest.js';

/**
 * @typedef {import('../trace/types.js').Overview} Overview @typedef {import('./table.js').Row} Row
 */

/**
 * Explains a loss, and how to avoid it.
 * @param {import('../trace/types.js').Loss} loss @param {Overview['summary']} summary
 */
export function lossWords({ count, reason }, summary) {
  const events = formatNumber(count, 'event');
  const were = count === 1 ? 'was' : 'were';
  const holds = formatCount(Number(summary?.capacity ?? 0));
  if (reason === 'evicted')
    return (
      `${events} ${were} evicted before this point: the ring holds ${holds}. ` +
      'A larger capacity keeps more.'
    );
  if (reason === 'contention')
    return (
      `${events} ${were} lost because there were more threads than lanes. ` +
      'More lanes keep them.'
    );
  if (reason === 'details truncated')
    return `${formatNumber(count, 'detail')} ${were} too long and cut.`;
  if (reason === 'missed') return `${events} ${were} overwritten before the page could read them.`;
  return `${events} ${were} lost: ${reason}.`;
}

/**
 * Where samples found the threads. @param {Row[]} rows @param {{ find: (text: string) => void }} on
 */
function sampled(rows, on) {
  const top = rows
    .filter(({ selfNs }) => selfNs > 0)
    .toSorted((a, b) => b.selfNs - a.selfNs)
    .slice(0, SHOWN);
  if (top.length === 0) return nothing;
  const bars = top.map(({ name, selfNs }) =>
    barRow({ name, value: formatDuration(selfNs), part: selfNs / top[0].selfNs }, () =>
      on.find(name),
    ),
  );
  return card(
    'Sampled functions',
    html`<ul class="bars">
        ${bars}
      </ul>
      <p class="quiet">Self time by samples, beside the calls.</p>`,
  );
}

/**
 * The longest waits; selecting one shows who woke it, and what ran meanwhile.
 * @param {Row[]} rows @param {{ select: (event: number) => void }} on
 */
function longestWaits(rows, on) {
  const waits = rows
    .filter(({ waits, maxNs, longest }) => waits && maxNs > 0 && longest >= 0)
    .toSorted((a, b) => b.maxNs - a.maxNs)
    .slice(0, SHOWN);
  if (waits.length === 0) return nothing;
  const bars = waits.map(({ name, maxNs, longest }) =>
    barRow(
      { name, value: formatDuration(maxNs), part: maxNs / waits[0].maxNs, waiting: true },
      () => on.select(longest),
    ),
  );
  return card(
    'Longest waits',
    html`<ul class="bars">
      ${bars}
    </ul>`,
  );
}

/**
 * @param {Row[]} rows @param {Row[]} states the scheduler's
 * @param {{ find: (text: string) => void, table: () => void }} on
 */
function whereTimeWent(rows, states, on) {
  const top = rows.toSorted((a, b) => b.selfNs - a.selfNs).filter(({ selfNs }) => selfNs > 0);
  if (top.length === 0) return nothing;
  const all = top.reduce((sum, { selfNs }) => sum + selfNs, 0);
  const waits = top.filter((row) => row.waits).reduce((sum, row) => sum + row.selfNs, 0);
  const bars = top.slice(0, SHOWN).map((row) => {
    const { waits: waiting } = row;
    const calls = formatNumber(row.count, 'call');
    const value = formatDuration(row.selfNs);
    const words = `${waiting ? 'waiting' : 'working'}: ${value} self time in ${calls}`;
    return barRow({ name: row.name, value, part: row.selfNs / top[0].selfNs, waiting, words }, () =>
      on.find(row.name),
    );
  });
  const worked = formatDuration(all - waits);
  const parts = `In calls: ${worked} working, ${formatDuration(waits)} waiting`;
  const said = states.map(({ name, selfNs }) => `${formatDuration(selfNs)} ${name}`).join(', ');
  return card(
    'Where the time went',
    html`<ul class="bars">
        ${bars}
      </ul>
      <p class="quiet">
        ${waits > 0 ? html`${parts} <i class="waits sample"></i>` : 'Self time, over all threads.'}
        ${said ? `Scheduler: ${said}.` : nothing}
        <button class="link" @click=${on.table}>all names</button>
      </p>`,
  );
}

/**
 * @typedef {{ name: string, ns: number, words: string, act: () => void }} Busy a process, or a gap
 */

/** @param {string} title @param {Busy[]} found @param {string} words what is measured */
export function durations(title, found, words) {
  if (found.length === 0) return nothing;
  const most = Math.max(...found.map(({ ns }) => ns));
  const bars = found.map(({ name, ns, words: help, act }) =>
    barRow({ name, value: formatDuration(ns), part: ns / most, words: help }, act),
  );
  return card(
    title,
    html`<ul class="bars">
        ${bars}
      </ul>
      <p class="quiet">${words}</p>`,
  );
}

/**
 * @param {{ names?: Row[], errors: Row[], shown: number }} given
 * @param {{ failed: (name: string) => void }} on
 */
function failures({ names: rows = [], errors, shown: events }, on) {
  /** @type {Map<string, number>} */
  const byName = new Map();
  for (const { name, errors } of rows) byName.set(name, (byName.get(name) ?? 0) + errors);
  const failed = [...byName].map(([name, errors]) => ({ name, errors }));
  const top = failed.filter(({ errors }) => errors > 0).sort((a, b) => b.errors - a.errors);
  const all = top.reduce((sum, { errors }) => sum + errors, 0);
  if (events === 0) return nothing;
  if (all === 0) return card('Failed', html`<p class="quiet">Nothing failed.</p>`);
  const bars = top.slice(0, SHOWN).map((row) =>
    barRow(
      {
        name: row.name,
        value: formatCount(row.errors),
        part: row.errors / top[0].errors,
        bad: true,
      },
      () => on.failed(row.name),
    ),
  );
  const named = errors
    .filter(({ name }) => /^E/.test(name))
    .toSorted((a, b) => b.errors - a.errors);
  const most = named.length > 0 ? `, ${formatCount(named[0].errors)} with ${named[0].name}` : '';
  const words = `${formatCount(all)} of ${formatNumber(events, 'event')}${most}`;
  return card(
    'Failed',
    html`<ul class="bars">
        ${bars}
      </ul>
      <p class="quiet">${words}</p>`,
  );
}

/** @param {Overview} overview */
function losses(overview) {
  const { summary, notes } = overview;
  const words = overview.losses.map((loss) => lossWords(loss, summary));
  const all = [...words, ...notes.map((note) => `${note}.`)];
  if (all.length === 0) return nothing;
  return card(
    'Losses',
    all.map((each) => html`<p>${each}</p>`),
    'loss',
  );
}

/** @param {string | null} text @param {() => void} copy */
function summary(text, copy) {
  if (!text) return nothing;
  return html`<details class="card summary">
    <summary>Summary as text</summary>
    <button @click=${copy}>Copy</button>
    <pre>${text}</pre>
  </details>`;
}

/**
 * @param {object} given
 * @param {Overview} given.overview
 * @param {number} given.shown events that pass the filter
 * @param {Row[] | undefined} given.names statistics by name; undefined: still counting
 * @param {Row[]} given.errors statistics by error; []: none, or not known yet
 * @param {Row[]} given.states the scheduler's states of threads, beside their calls
 * @param {unknown} given.counting the message shown meanwhile
 * @param {unknown} given.ticks
 * @param {Row[]} given.slow names by longest call; [] until they are known
 * @param {Row[]} given.sampled samples' functions, beside the calls
 * @param {(row: Row) => string} given.where the thread of a row's longest call
 * @param {unknown[]} [given.more] further cards
 * @param {object} on
 * @param {(event: number) => void} on.select
 * @param {(text: string) => void} on.find
 * @param {() => void} on.table
 * @param {(name: string) => void} on.failed
 * @param {() => void} on.copySummary
 */
export function renderOverview(given, on) {
  const { overview, names, slow, states, counting, ticks, where, more = [] } = given;
  return html`<div class="cards">
    ${
      names
        ? [
            slowest(
              slow,
              names.some((row) => row.waits),
              where,
              on,
            ),
            whereTimeWent(names, states, on),
            sampled(given.sampled, on),
            longestWaits(names, on),
            failures(given, on),
          ]
        : html`<p class="quiet">${counting}</p>`
    }
    ${more} ${ticks} ${losses(overview)} ${summary(overview.summaryText, on.copySummary)}
  </div>`;
}
