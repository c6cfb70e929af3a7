/** The timeline module without a worker: expressions as filters, call trees, and the table's order. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { openImage, openText, runToy, traceModule, wholeWindow } from '../support/trace_module.js';

/** @type {any} */ let engine;
/** @type {any} */ let tree;
/** @type {any} */ let order;
/** The toy kernel's run: its tracer, its image. */ let toy;

before(async () => {
  engine = await traceModule('engine');
  tree = await traceModule('tree');
  order = await traceModule('order');
  toy = await runToy();
});

const EVERYTHING = { hiddenCategories: [], hiddenTracks: [], minDurationNs: 0, text: '', query: '' };
const inWindow = ({ merged }) => merged.reduce((sum, count) => sum + count, 0);

test('an expression is a filter, which is seen before it is applied', async () => {
  const module = await openImage(toy.image), overview = module.overview();
  const opens = toy.events.filter(({ name, duration = 0 }) => name === 'open' && duration > 0.001);
  assert.ok(opens.length > 0 && opens.length < toy.events.length);
  engine.filterBegin(module, { ...EVERYTHING, query: 'name:open dur>1us' });
  assert.equal(engine.filterStep(module, 10).done, false);
  assert.equal(inWindow(module.window({ ...wholeWindow(overview), preview: true })), opens.length);
  assert.ok(inWindow(module.window(wholeWindow(overview))) > opens.length, 'until it is, all is shown');
  let state = engine.filterStep(module, 100);
  while (!state.done) state = engine.filterStep(module, 100);
  assert.equal(state.events, opens.length);
  assert.equal(inWindow(module.window(wholeWindow(overview))), opens.length);
  engine.filterBegin(module, EVERYTHING);
  engine.filterStop(module);
  assert.equal(inWindow(module.window(wholeWindow(overview))), opens.length, 'what is given up changes nothing');
});

test('what is wrong with an expression is said with its place', async () => {
  const module = await openImage(toy.image);
  assert.equal(engine.checkQuery(module, 'name:open /a|b/ -failed'), null);
  const { message, at, length } = engine.checkQuery(module, 'é nmae:x');
  assert.match(message, /there is no field nmae:/);
  assert.deepEqual({ at, length }, { at: 2, length: 5 });
  assert.throws(() => module.search('pid:x'), /x is not a number/);
  assert.throws(() => engine.filterBegin(module, { ...EVERYTHING, query: '/(/' }), /the \( has no \)/);
});

test('a call tree is upright, inverted, and of one name', async () => {
  const span = (name, ts, dur) => ({ ph: 'X', name, pid: 1, tid: 1, ts, dur });
  const events = [span('main', 0, 100), span('a', 0, 40), span('b', 10, 10), span('a', 50, 30), span('a', 60, 5)];
  const { module } = await openText(JSON.stringify(events), 1e6);
  const { names } = module.overview(), all = { fromNs: 0, toNs: 1e9 };
  const pathOf = (nodes, at) => (at <= 0 ? [] : [...pathOf(nodes, nodes[at].parent), names[nodes[at].name]]);
  const shown = (nodes) => Object.fromEntries(nodes.map(({ count, totalNs, selfNs }, at) =>
    [pathOf(nodes, at).join('/'), [count, totalNs / 1e3, selfNs / 1e3]]));
  assert.deepEqual(shown(tree.treeAll(module, all).nodes), {
    '': [1, 100, 0], main: [1, 100, 30], 'main/a': [2, 70, 55], 'main/a/b': [1, 10, 10], 'main/a/a': [1, 5, 5] });
  const { callers, callees } = tree.treeAll(module, { ...all, way: 'sandwich', name: names.indexOf('a') });
  assert.deepEqual(shown(callers), {
    '': [3, 70, 60], a: [3, 70, 60], 'a/main': [2, 70, 55], 'a/a': [1, 0, 5], 'a/a/main': [1, 0, 5] });
  assert.deepEqual(shown(callees), { '': [2, 70, 55], a: [2, 70, 55], 'a/b': [1, 10, 10], 'a/a': [1, 5, 5] });
  const threads = tree.treeAll(module, { ...all, perThread: true }).nodes;
  assert.deepEqual(threads[1], { parent: 0, name: -1, track: 0, count: 1, errors: 0, totalNs: 1e5, selfNs: 0, waitNs: 0, longest: -1 });
});

test('the table’s order is made in steps, and until it is, the one before stays', async () => {
  const module = await openImage(toy.image), { events } = module.overview();
  const names = () => module.rows(0, events).map(({ name }) => name);
  module.sort('start', false);
  const byStart = names();
  order.orderBegin(module, 'name', true);
  let steps = 0;
  for (let share = 0, state = { done: false }; !state.done; steps++) {
    assert.deepEqual(module.rows(0, 3).map(({ name }) => name), byStart.slice(0, 3));
    state = order.orderStep(module, 1000);
    assert.ok(state.share >= share && state.share <= 1, `${state.share} after ${share}`);
    share = state.share;
  }
  assert.ok(steps > 3 * Math.floor(events / 1000), `${steps} steps for ${events} events`);
  const byName = names();
  assert.notDeepEqual(byName, byStart);
  order.orderBegin(module, 'start', false);
  order.orderStep(module, 10);
  order.orderStop(module);
  assert.deepEqual(names(), byName);
});

test('an order that is given up leaves the one before in force, which is not made again', async () => {
  const { Session } = await traceModule('session');
  const module = await openImage(toy.image), call = module.call.bind(module);
  const jobs = { current: { id: 1 }, cancelled: new Set(), has: () => false, pause: async () => jobs.cancelled.add(1) };
  const session = new Session(module, null, jobs);
  session.overview();
  await session.sort('duration', true);
  const before = await session.rows(0, 20);
  module.call = (/** @type {string} */ name, /** @type {number[]} */ ...given) => call(name, ...(name === 'order_step' ? [0] : given));
  await assert.rejects(session.sort('name', false), { name: 'AbortError' });
  module.call = (/** @type {string} */ name, /** @type {number[]} */ ...given) => {
    assert.ok(!name.startsWith('order'), name);
    return call(name, ...given);
  };
  assert.deepEqual(await session.rows(0, 20), before);
  assert.deepEqual(await session.sort('duration', true), { rows: session.events });
  assert.deepEqual(await session.rows(0, 20), before);
});
