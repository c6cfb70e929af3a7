/** Copying; reports that it worked, or why it could not. */

/** @typedef {import('./app.js').App} App */

/** @param {App} app @param {string} text @param {string} what "Link" */
export async function copyText(app, text, what) {
  try {
    await navigator.clipboard.writeText(text);
    app.say(`${what} copied.`);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    app.say(`${what} could not be copied: ${message}`, true);
  }
}

/** @param {App} app */
export const copyLink = (app) =>
  copyText(app, new URL(app.host.address.link(), location.href).href, 'Link');

/** @param {App} app */
export function copyEvent(app) {
  const { trace, selected } = app.state;
  if (!trace || !selected) return;
  const { categories, tracks } = trace.overview;
  const { name, detail, startNs, durationNs, selfNs, kind, value, flags } = selected;
  const { pid, tid, name: thread } = tracks[selected.track];
  const span = kind === 'span' ? { duration_ns: durationNs, self_ns: selfNs } : {};
  const all = {
    name,
    category: categories[selected.category].name,
    start_ns: startNs,
    ...span,
    ...(kind === 'sample' ? { value } : {}),
    pid,
    tid,
    thread,
    ...(detail === null ? {} : { detail }),
    ...(selected.arguments ? { arguments: selected.arguments } : {}),
    failed: Boolean(flags & 1),
  };
  return copyText(app, JSON.stringify(all, null, 2), 'Event');
}
