/** The menu for the tracks' appearance: row height, and which tracks are shown. */
import { formatNumber } from '../timeline/format.js';
import { ROW_HEIGHTS } from '../timeline/layout.js';
import { menu } from './menu.js';

/**
 * @typedef {import('../element/state.js').State} State
 * @typedef {import('../element/actions.js').Actions} Actions
 */

/** @type {[import('../element/settings.js').TracksShown, string, string][]} */
const SHOWN = [
  ['all', 'All tracks', ''],
  ['busy', 'Tracks busy in the window', 'H'],
  ['hits', 'Tracks with hits', ''],
];
const HEIGHTS = ['High rows', 'Low rows', 'Lowest rows'];

/** @param {State} state @param {Actions} actions @param {number} hidden tracks */
export function looks({ settings, trace }, actions, hidden) {
  const heights = ROW_HEIGHTS.map((rowPx, at) => ({
    words: HEIGHTS[at],
    help: `${rowPx} px${at === 0 ? ', R for the next' : ''}`,
    checked: settings.rows === rowPx,
    act: () => actions.set({ rows: rowPx }),
  }));
  const shown = SHOWN.map(([id, words, help]) => ({
    ...{ words, help, checked: settings.tracks === id },
    act: () => actions.set({ tracks: id }),
  }));
  const arrows = trace?.overview.flows
    ? [
        {
          ...{ words: 'All arrows', help: 'at most 500', checked: settings.arrows },
          act: () => actions.set({ arrows: !settings.arrows }),
        },
      ]
    : [];
  const words = hidden > 0 ? `${formatNumber(hidden, 'track')} hidden` : 'tracks';
  return menu('looks-menu', words, 'Tracks', [...heights, ...shown, ...arrows]);
}
