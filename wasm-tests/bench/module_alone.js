/** The timeline module without worker and page, in Chromium: its own share of their time. */
import { openPage } from '../support/browser.js';

/** @param {string} path below the project */
export async function moduleAlone(path) {
  const { page, origin, end } = await openPage();
  await page.evaluate(async ([base, file]) => {
    const [{ TraceModule }, engine, tree] = await Promise.all(['module', 'engine', 'tree'].map((name) => import(`${base}/web/inspector/trace/${name}.js`)));
    const compiled = await WebAssembly.compile(await (await fetch(`${base}/build/web/timeline.wasm`)).arrayBuffer());
    const bytes = new Uint8Array(await (await fetch(`${base}/${file}`)).arrayBuffer());
    Object.assign(globalThis, { bench: { create: () => TraceModule.create(compiled), bytes, engine, tree } });
  }, [origin, path]);

  /** Seconds of parsing and indexing the text, alternating with the browser's JSON.parse. @param {number} rounds */
  const parsing = (rounds) => page.evaluate(async (count) => {
    const { create, bytes } = /** @type {any} */ (globalThis).bench, text = new TextDecoder().decode(bytes);
    const ours = [], theirs = [];
    for (let i = 0; i < count; i++) {
      const module = await create();
      let begin = performance.now();
      for (let at = 0; at < bytes.length; at += 4 << 20) module.feed(bytes.subarray(at, at + (4 << 20)));
      module.end();
      module.build();
      ours.push((performance.now() - begin) / 1000);
      begin = performance.now();
      if (!JSON.parse(text).traceEvents) throw new Error('it is no trace');
      theirs.push((performance.now() - begin) / 1000);
    }
    return { ours, theirs };
  }, rounds);

  /** The slowest window of a warm sweep, each being the best of three, in ms; and reading start and duration of as many
   * events. @param {number} windows */
  const sweep = (windows) => page.evaluate(async (count) => {
    const { create, bytes } = /** @type {any} */ (globalThis).bench, module = await create();
    module.source = { read: (/** @type {number} */ offset, /** @type {Uint8Array} */ to) => (to.set(bytes.subarray(offset, offset + to.length)), true) };
    module.loadBegin(bytes.length);
    module.loadStep(0xffffffff); // all events
    module.build();
    const { durationNs } = module.overview();
    let worst = 0, /** @type {ArrayBuffer | undefined} */ room; // as the page reuses it
    for (let i = -count; i < count; i++) { // the first round warms up
      if (i === 0) worst = 0;
      const span = durationNs / 2 ** (Math.abs(i) % 20), fromNs = Math.floor((durationNs - span) * ((Math.abs(i) * 0.618) % 1));
      let best = Infinity;
      for (let turn = 0; turn < 3; turn++) {
        const begin = performance.now();
        const { startNs } = module.window({ fromNs, toNs: Math.ceil(fromNs + span), widthPx: 2000, rows: [[0, 50]], counters: [], room });
        best = Math.min(best, performance.now() - begin);
        room = startNs.buffer;
      }
      worst = Math.max(worst, best);
    }
    const all = new Float64Array(2 * module.overview().events), copy = new Float64Array(all.length);
    let lookAtAll = Infinity;
    for (let turn = 0; turn < 4; turn++) { // the first touches the memory
      const begin = performance.now();
      copy.set(all);
      if (turn > 0) lookAtAll = Math.min(lookAtAll, performance.now() - begin);
    }
    return { worst, lookAtAll };
  }, windows);
  /** In ms, the best of several: filters by expressions, of which the slowest counts, the call tree of all, and a pass
   * over one column. @param {number} rounds */
  const questions = (rounds) => page.evaluate(async (count) => {
    const { create, bytes, engine, tree } = /** @type {any} */ (globalThis).bench, module = await create();
    module.source = { read: (/** @type {number} */ offset, /** @type {Uint8Array} */ to) => (to.set(bytes.subarray(offset, offset + to.length)), true) };
    module.loadBegin(bytes.length);
    module.loadStep(0xffffffff); // all events
    module.build();
    const { durationNs, events } = module.overview(), column = new Float64Array(events).fill(1);
    const best = (/** @type {() => void} */ work) => {
      let ms = Infinity;
      for (let i = 0; i < count; i++) {
        const begin = performance.now();
        work();
        ms = Math.min(ms, performance.now() - begin);
      }
      return ms;
    };
    let sum = 0;
    const pass = best(() => {
      let total = 0; // must be local, or the loop would be slower than memory
      for (let i = 0; i < column.length; i++) total += column[i];
      sum += total;
    });
    const filters = ['name:"step 7"', 'dur>1us', 'self>1us', 'failed', '/step [0-7]$/', '-name:step'].map((query) =>
      best(() => engine.filterAll(module, { hiddenCategories: [], hiddenTracks: [], minDurationNs: 0, text: '', query })));
    engine.filterAll(module, { hiddenCategories: [], hiddenTracks: [], minDurationNs: 0, text: '', query: '' });
    return { pass, filter: Math.max(...filters), tree: best(() => tree.treeAll(module, { fromNs: 0, toNs: durationNs + 1 })), sum };
  }, rounds);
  return { parsing, sweep, questions, end };
}
