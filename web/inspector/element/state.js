/** What the page shows at a moment. */
import { noFilters, noSettings } from './settings.js';

/**
 * @typedef {import('../trace/types.js').Trace} Trace
 * @typedef {import('../trace/types.js').EventDetails} EventDetails
 * @typedef {{ fromNs: number, toNs: number }} Range
 * @typedef {Pick<import('./settings.js').Settings, 'hidden' | 'only' | 'failed' | 'find'>} Filters
 *
 * @typedef {object} State
 * @property {Trace | null} trace
 * @property {Trace | null} otherTrace a second file, to compare with
 * @property {number} version changes with whatever the trace answers: filter, search, growth
 * @property {number} shown events that pass the filter
 * @property {import('./settings.js').Settings} settings
 * @property {Filters} applied what the trace's answers are of
 * @property {{ hits: number, done: boolean, rank: number }} hits
 * @property {string} wrong what is wrong with the text of the find field, or ''
 * @property {EventDetails | null} selected
 * @property {Range | null} range
 * @property {import('./gaps.js').Gap | null} gap what the range is, if it is one
 * @property {Range | null} window what the timeline shows, once it has come to rest
 * @property {import('./work.js').Progress[]} works what takes long
 * @property {import('./work.js').Progress | null} progress of the one that is shown
 * @property {{ text: string, error: boolean } | null} message
 * @property {string} spoken for who cannot see what is selected
 * @property {boolean} dropping a file is over the page
 * @property {import('../sources/toy.js').Toy | null} toy
 * @property {string} comparedBy how ranges that are compared are sorted, as settings.sort
 * @property {Range[]} back ranges to go back to
 * @property {import('./dock.js').Dock} dock
 * @property {string} treeFocus key of the cell that the Tree shows over all of its width; '': all
 * @property {ReadonlySet<string>} treeClosed keys of what is closed in its table
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

/** All that is of a trace. */
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
