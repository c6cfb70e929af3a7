/** A second file to compare the trace with, by name. */
import { openTrace } from '../trace/open.js';
import { run } from './work.js';

/** @typedef {import('./app.js').App} App */

/** The name of the question that it answers. */
export const OF_OTHER = 'other file';

/** @param {App} app */
export function chooseOther(app) {
  const input = document.createElement('input');
  input.type = 'file';
  input.onchange = () => {
    const [file] = input.files ?? [];
    if (file) compareWithFile(app, file, file.name);
  };
  input.click();
}

/** @param {App} app @param {Blob} blob @param {string} name */
export async function compareWithFile(app, blob, name) {
  const { trace } = app.state;
  const { assets } = app.host;
  const other = await run(app, `Opening ${name}`, (signal, onProgress) =>
    openTrace(blob, { name, signal, onProgress, assets }),
  );
  if (!other) return;
  if (!trace || trace !== app.state.trace) return other.dispose();
  endComparing(app);
  app.update({ otherTrace: other });
  other.lost.then((reason) => {
    if (app.state.otherTrace !== other) return;
    endComparing(app);
    app.say(reason.message, true);
  });
}

/** @param {App} app */
export function endComparing(app) {
  app.state.otherTrace?.dispose();
  app.answers.drop(OF_OTHER);
  app.update({ otherTrace: null });
}
