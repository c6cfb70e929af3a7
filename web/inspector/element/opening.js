/** Opens traces from a file, an address, a tracer on the same page, or the toy kernel. */
import { fetchTrace } from '../sources/fetch_trace.js';
import { Toy } from '../sources/toy.js';
import { liveTrace, servedTrace } from '../trace/live.js';
import { openTrace, openTraces } from '../trace/open.js';
import { applyFilter, showAll } from './finding.js';
import { follow, pauseLive } from './following.js';
import { checkBlob, checkTracer } from './given.js';
import { rememberFiles } from './recent.js';
import { select, selectRange } from './selecting.js';
import { fitting } from './settings.js';
import { dress } from './watching.js';
import { ask, openInstead, run } from './work.js';

/** @typedef {import('./app.js').App} App @typedef {import('./state.js').Trace} Trace */

const STEP_SHOWN_MS = 60;
const CUT_OFF = /^The .* is cut off/; // among a trace's notes

/** @param {App} app @param {Blob} blob @param {string} [name] */
export async function open(app, blob, name) {
  checkBlob(blob);
  const called = name ?? (blob instanceof File ? blob.name : 'trace');
  const { assets } = app.host;
  const trace = await run(app, `Opening ${called}`, (signal, onProgress) =>
    openTrace(blob, { name: called, signal, onProgress, assets }),
  );
  if (trace) await ask(app, show(app, trace));
}

/**
 * @param {App} app @param {Iterable<File>} files
 * @param {FileSystemFileHandle[]} [handles] that can reopen them
 */
export async function openFiles(app, files, handles = []) {
  const named = [...files].map((file) => ({ blob: file, name: file.name }));
  const what = named.length === 1 ? named[0].name : `${named.length} files`;
  const { assets } = app.host;
  const trace = await run(app, `Opening ${what}`, (signal, onProgress) =>
    openTraces(named, { signal, onProgress, assets }),
  );
  if (!trace) return;
  await ask(app, show(app, trace));
  await ask(app, rememberFiles(handles));
}

/** @param {App} app @param {string} address */
export async function openAddress(app, address) {
  const trace = await run(app, `Fetching ${address}`, async (signal, report) => {
    const fetched = await fetchTrace(address, signal, (done, total) =>
      report(done, total, 'Fetching'),
    );
    const { assets } = app.host;
    const options = { name: fetched.name, signal, onProgress: report, assets };
    const isLive = fetched.live;
    return isLive ? servedTrace(fetched, options) : openTrace(fetched.blob, options);
  });
  if (trace) await ask(app, show(app, trace));
}

/** @param {App} app @param {import('../../ringscope.js').Tracer} tracer @param {string} [name] */
export async function attach(app, tracer, name = 'live') {
  checkTracer(tracer);
  const { signal } = openInstead(app);
  const trace = await liveTrace(tracer, { name, assets: app.host.assets });
  if (signal.aborted) trace.dispose();
  else await show(app, trace);
}

/** @param {App} app */
export async function startToy(app) {
  const { signal } = openInstead(app);
  app.forget();
  const toy = await Toy.boot();
  const trace = await liveTrace(toy.kernel.tracer, {
    name: 'the toy kernel',
    assets: app.host.assets,
  });
  if (signal.aborted) {
    trace.dispose();
    return toy.dispose();
  }
  toy.onEnd = () => {
    const words = 'The toy kernel has finished: its last program has exited.';
    app.say(`${words} "Start again" boots another one.`);
  };
  app.update({ toy });
  await show(app, trace);
}

/** Runs one tick of the toy kernel, which then stands still again. @param {App} app */
export function stepToy(app) {
  const { trace, toy } = app.state;
  toy?.step();
  trace?.live?.setPaused(false);
  setTimeout(() => {
    trace?.live?.setPaused(true);
    app.changed();
  }, STEP_SHOWN_MS);
}

/** Shows a trace from now on. @param {App} app @param {Trace} trace */
export async function show(app, trace) {
  const { toy } = app.state; // the new trace may come from it
  const keeps = Boolean(trace.live && toy);
  app.update({ toy: keeps ? null : toy });
  app.forget();
  if (keeps) app.update({ toy });
  const first = !app.host.address.begun;
  app.host.address.begin(trace);
  const settings = fitting(app.state.settings, trace);
  app.update({ trace, shown: trace.overview.events, settings });
  trace.lost?.then((reason) => lose(app, trace, reason));
  if (app.view) showInView(app, trace);
  if (trace.live) follow(app, trace);
  if (!trace.live && trace.overview.events === 0) {
    app.say([`${trace.overview.title} has no events.`, ...trace.overview.notes].join(' '));
  }
  const cut = trace.overview.notes.find((note) => CUT_OFF.test(note));
  if (cut && trace.overview.events > 0)
    app.say(
      `${cut}. The part before that is shown; to see the rest, save or copy the whole file again.`,
    );
  app.host.dispatchEvent(new CustomEvent('trace', { detail: trace }));
  await applyFilter(app);
  if (trace !== app.state.trace) return; // choices made for it mean nothing in the next one
  // filters made for the previous trace
  if (!first && app.state.shown === 0 && trace.overview.events > 0) await showAll(app);
  const { selected, range } = app.state;
  if (!selected && !range) await restore(app, settings); // else somebody has already chosen
}

/**
 * The trace's worker has ended: returns to the state without a trace.
 * @param {App} app @param {Trace} trace @param {Error} reason
 */
function lose(app, trace, reason) {
  if (app.state.trace !== trace) return;
  app.forget();
  app.say(reason.message, true);
}

/** @param {App} app @param {Trace} trace */
export function showInView(app, trace) {
  const { window, pins } = app.state.settings;
  app.view?.setTrace(trace);
  if (app.view) dress(app.view, app.state);
  if (window) app.view?.setWindow(window.fromNs, window.toNs);
  app.view?.setPinned(pins);
}

/**
 * Restores a link's selection; its window is already shown, wherever the event is.
 * @param {App} app @param {import('./settings.js').Settings} settings
 */
export async function restore(app, { event, range, window }) {
  const { trace } = app.state;
  const { tab, scope } = app.state.settings;
  if (range) selectRange(app, range);
  if (trace && event >= 0 && event < trace.overview.events && !trace.live) {
    await select(app, event, !window);
  }
  if (range || event >= 0) app.set({ tab, scope });
}

export { pauseLive };
