/**
 * Long work in the worker, in slices: the visible parts are drawn between them, and a new question
 * stops the old one.
 */

/** @typedef {import('./jobs.js').Jobs} Jobs */
/** @typedef {(progress: { share: number }) => void} Say */

const SLICE_MS = 12;
const REPORT_MS = 50;

const superseded = () => new DOMException('superseded', 'AbortError');

/**
 * Takes steps until one is done.
 * @template {{ done: boolean, share: number }} State
 * @param {Jobs} jobs
 * @param {string[]} stoppedBy questions that make this one useless; it then ends with an AbortError
 * @param {() => State} step
 * @param {Say} say gets the progress
 * @param {string[]} [ahead] questions that do not wait for it
 * @returns {Promise<State>} the last step's
 */
export async function inSlices(jobs, stoppedBy, step, say, ahead = []) {
  const job = jobs.current;
  for (let told = performance.now(); ;) {
    const end = performance.now() + SLICE_MS;
    let state = step();
    while (!state.done && performance.now() < end) state = step();
    if (state.done) return state;
    if (performance.now() - told >= REPORT_MS) {
      say({ share: state.share });
      told = performance.now();
    }
    await jobs.pause(ahead);
    if (job && jobs.cancelled.has(job.id)) throw superseded();
    if (stoppedBy.some((method) => jobs.has(method))) throw superseded();
  }
}
