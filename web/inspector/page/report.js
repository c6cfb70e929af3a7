/** A report: the trace, the worker and the module are in the page itself, in base64. */

/** @returns {HTMLElement | null} null: this page is no report */
const traceHere = () => document.querySelector('script#trace[data-name]');

// decoded in slices: a multiple of four, and small enough not to freeze the page
const SLICE_CHARACTERS = 4 << 18;

/** The decoded contents of an element of the page. @param {string} id */
async function bytesOf(id) {
  const text = document.getElementById(id)?.textContent ?? '';
  const parts = [];
  for (let at = 0; at < text.length; at += SLICE_CHARACTERS) {
    parts.push(
      Uint8Array.from(atob(text.slice(at, at + SLICE_CHARACTERS)), (character) =>
        character.charCodeAt(0),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve));
  }
  return new Blob(parts);
}

/** @returns {Promise<import('../trace/client.js').Assets>} */
async function assetsHere() {
  const worker = URL.createObjectURL(await bytesOf('worker'));
  const wasm = await (await bytesOf('timeline-wasm')).arrayBuffer();
  return { worker: () => new Worker(worker), timelineWasm: () => WebAssembly.compile(wasm) };
}

/** Has a report show what was on screen when it was saved, unless its address says otherwise. */
export function restoreView() {
  const view = traceHere()?.dataset.view;
  if (view && !location.hash) history.replaceState(null, '', view);
}

/** Opens the trace that is in the page, if this is a report. */
export async function openReport() {
  const name = traceHere()?.dataset.name;
  if (name === undefined) return;
  const inspector = /** @type {import('../element/inspector.js').Inspector} */ (
    document.querySelector('ringscope-inspector')
  );
  document.title = `${name} · ringscope`;
  inspector.assets = await assetsHere();
  await inspector.open(await bytesOf('trace'), name);
}
