/** Notes: placed at the selection, else in the middle of the window. */
import { selectRange } from './selecting.js';

/** @typedef {import('./app.js').App} App @typedef {import('./settings.js').Note} Note */

/** @param {App} app @param {Note[]} notes */
function setNotes(app, notes) {
  app.set({ notes: notes.toSorted((a, b) => a.fromNs - b.fromNs) });
  app.view?.setNotes(app.state.settings.notes);
}

/** @param {App} app */
export async function addNote(app) {
  const { trace, range, selected, settings } = app.state;
  if (!trace || !app.view || trace.live) return; // in a trace that grows, times move
  const { fromNs, toNs } = app.view.window;
  const middle = Math.max(0, Math.round((fromNs + toNs) / 2));
  const note = { fromNs: middle, toNs: middle, text: `note ${settings.notes.length + 1}` };
  if (selected) {
    const { startNs, durationNs, name } = selected;
    Object.assign(note, { fromNs: startNs, toNs: startNs + durationNs, text: name });
  }
  if (range)
    Object.assign(note, { fromNs: Math.round(range.fromNs), toNs: Math.round(range.toNs) });
  setNotes(app, [...settings.notes, note]);
  app.set({ tab: 'notes' });
  if (app.state.dock.size === 'tabs') app.setDock({ size: 'part' });
  await app.host.updateComplete;
  const at = app.state.settings.notes.indexOf(note);
  const input = app.host.renderRoot.querySelectorAll('.notes input')[at];
  if (input instanceof HTMLInputElement) input.select();
}

/** @param {App} app @param {number} at @param {string} text */
export function renameNote(app, at, text) {
  setNotes(
    app,
    app.state.settings.notes.map((note, each) => (each === at ? { ...note, text } : note)),
  );
}

/** @param {App} app @param {number} at */
export function removeNote(app, at) {
  setNotes(
    app,
    app.state.settings.notes.filter((_, each) => each !== at),
  );
}

/** @param {App} app @param {Note} note */
export function goToNote(app, { fromNs, toNs }) {
  const { view } = app;
  if (!view) return;
  const { tab } = app.state.settings;
  if (toNs - fromNs > 1) selectRange(app, { fromNs, toNs });
  app.set({ tab });
  const spanNs = Math.max(toNs - fromNs, (view.window.toNs - view.window.fromNs) / 2);
  const middle = (fromNs + toNs) / 2;
  view.setWindow(middle - spanNs * 0.6, middle + spanNs * 0.6);
}
