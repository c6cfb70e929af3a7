/** What of the page's state lives in the URL, so that a view can be sent to somebody. Pure. */

/**
 * @typedef {object} Settings
 * @property {Set<string>} hidden categories, by name
 * @property {string} who "": everybody; "p812": a process, "t812.813": a thread
 * @property {number} leastNs
 * @property {string} find
 * @property {string} tab
 * @property {{ fromNs: number, toNs: number } | null} window null: all of the trace
 */

/** @returns {Settings} */
export function noSettings() {
  return { hidden: new Set(), who: '', leastNs: 0, find: '', tab: 'summary', window: null };
}

/** The filters of noSettings(). */
export const noFilters = () => ({ hidden: new Set(), who: '', leastNs: 0 });

/** @param {Settings} settings */
export const isFiltering = ({ hidden, who, leastNs }) => hidden.size > 0 || who !== '' || leastNs > 0;

/** @param {string} text @returns {{ fromNs: number, toNs: number } | null} */
function windowOf(text) {
  const [fromNs, toNs] = text.split('-').map(Number);
  return toNs > fromNs ? { fromNs, toNs } : null;
}

/** @param {string} hash of the URL, with its # @returns {Settings} */
export function readSettings(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const hidden = new Set((given.get('hide') ?? '').split(',').filter(Boolean));
  const least = Number(given.get('least') ?? 0);
  return {
    hidden,
    who: given.get('who') ?? '',
    leastNs: least > 0 && Number.isFinite(least) ? least : 0,
    find: given.get('find') ?? '',
    tab: given.get('tab') ?? 'summary',
    window: windowOf(given.get('window') ?? ''),
  };
}

/** @param {Settings} settings @returns {string} for the URL, with its #, or '' */
export function writeSettings({ hidden, who, leastNs, find, tab, window }) {
  const to = new URLSearchParams();
  if (hidden.size > 0) to.set('hide', [...hidden].join(','));
  if (who) to.set('who', who);
  if (leastNs > 0) to.set('least', String(leastNs));
  if (find) to.set('find', find);
  if (tab !== 'summary') to.set('tab', tab);
  if (window) to.set('window', `${Math.round(window.fromNs)}-${Math.round(window.toNs)}`);
  const text = to.toString();
  return text ? `#${text}` : '';
}

/** @param {Settings} settings @returns {import('../trace/types.js').Filter} */
export const filterOf = ({ hidden, who, leastNs }) => ({ hidden: [...hidden], who, minDurationNs: leastNs, text: '' });

/** Whether a process or thread of a filter is in the trace. @param {string} who @param {import('../trace/types.js').Overview} overview */
const isThere = (who, { tracks }) => tracks.some(({ pid, tid }) => who === `p${pid}` || who === `t${pid}.${tid}`);

/**
 * What of the settings fits a trace: names that it does not have would hide all of it, or nothing, and be shown wrongly.
 * A trace that grows may get them still, but only those that were given for it.
 * @param {Settings} settings @param {import('../trace/types.js').Trace} trace @returns {Settings}
 */
export function fitting(settings, { overview, live }) {
  if (live && overview.events === 0) return settings;
  const named = new Set(overview.categories.filter(({ count }) => live || count > 0).map(({ name }) => name));
  const hidden = new Set([...settings.hidden].filter((name) => named.has(name)));
  const hidesAll = named.size > 0 && hidden.size === named.size;
  return { ...settings, hidden: hidesAll ? new Set() : hidden, who: isThere(settings.who, overview) ? settings.who : '' };
}
