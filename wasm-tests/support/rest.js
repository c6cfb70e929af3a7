/** When the page has done all that was asked of it, so that a person would look at it, and a test may read and point. */
import { soon } from './soon.js';

/** What the page is at, or '': looked at over a few frames, as one answer brings the next question. */
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

/** Waits for it. A trace that grows never rests, unless it is paused. @param {import('playwright-core').Page} page */
export const atRest = (page) => soon(() => page.evaluate(look), '');
