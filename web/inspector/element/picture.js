/** The visible timeline as a picture. */
import { bareName, download } from './saving.js';

/** @param {import('./app.js').App} app */
export async function savePicture(app) {
  const { trace } = app.state;
  const picture = trace && app.view?.picture();
  if (!picture) return;
  const blob = await picture.convertToBlob({ type: 'image/png' });
  const { clipboard } = navigator;
  if (clipboard && 'write' in clipboard && typeof ClipboardItem === 'function') {
    try {
      await clipboard.write([new ClipboardItem({ [blob.type]: blob })]);
      return app.say('Picture copied.');
    } catch (error) {
      if (!(error instanceof DOMException)) throw error; // not allowed: save a file instead
    }
  }
  download(blob, `${bareName(trace.overview.title)}.png`);
}
