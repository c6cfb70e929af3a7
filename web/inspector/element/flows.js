/** Walking along a flow: the events that woke the selected one, and those it wakes. */
import { select } from './selecting.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {import('../trace/types.js').EventDetails} EventDetails
 */
/** @typedef {import('../timeline/flows.js').Flow} Flow */

const ARROWS_MOST = 64; // of a chain, each way

/** @param {App} app @param {-1 | 1} direction */
export async function alongFlow(app, direction) {
  const { selected } = app.state;
  if (!selected) return;
  const [next] = (direction > 0 ? selected.leadsTo : selected.comesFrom) ?? [];
  if (next !== undefined) return select(app, next);
  app.update({ spoken: `No flow ${direction > 0 ? 'leaves' : 'arrives at'} ${selected.name}.` });
}

/**
 * The arrows in one direction, nearest to the event first.
 * @param {import('./state.js').Trace} trace @param {EventDetails} event
 * @param {'leadsTo' | 'comesFrom'} way
 */
async function arrows(trace, event, way) {
  /** @type {Flow[]} */
  const found = [];
  const seen = new Set([event.event]);
  const next = [event];
  for (let at = next.shift(); at; at = next.shift())
    for (const number of at[way] ?? []) {
      if (found.length === ARROWS_MOST) return found;
      const other = await trace.event(number);
      found.push(way === 'leadsTo' ? { from: at, to: other } : { from: other, to: at });
      if (!seen.has(number)) next.push(other);
      seen.add(number);
    }
  return found;
}

/**
 * All arrows that lead to an event, and all that it leads to.
 * @param {import('./state.js').Trace} trace @param {EventDetails} event
 */
export async function chainOf(trace, event) {
  return [...(await arrows(trace, event, 'comesFrom')), ...(await arrows(trace, event, 'leadsTo'))];
}
