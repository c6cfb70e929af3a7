/** The page's state at one moment. */
import { noFilters, noSettings } from './settings.js';

/**
 * @typedef {import('../trace/types.js').Trace} Trace
 * @typedef {import('../trace/types.js').EventDetails} EventDetails
 * @typedef {{ fromNs: number, toNs: number }} Range
 * @typedef {Pick<import('./settings.js').Settings, 'hidden' | 'only' | 'failed' | 'find'>} Filters
 *
 * @typedef {object} State
 * @property {Trace | null} trace
 * @property {Trace | null} otherTrace a second file to compare with
 * @property {number} version changes whenever the trace's answers do: filter, search, growth
 * @property {number} shown events that pass the filter
 * @property {import('./settings.js').Settings} settings
 * @property {Filters} applied the filters behind the trace's current answers
 * @property {{ hits: number, done: boolean, rank: number }} hits
 * @property {string} wrong the error in the find field's text, or ''
 * @property {EventDetails | null} selected
 * @property {Range | null} range
 * @property {import('./gaps.js').Gap | null} gap set if the range is a gap
 * @property {Range | null} window the timeline's window, once it has come to rest
 * @property {import('./work.js').Progress[]} works long tasks under way
 * @property {import('./work.js').Progress | null} progress of the one that is shown
 * @property {{ text: string, error: boolean } | null} message
 * @property {string} spoken the selection or message, for those who cannot see it
 * @property {boolean} dropping a file is over the page
 * @property {import('../sources/toy.js').Toy | null} toy
 * @property {string} comparedBy how compared ranges are sorted, like settings.sort
 * @property {Range[]} back ranges that "back" returns to
 * @property {import('./dock.js').Dock} dock
 * @property {string} treeFocus key of the cell that fills the Tree's width; '': all
 * @property {ReadonlySet<string>} treeClosed keys of the closed rows in its table
 */

/** @param {import('./dock.js').Dock} dock @returns {State} */
export function emptyState(dock) {
  return {
    ...noTrace(),
    version: 0,
    settings: noSettings(),
    works: [],
    progress: null,
    message: null,
    dropping: false,
    toy: null,
    dock,
  };
}

/** Everything that belongs to a trace. */
export const noTrace = () => ({
  trace: null,
  otherTrace: null,
  shown: 0,
  applied: { ...noFilters(), find: '' },
  hits: { hits: 0, done: true, rank: -1 },
  wrong: '',
  selected: null,
  range: null,
  gap: null,
  window: null,
  spoken: '',
  comparedBy: 'delta',
  back: [],
  treeFocus: '',
  treeClosed: new Set(),
});
