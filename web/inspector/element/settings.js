/**
 * The part of the page's state that is kept in the URL, so that a view can be sent to somebody.
 * Pure.
 */

/**
 * @typedef {{ fromNs: number, toNs: number }} Range
 * @typedef {{ text: string, fromNs: number, toNs: number }} Note
 */
/**
 * @typedef {'category' | 'name' | 'failure' | 'duration'} Colouring
 * @typedef {'start' | 'name' | 'busy'} TrackOrder
 */
/** @typedef {'all' | 'busy' | 'hits'} TracksShown busy: in the window; hits: of the search */
/**
 * @typedef {'all' | 'window' | 'range' | 'hits'} Scope
 * @typedef {'upright' | 'inverted' | 'sandwich'} TreeWay
 */

/**
 * @typedef {object} Settings
 * @property {Set<string>} hidden categories, by name
 * @property {string} find the text searched for
 * @property {boolean} only show only the hits
 * @property {boolean} failed show only failures
 * @property {string} tab
 * @property {Range | null} window null: all of the trace
 * @property {Range | null} range
 * @property {Range | null} other a second range to compare the first with
 * @property {number} event the selected one, or -1
 * @property {Colouring | ''} colour '': whichever fits the trace
 * @property {TrackOrder} order of the processes
 * @property {number} rows row height, in px
 * @property {TracksShown} tracks
 * @property {boolean} arrows show those of all events, not only of the selected one
 * @property {Scope} scope of the table
 * @property {string} sort of the table: a column; with a leading -, ascending
 * @property {string} eventSort of the table of events, written like sort
 * @property {string} group what each table row stands for
 * @property {TreeWay} tree which call tree
 * @property {string} of the name whose callers and callees the sandwich shows
 * @property {boolean} threads each thread has its own call tree
 * @property {boolean} samples show the call tree of samples, not of calls
 * @property {boolean} asTable show the call tree as an indented table
 * @property {number[]} pins tracks on top
 * @property {Note[]} notes
 * @property {string} file the fingerprint of the trace that all this belongs to
 */

export const TABS = /** @type {const} */ ([
  ['overview', 'Overview'],
  ['table', 'Table'],
  ['tree', 'Tree'],
  ['events', 'Events'],
  ['selection', 'Selection'],
  ['notes', 'Notes'],
]);
const COLOURINGS = ['category', 'name', 'failure', 'duration'];
const ORDERS = ['start', 'name', 'busy'];
const ROWS = ['18', '10', '4'];
const TRACKS = ['all', 'busy', 'hits'];
const TREE_WAYS = ['upright', 'inverted', 'sandwich'];
const SCOPES = ['all', 'window', 'range', 'hits'];
const EVENT_SORTS = ['start', 'duration', 'track', 'category', 'name'].flatMap((key) => [
  `-${key}`,
  key,
]);

/** @returns {Settings} */
export function noSettings() {
  return {
    hidden: new Set(),
    find: '',
    only: false,
    failed: false,
    tab: 'overview',
    window: null,
    range: null,
    other: null,
    event: -1,
    colour: '',
    order: 'start',
    rows: 18,
    tracks: 'all',
    arrows: false,
    scope: 'all',
    group: 'name',
    sort: 'totalNs',
    eventSort: EVENT_SORTS[0],
    tree: 'upright',
    of: '',
    threads: false,
    samples: false,
    asTable: false,
    pins: [],
    notes: [],
    file: '',
  };
}

/** The filters of noSettings(). */
export const noFilters = () => ({
  hidden: new Set(),
  only: false,
  failed: false,
});

/** @param {Settings} settings */
export const isFiltering = ({ hidden, only, failed, find }) =>
  hidden.size > 0 || failed || (only && find !== '');

/** @param {string | null} text @returns {Range | null} */
function rangeOf(text) {
  // a window may begin before the trace
  const [, fromNs, toNs] = (/^(-?\d+)-(-?\d+)$/.exec(text ?? '') ?? []).map(Number);
  return toNs > fromNs ? { fromNs, toNs } : null;
}

/** @param {Range} range */
const rangeText = ({ fromNs, toNs }) => `${Math.round(fromNs)}-${Math.round(toNs)}`;

/** "12-40 cache cold" @param {string} text @returns {Note[]} */
function noteOf(text) {
  const [, from, to, words] = /^(\d+)-(\d+) (.*)$/s.exec(text) ?? [];
  return words === undefined ? [] : [{ fromNs: Number(from), toNs: Number(to), text: words }];
}

/**
 * The word if it is one of these, else the first.
 * @template {string} T @param {string | null} word @param {string[]} words @returns {T}
 */
const oneOf = (word, words) => /** @type {T} */ (word && words.includes(word) ? word : words[0]);

/** @param {string} hash of the URL, with its # @returns {Settings} */
export function readSettings(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const event = Number(given.get('event') ?? -1);
  return {
    hidden: new Set(given.getAll('hide')),
    find: given.get('find') ?? '',
    only: given.has('only'),
    failed: given.has('failed'),
    tab: oneOf(
      given.get('tab'),
      TABS.map(([id]) => id),
    ),
    window: rangeOf(given.get('window')),
    range: rangeOf(given.get('range')),
    other: rangeOf(given.get('other')),
    event: Number.isInteger(event) ? event : -1,
    colour: oneOf(given.get('colour'), ['', ...COLOURINGS]),
    order: oneOf(given.get('order'), ORDERS),
    rows: Number(oneOf(given.get('rows'), ROWS)),
    tracks: oneOf(given.get('tracks'), TRACKS),
    arrows: given.has('arrows'),
    scope: oneOf(given.get('scope'), SCOPES),
    group: given.get('group') ?? 'name',
    sort: given.get('sort') ?? 'totalNs',
    eventSort: oneOf(given.get('events'), EVENT_SORTS),
    tree: oneOf(given.get('tree'), TREE_WAYS),
    of: given.get('of') ?? '',
    threads: given.has('threads'),
    samples: given.has('samples'),
    asTable: given.has('table'),
    pins: (given.get('pins') ?? '').split(',').filter(Boolean).map(Number).filter(Number.isInteger),
    notes: given.getAll('note').flatMap(noteOf),
    file: given.get('file') ?? '',
  };
}

/** @param {Settings} settings @returns {string} for the URL, with its #, or '' */
export function writeSettings(settings) {
  const to = new URLSearchParams();
  const set = (/** @type {string} */ name, /** @type {string} */ text) =>
    text && to.set(name, text);
  const { hidden, find, only, failed, tab, window, range, event, colour, order } = settings;
  for (const name of hidden) to.append('hide', name);
  set('find', find);
  if (only) to.set('only', '');
  if (failed) to.set('failed', '');
  set('tab', tab === 'overview' ? '' : tab);
  set('window', window ? rangeText(window) : '');
  set('range', range ? rangeText(range) : '');
  set('other', settings.other ? rangeText(settings.other) : '');
  set('event', event < 0 ? '' : String(event));
  set('colour', colour);
  set('order', order === 'start' ? '' : order);
  set('rows', settings.rows === 18 ? '' : String(settings.rows));
  set('tracks', settings.tracks === 'all' ? '' : settings.tracks);
  if (settings.arrows) to.set('arrows', '');
  set('scope', settings.scope === 'all' ? '' : settings.scope);
  set('group', settings.group === 'name' ? '' : settings.group);
  set('sort', settings.sort === 'totalNs' ? '' : settings.sort);
  set('events', settings.eventSort === EVENT_SORTS[0] ? '' : settings.eventSort);
  set('tree', settings.tree === 'upright' ? '' : settings.tree);
  set('of', settings.of);
  if (settings.threads) to.set('threads', '');
  if (settings.samples) to.set('samples', '');
  if (settings.asTable) to.set('table', '');
  set('pins', settings.pins.join(','));
  for (const note of settings.notes) to.append('note', `${rangeText(note)} ${note.text}`);
  if (to.size > 0) set('file', settings.file);
  const text = to.toString().replaceAll('=&', '&').replace(/=$/, '');
  return text ? `#${text}` : '';
}

/** @param {Settings} settings @returns {import('../trace/types.js').Filter} */
export const filterOf = ({ hidden, only, failed, find }) => ({
  hidden: [...hidden],
  who: '',
  minDurationNs: 0,
  text: '',
  query: [only ? find : '', failed ? 'failed' : ''].filter(Boolean).join(' '),
});

/**
 * The settings that fit a trace: names it does not have would hide all of it, or nothing, and be
 * displayed wrongly. A trace that grows may still get them, but only names that were chosen for it.
 * @param {Settings} settings @param {import('../trace/types.js').Trace} trace @returns {Settings}
 */
export function fitting(settings, { overview, live }) {
  if (live && overview.events === 0) return settings;
  const here = overview.categories.filter(({ count }) => live || count > 0);
  const named = new Set(here.map(({ name }) => name));
  const hidden = new Set([...settings.hidden].filter((name) => named.has(name)));
  const hidesAll = named.size > 0 && hidden.size === named.size;
  const pins = settings.pins.filter((track) => track < overview.tracks.length);
  return { ...settings, hidden: hidesAll ? new Set() : hidden, pins };
}
