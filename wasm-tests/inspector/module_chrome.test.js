/** The timeline module without a worker: importing Trace Event JSON. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { openText, runToy, traceModule } from '../support/trace_module.js';

/** @type {any} */ let counting;
/** The toy kernel's run: its tracer, its image. */ let toy;

before(async () => {
  counting = await traceModule('counting');
  toy = await runToy();
});

test('what is exported as Chrome JSON comes back, wherever the text is cut', async () => {
  const bytes = new TextEncoder().encode(toy.tracer.export('chrome'));
  for (const pieceBytes of [7, 4096, bytes.length]) {
    const { module } = await openText(bytes, pieceBytes), overview = module.overview();
    assert.equal(overview.events, toy.events.length);
    assert.deepEqual(overview.notes, []);
    const statistics = counting.countAll(module, { fromNs: 0, toNs: overview.durationNs + 1, by: 'category' });
    for (const { key, count } of statistics)
      assert.equal(count, toy.events.filter(({ category }) => category === overview.categories[key].name).length);
  }
});

test('all phases: beginnings find their ends, counters and names their tracks', async () => {
  const text = `{"displayTimeUnit":"ns","other":{"a":[1,"}]"]},"traceEvents":[
    {"ph":"M","pid":1,"name":"process_name","args":{"name":"K\\u00e4se \\ud83d\\ude42"}},
    {"ph":"B","pid":1,"tid":2,"ts":1.5,"name":"outer","cat":"a,b","args":{"x":1}}, {"ph":"B","pid":1,"tid":2,"ts":2,"name":"inner"},
    {"ph":"E","pid":1,"tid":2,"ts":3}, {"ph":"E","pid":1,"tid":2,"ts":4.0015,"args":{"y":2}}, {"ph":"E","pid":1,"tid":2,"ts":5},
    {"ph":"i","pid":"1","tid":2,"ts":"6","name":"tick \\"quoted\\""}, {"ph":"C","pid":1,"ts":7,"name":"heap","args":{"used":5,"free":7.5}},
    {"ph":"b","pid":1,"tid":2,"ts":1,"id":"0x1","cat":"net","name":"load"}, {"ph":"b","pid":1,"tid":2,"ts":2,"id":2,"cat":"net","name":"load"},
    {"ph":"e","pid":1,"tid":2,"ts":8,"id":"0x1","cat":"net","name":"load"}, {"ph":"N","pid":1,"tid":2,"ts":1,"id":1}, {"ph":"X","name":"no time"}`;
  const { module } = await openText(text, 5), overview = module.overview();
  assert.equal(overview.events, 7);
  const at = (ph) => text.indexOf(ph);
  assert.deepEqual(overview.notes, [
    `A state of an object, of kind "N" is not shown (in event 12 at byte ${at('{"ph":"N"')})`,
    `An event without a time is left out (in event 13 at byte ${at('{"ph":"X"')})`,
    `The file is cut off (in event 13 at byte ${text.length})`,
    `An end without a beginning is left out (in event 6 at byte ${at('{"ph":"E","pid":1,"tid":2,"ts":5}')})`,
    `A span never ended: it is drawn to the end of the trace (in event 10 at byte ${text.lastIndexOf('{"ph":"b"')})`,
  ].map((note) => note.replace(/\d{4,}/g, (digits) => Number(digits).toLocaleString('en'))));
  assert.equal(overview.processes[0].name, 'Käse 🙂');
  assert.deepEqual(overview.tracks.map(({ counter }) => counter), [null, 'heap used', 'heap free']);
  module.sort('start', false);
  const rows = module.rows(0, 10).map((row) => ({ ...row, name: overview.names[row.name] }));
  const outer = rows.find(({ name }) => name === 'outer'), inner = rows.find(({ name }) => name === 'inner');
  assert.deepEqual([outer.startNs, outer.durationNs, outer.selfNs, outer.detail, module.event(outer.event).arguments], [500, 2502, 1502, null, { x: 1, y: 2 }]);
  assert.equal(inner.parent, outer.event);
  assert.deepEqual(rows.filter(({ name }) => name === 'load').map(({ startNs, durationNs, flags }) => [startNs, durationNs, flags]), [[0, 7000, 4], [1000, 6000, 6]]);
  assert.ok(rows.some(({ name }) => name === 'tick "quoted"'));
});

test('ids of one process are not those of another, but other ids are', async () => {
  const event = (ph, pid, ts, id) => ({ ph, pid, tid: 1, ts, cat: 'net', name: `of ${pid}`, ...id });
  const local = { id2: { local: '0x1' } }, global = { id2: { global: '0x1' } };
  const pairs = [event('b', 1, 1, local), event('b', 2, 2, local), event('e', 1, 5, local), event('e', 2, 9, local), event('b', 1, 20, global), event('e', 2, 27, global)];
  const { module } = await openText(JSON.stringify(pairs), 50), { names } = module.overview();
  module.sort('start', false);
  assert.deepEqual(module.rows(0, 9).map(({ name, startNs, durationNs }) => [names[name], startNs, durationNs]), [['of 1', 0, 4000], ['of 2', 1000, 7000], ['of 1', 19000, 7000]]);
});

test('events need not have the same members in the same order', async () => {
  const members = { ph: 'X', ts: 5, dur: 2, pid: 3, tid: 4, cat: 'c', name: 'n', args: { detail: 'd' }, scope: 's', sco: 1, ts2: 7, longer_than_a_word: { ph: 'B' }, 'p\\h': 1, '': 2 };
  const keys = Object.keys(members);
  const events = Array.from({ length: 300 }, (_, i) => Object.fromEntries(keys.map((_key, at) => keys[(at * (i % 13 === 0 ? 1 : i % 13) + i) % keys.length]).concat(keys).map((key) => [key, members[key]])));
  const { module, notes } = await openText(JSON.stringify(events), 77);
  assert.equal(module.overview().events, 300);
  assert.deepEqual(notes, []);
  const { names, categories, tracks } = module.overview();
  assert.deepEqual([names, categories.map(({ name }) => name), tracks.map(({ pid, tid }) => [pid, tid])], [['n'], ['c'], [[3, 4]]]);
  module.sort('start', false);
  assert.deepEqual(module.rows(0, 999).filter(({ durationNs, detail }) => durationNs === 2000 && detail === 'd').length, 300);
});

test('an event says where its flows lead and come from', async () => {
  const at = (tid, ts) => ({ pid: 1, tid, ts, name: `on ${tid}`, cat: 'c' });
  const events = [{ ph: 'X', dur: 5, ...at(1, 1) }, { ph: 'X', dur: 5, ...at(2, 9) }, { ph: 's', id: 1, ...at(1, 2), name: 'f' }, { ph: 'f', bp: 'e', id: 1, ...at(2, 10), name: 'f' }];
  const { module } = await openText(JSON.stringify(events), 9);
  const [one, two] = [module.hit(0, 0, 0), module.hit(1, 9000, 0)].map((event) => module.event(event));
  assert.deepEqual([one.leadsTo, one.comesFrom, two.leadsTo, two.comesFrom], [[two.event], [], [], [one.event]]);
  assert.deepEqual(module.overview().notes, []);
});

test('args stay a tree, a detail alone reads as it does', async () => {
  const args = [['{}', null], ['{ \n}', null], ['{"detail":"x"}', 'x'], ['{ "detail" : "a\\n\\u00e9" }', 'a\né'], ['{"detail":""}', ''], ['{"detail":"x","b":1}'], ['{"detail":5}'],
    ['{"b":{"detail":"x"}}'], ['{"details":"x"}'], ['{"detail"  :  {"c":[]}}'], ['[1,2]'], ['null', null], ['"text"'], ['{"detail":"= -2 = -2"}', '= -2 = -2']];
  const text = `[${args.map(([value], i) => `{"ph":"X","pid":1,"tid":1,"ts":${i * 10},"dur":5,"name":"n","args":${value}}`)}]`;
  const { module } = await openText(text, 33);
  module.sort('start', false);
  const rows = module.rows(0, 99);
  assert.deepEqual(rows.map(({ detail }) => detail), args.map(([, detail]) => detail || null));
  assert.deepEqual(rows.map(({ event }) => module.event(event).arguments), args.map(([value, detail]) => (detail === undefined ? JSON.parse(value) : null)));
  assert.ok(rows.every(({ flags }) => (flags & 1) === 0), 'no text says that something failed');
  module.search('2]');
  assert.equal(module.searchStep(1e9).hits, 1, 'arguments are searched');
});
