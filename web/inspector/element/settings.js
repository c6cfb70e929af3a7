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
