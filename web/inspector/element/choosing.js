/**
 * Choosing files: with the browser's own dialog, whose handles can reopen a file, or with an input.
 */
import { openFiles } from './opening.js';

/** @typedef {import('./app.js').App} App */
/**
 * @typedef {{ showOpenFilePicker?: (options: object) => Promise<FileSystemFileHandle[]> }} Picker
 */

/** @param {App} app */
export async function chooseFiles(app) {
  const { showOpenFilePicker } = /** @type {Picker} */ (globalThis);
  if (!showOpenFilePicker || app.host.plainPicker) {
    return /** @type {HTMLInputElement | null} */ (app.find('#file'))?.click();
  }
  try {
    const handles = await showOpenFilePicker({ multiple: true });
    await openFiles(app, await Promise.all(handles.map((handle) => handle.getFile())), handles);
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    if (name !== 'AbortError') app.say(message, true); // closed without a choice
  }
}

/** @param {App} app @param {import('./recent.js').RecentFile} file */
export async function openRecent(app, { handle }) {
  const asked = /** @type {{ requestPermission?: (how: object) => Promise<string> }} */ (handle);
  try {
    if ((await asked.requestPermission?.({ mode: 'read' })) === 'denied') return;
    await openFiles(app, [await handle.getFile()], [handle]);
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    if (name !== 'AbortError') app.say(`${handle.name} cannot be opened: ${message}`, true);
  }
}
