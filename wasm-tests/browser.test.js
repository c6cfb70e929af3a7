/** The glue in a real browser behaves as in Node. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage } from './support/browser.js';
import { ToyKernel } from './support/tracer.js';

let browser;
before(async () => (browser = await openPage()));
after(() => browser?.end());

const PACKAGE = '/build/web/ringscope.js';
const TOY = '/build/web/toy-kernel/toy_kernel.js';

test('the toy kernel gives the same JSON as in Node', async () => {
  const inPage = await browser.page.evaluate(async (path) => {
    const kernel = await (await import(path)).ToyKernel.boot({ seed: 3 });
    kernel.tracer.enable();
    while (kernel.step());
    return kernel.tracer.export('json') + String(kernel.tracer.summary());
  }, TOY);
  const kernel = await ToyKernel.boot({ seed: 3 });
  kernel.tracer.enable();
  while (kernel.step());
  assert.equal(inPage, kernel.tracer.export('json') + String(kernel.tracer.summary()));
  kernel.dispose();
});

test('events, spans and details come back; a saved image opens', async () => {
  const result = await browser.page.evaluate(async (path) => {
    const { Tracer } = await import(path);
    const tracer = await Tracer.load();
    tracer.enable();
    tracer.event('FILE', 'open', 'Käse 漢字 🙂');
    tracer.event('FILE', 'open', 'lone \ud800');
    await tracer.span('IPC', 'fetch', async () => (await fetch('/')).text());
    const saved = await Tracer.open(tracer.save());
    return { events: tracer.events(), same: saved.export('json') === tracer.export('json'), clock: tracer.info().clock };
  }, PACKAGE);
  assert.deepEqual(result.events.map(({ name, detail }) => [name, detail]),
    [['open', 'Käse 漢字 🙂'], ['open', 'lone \ufffd'], ['fetch', undefined]]);
  assert.ok(result.events[2].duration > 0);
  assert.deepEqual([result.same, result.clock], [true, 'performance.now']);
});

test('workers of an isolated page record into one tracer', async () => {
  const details = await browser.page.evaluate(async (path) => {
    const { Tracer } = await import(path);
    const tracer = await Tracer.loadShared();
    tracer.enable();
    const run = (name) => new Promise((resolve, reject) => {
      const worker = new Worker('/wasm-tests/support/browser_worker.js', { type: 'module' });
      worker.onmessage = () => resolve(worker.terminate());
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(tracer.share(name));
    });
    await Promise.all([run('one'), run('two')]);
    return tracer.events().map((event) => event.detail ?? event.name);
  }, PACKAGE);
  for (const name of ['one', 'two'])
    assert.deepEqual(details.filter((detail) => detail.startsWith(`${name} `)), Array.from({ length: 100 }, (_, i) => `${name} ${i}`));
  assert.equal(details.filter((detail) => detail === 'ünïcode 漢字').length, 2);
});

test('a page that is not isolated is told what it lacks', async () => {
  const other = await openPage({ isolated: false });
  try {
    const message = await other.page.evaluate(async (path) => {
      const { Tracer } = await import(path);
      return Tracer.loadShared().then(() => 'shared', (error) => error.message);
    }, PACKAGE);
    assert.match(message, /COOP and COEP/);
  } finally {
    await other.end();
  }
});

test('nothing happens at import, and nothing is asked of another origin', async () => {
  const requests = [];
  const page = await browser.page.context().newPage();
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(browser.origin);
  const added = await page.evaluate(async (path) => {
    const before = new Set(Object.getOwnPropertyNames(globalThis));
    await import(path);
    return Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name));
  }, PACKAGE);
  assert.deepEqual(added, []);
  assert.deepEqual(requests.filter((url) => !url.startsWith(browser.origin)), []);
  assert.deepEqual(requests.filter((url) => url.endsWith('.wasm')), []);
  await page.close();
});

test('a function that suspends the module is a span until its promise settles', async (t) => {
  const { assemble } = await import('./support/wat.js');
  const bytes = [...assemble('(module (import "host" "f" (func $f (result i32))) (func (export "g") (result i32) (call $f)))')];
  const result = await browser.page.evaluate(async ([path, module]) => {
    if (!WebAssembly.Suspending) return 'no Suspending';
    const { Tracer, traceWebAssembly } = await import(path);
    const tracer = await Tracer.load();
    tracer.enable();
    const undo = traceWebAssembly(tracer);
    let settle;
    const imports = { host: { f: new WebAssembly.Suspending(() => new Promise((resolve) => (settle = resolve))) } };
    const { instance } = await WebAssembly.instantiate(new Uint8Array(module), imports);
    const pending = WebAssembly.promising(instance.exports.g)();
    const open = tracer.openSpans().map((span) => span.name);
    settle(7);
    const value = await pending;
    undo();
    return [value, open, tracer.events().map((event) => event.name), tracer.openSpans().length];
  }, [PACKAGE, bytes]);
  if (result === 'no Suspending') t.skip('this browser has no WebAssembly.Suspending');
  else assert.deepEqual(result, [7, ['f'], ['f'], 0]);
});

// (module (import "env" "ask" (func $ask (param i32) (result i32))) (func (export "run") (param i32) (result i32) (call $ask (local.get 0))))
const ASKS = [0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 2, 11, 1, 3, 101, 110, 118, 3, 97, 115, 107, 0, 0, 3, 2, 1, 0, 7, 7, 1, 3, 114, 117, 110,
  0, 1, 10, 8, 1, 6, 0, 32, 0, 16, 0, 11];

test('a service worker traces the calls of a module', async () => {
  const answer = await browser.page.evaluate(async (bytes) => {
    const { installing, waiting, active } = await navigator.serviceWorker.register('/wasm-tests/support/service_worker.js', { type: 'module' });
    const worker = installing ?? waiting ?? active, { port1, port2 } = new MessageChannel();
    const answered = new Promise((resolve) => { port1.onmessage = ({ data }) => resolve(data); });
    await new Promise((resolve, reject) => {
      const look = () => (worker.state === 'activated' ? resolve() : worker.state === 'redundant' && reject(new Error('it was not installed')));
      worker.addEventListener('statechange', look);
      look();
    });
    worker.postMessage(Uint8Array.from(bytes), [port2]);
    return answered;
  }, ASKS);
  assert.deepEqual(answer, [7, ['ask']]);
});

/** Records and traces in a page with this policy; returns the results and the page's complaints. */
async function underPolicy(t, policy) {
  const { page, end } = await openPage({ policy });
  t.after(end);
  const complaints = [];
  page.on('console', (message) => /Content Security Policy|Content-Security-Policy/.test(message.text()) && complaints.push(message.text()));
  const result = await page.evaluate(async ([path, bytes]) => {
    const { Tracer, instantiateTraced } = await import(path);
    const tracer = await Tracer.load().catch((error) => error.name);
    if (typeof tracer === 'string') return tracer;
    tracer.enable();
    const { exports } = await instantiateTraced(Uint8Array.from(bytes), { env: { ask: (n) => n + 1 } }, tracer);
    return [exports.run(6), tracer.events().map((event) => event.name), tracer.stats().ask.count];
  }, [PACKAGE, ASKS]);
  return { result, complaints };
}

test('a page whose policy allows WebAssembly, and no eval, is traced; where it allows none, loading says so', async (t) => {
  assert.deepEqual(await underPolicy(t, "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"), { result: [7, ['ask'], 1], complaints: [] });
  assert.equal((await underPolicy(t, "default-src 'self'; script-src 'self'")).result, 'CompileError');
});

test('fetches and long tasks of a page are spans on tracks of their own', async () => {
  const events = await browser.page.evaluate(async (path) => {
    const { Tracer, tracePerformance } = await import(path);
    const tracer = await Tracer.load();
    tracer.enable();
    const stop = tracePerformance(tracer), began = performance.now(); // a long task may be ending, which began before the trace did
    const seen = (type, name) => new Promise((resolve) => {
      const wanted = (entry) => entry.name.includes(name) && entry.startTime >= began;
      new PerformanceObserver((list) => list.getEntries().some(wanted) && resolve()).observe({ type });
    });
    const all = Promise.all([seen('resource', 'absent?1'), seen('resource', 'package.json'), seen('longtask', '')]);
    await (await fetch('/absent?1')).text();
    await (await fetch('/wasm-tests/package.json')).text();
    setTimeout(() => { for (const end = performance.now() + 120; performance.now() < end;); });
    await all;
    stop();
    const { track, trackOf } = tracer.columns();
    return tracer.events().map((event, i) => ({ ...event, track: trackOf(track[i]).name }));
  }, PACKAGE);
  const fetches = events.filter(({ track, detail }) => track === 'fetches' && /absent|package/.test(detail)), task = events.find(({ track }) => track === 'long tasks');
  assert.deepEqual(fetches.map(({ name, detail, failed, args, label }) => [name, new URL(detail).pathname, Boolean(failed), args.status, label]),
    [['fetch', '/absent', true, 404, 'fetch'], ['fetch', '/wasm-tests/package.json', false, 200, 'fetch']]);
  assert.ok(fetches[1].args.bytes > 0 && fetches.every(({ duration }) => duration >= 0), JSON.stringify(fetches));
  assert.ok(task.duration >= 50, JSON.stringify(task));
});
