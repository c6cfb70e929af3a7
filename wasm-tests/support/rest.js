/** Waits until the page has done everything it was asked to, when a user would look at it and a test may read and
 * point. */
import { soon } from './soon.js';

/** What the page is busy with, or '': checked over a few frames, because one answer causes the next query. */
const look = async () => {
  const inspector = /** @type {any} */ (globalThis.document.querySelector('ringscope-inspector'));
  for (let frames = 0; frames < 3; frames++) {
    const { trace, progress, view, isUpdatePending } = inspector;
    if (!trace) return 'no trace is open';
    if (progress) return progress.what;
    if (trace.live && (!trace.live.paused || trace.live.behind || trace.live.showing)) return 'the trace grows';
    if (trace.client.waiting.size > 0) return `${trace.client.waiting.size} questions are under way`;
    if (isUpdatePending || view.frame) return 'something is to be drawn';
    await new Promise(requestAnimationFrame);
  }
  return '';
};

/** Waits until the page is at rest. A growing trace never is, unless it is paused.
 * @param {import('playwright-core').Page} page */
export const atRest = (page) => soon(() => page.evaluate(look), '');
