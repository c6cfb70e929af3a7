/** Where traces come from: a file, an address, a tracer of the same page, the toy kernel. */
import { fetchTrace } from '../sources/fetch_trace.js';
import { Toy } from '../sources/toy.js';
import { liveTrace, servedTrace } from '../trace/live.js';
import { openTrace, openTraces } from '../trace/open.js';
import { checkBlob, checkTracer } from './given.js';
import { run } from './work.js';

/** @typedef {import('./inspector.js').Inspector} Inspector */

const STEP_SHOWN_MS = 60;

/** @param {Inspector} page @param {Blob} blob @param {string} [name] */
export async function open(page, blob, name) {
  checkBlob(blob);
  const called = name ?? (blob instanceof File ? blob.name : 'trace');
  await run(page, `Opening ${called}`, async (signal, report) => page.show(await openTrace(blob, { name: called, signal, onProgress: report, assets: page.assets })));
}

/** @param {Inspector} page @param {Iterable<File>} files */
export function openFiles(page, files) {
  const named = [...files].map((file) => ({ blob: file, name: file.name }));
  const what = named.length === 1 ? named[0].name : `${named.length} files`;
  return run(page, `Opening ${what}`, async (signal, report) => page.show(await openTraces(named, { signal, onProgress: report, assets: page.assets })));
}

/** @param {Inspector} page @param {string} address */
export function openAddress(page, address) {
  return run(page, `Fetching ${address}`, async (signal, report) => {
    const fetched = await fetchTrace(address, signal, (done, total) => report(done, total, 'Fetching'));
    const options = { name: fetched.name, signal, onProgress: report, assets: page.assets };
    page.show(fetched.live ? await servedTrace(fetched, options) : await openTrace(fetched.blob, options));
  });
}

/** @param {Inspector} page @param {import('../../ringscope.js').Tracer} tracer @param {string} [name] */
export async function attach(page, tracer, name = 'live') {
  checkTracer(tracer);
  page.show(await liveTrace(tracer, { name, assets: page.assets }));
}

/** @param {Inspector} page */
export async function startToy(page) {
  page.close();
  const toy = await Toy.boot();
  page.toyKernel = toy;
  await attach(page, toy.kernel.tracer, 'the toy kernel');
  toy.onEnd = () => page.say('The toy kernel has finished: its last program has exited. "Toy kernel" starts it again.');
  page.requestUpdate();
}

/** One tick of the toy kernel, after which it stands still again. @param {Inspector} page */
export function stepToy(page) {
  const live = page.trace?.live;
  page.toyKernel?.step();
  live?.setPaused(false);
  setTimeout(() => {
    live?.setPaused(true);
    page.requestUpdate();
  }, STEP_SHOWN_MS);
}
