/** The positions of tracks and times, without a browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inProject } from '../support/paths.js';

const { chosenAmong } = await import(inProject('web/inspector/timeline/chosen.js'));
const { processTree } = await import(inProject('web/inspector/timeline/process_tree.js'));
const { lifeOf } = await import(inProject('web/inspector/timeline/lives.js'));
const { busyShare, placeOfRow, rowsAt } = await import(inProject('web/inspector/timeline/rows.js'));
const { basesIn, chooseSteps, placeText, ticksIn } = await import(inProject('web/inspector/timeline/ruler.js'));
const { formatDuration, formatNumber, formatTime, formatValue } = await import(inProject('web/inspector/timeline/format.js'));
const { clampWindow, fitWindow, limitsOf, zoomAbout } = await import(inProject('web/inspector/timeline/scale.js'));
const { noSettings, readSettings, writeSettings } = await import(inProject('web/inspector/element/settings.js'));
const { spokenOf } = await import(inProject('web/inspector/element/speaking.js'));
const { layoutTracks } = await import(inProject('web/inspector/timeline/layout.js'));
const { EVERYTHING, isSame, placesOf } = await import(inProject('web/inspector/trace/filter.js'));

const track = (pid, tid, counter = null) => ({ pid, tid, counter });
const before = { tracks: [track(2, 2), track(2, 0, 'heap'), track(9, 9)], processes: [{ pid: 2 }, { pid: 9 }] };
const after = { tracks: [track(1, 1), track(2, 2), track(2, 3), track(2, 0, 'heap')], processes: [{ pid: 1 }, { pid: 2 }] };

test('what is kept on top and collapsed is found again among other tracks, or is gone', () => {
  const chosen = { collapsed: new Set([0]), collapsedProcesses: new Set([0, 1]), pinned: new Set([1, 2]) };
  assert.deepEqual(chosenAmong(chosen, before, after), { collapsed: new Set([1]), collapsedProcesses: new Set([1]), pinned: new Set([3]) });
  assert.deepEqual(chosenAmong(chosen, before, before), chosen);
});

test('a filter hides by name and id, wherever those stand', () => {
  const categories = ['FILE', 'IPC', 'SCHED'].map((name) => ({ name }));
  const filter = { ...EVERYTHING, hidden: ['SCHED', 'FILE', 'unknown'], who: 't2.3' };
  assert.deepEqual(placesOf(filter, { categories, ...after }), { hiddenCategories: [0, 2], hiddenTracks: [0, 1, 3] });
  assert.deepEqual(placesOf({ ...filter, who: 'p2' }, { categories, ...after }).hiddenTracks, [0]);
  assert.deepEqual(placesOf(EVERYTHING, { categories, ...after }), { hiddenCategories: [], hiddenTracks: [] });
  assert.ok(isSame(filter, { ...filter, hidden: [...filter.hidden] }));
  for (const change of [{ hidden: ['SCHED'] }, { who: '' }, { minDurationNs: 1 }, { text: 'x' }]) assert.ok(!isSame(filter, { ...filter, ...change }), JSON.stringify(change));
});

test('a link has what was chosen, whatever the names are; what a link has not is as it is without one', () => {
  const chosen = { ...noSettings(), hidden: new Set(['a,b', 'c&d=']), window: { fromNs: -50, toNs: 20 }, eventSort: '-name', notes: [{ fromNs: 1, toNs: 2, text: '3-4 #' }] };
  assert.deepEqual(readSettings(writeSettings(chosen)), chosen);
  assert.deepEqual(readSettings('#window=5&range=7-3&events=colour'), noSettings());
});

test('a collapsed process is looked through for failures, of its first threads in all their rows', () => {
  const threads = (/** @type {number} */ count, /** @type {number} */ rows) => Array.from({ length: count }, (_, at) => ({ ...track(1, at), process: 0, firstRow: at * (rows + 1), rows, ticks: 1 }));
  const strip = (/** @type {any[]} */ tracks) => layoutTracks({ tracks, processes: [{ pid: 1, parent: -1, firstTrack: 0, tracks: tracks.length }] },
    { collapsed: new Set(), collapsedProcesses: new Set([0]), pinned: new Set(), hidden: new Set(), rowPx: 18, order: null }).items[0].strip;
  assert.deepEqual(strip(threads(2, 3)), [[0, 4], [4, 4]]);
  assert.deepEqual(strip(threads(2, 0)), [[0, 1], [1, 1]]);
  const many = strip(threads(100, 10));
  assert.deepEqual([many.length, many[0], many.at(-1)], [32, [0, 11], [31 * 11, 1]]);
  assert.ok(many.reduce((sum, [, count]) => sum + count, 0) <= 96);
});

test('an event is spoken with its name, its duration, its failure and its thread', () => {
  const overview = { tracks: [{ ...track(1, 7), name: '', process: 0 }, { ...track(1, 8), name: 'worker', process: 0 }], processes: [{ pid: 1, name: 'server' }], resolutionNs: 1000 };
  const event = { name: 'open', kind: 'span', track: 0, startNs: 0, durationNs: 1_300_000, flags: 0 };
  assert.equal(spokenOf(overview, event), 'open, 1.30 ms, server, thread 7');
  assert.equal(spokenOf(overview, { ...event, flags: 1, track: 1, durationNs: 0 }), 'open, ≤ 1.00 µs, failed, server, worker');
  assert.equal(spokenOf(overview, { ...event, kind: 'instant', startNs: 2e6 }), 'open, at 0.002 000 s, server, thread 7'.replaceAll('2 000', '2\u2009000'));
});

test('a process stands below the one that began it, however their order is', () => {
  const processes = [{ pid: 1, parent: -1 }, { pid: 2, parent: 2 }, { pid: 3, parent: 0 }, { pid: 4, parent: 0 }, { pid: 5, parent: 4 }, { pid: 6, parent: 4 }];
  const shown = (order) => processTree({ processes, tracks: [] }, order).map(({ process, depth }) => `${processes[process].pid}:${depth}`).join(' ');
  assert.equal(shown(null), '1:0 3:1 2:2 4:1 5:0 6:1');
  assert.equal(shown([3, 2, 5, 4, 1, 0]), '5:0 6:1 1:0 4:1 3:1 2:2');
});

test('of a process that began before the trace, or has not ended, the life goes to the edge', () => {
  assert.deepEqual(lifeOf({ startNs: -5, endNs: 30 }, 100), { fromNs: -5, toNs: 30 });
  assert.deepEqual(lifeOf({ startNs: NaN, endNs: 30 }, 100), { fromNs: 0, toNs: 30 });
  assert.deepEqual(lifeOf({ startNs: 20, endNs: NaN }, 100), { fromNs: 20, toNs: 100 });
  assert.equal(lifeOf({ startNs: NaN, endNs: NaN }, 100), null);
  assert.equal(lifeOf({}, 100), null);
});

test('ticks hang into the row that they are over: they are under the pointer at its top, and stepped to after it', () => {
  const item = { kind: 'thread', top: 0, height: 38, firstRow: 7, rows: 2, firstTick: 9, ticks: 1 };
  const layout = { pinned: [], items: [item], pinnedHeight: 0, height: 38, rowPx: 18 };
  assert.deepEqual([1, 9, 19, 36, 37].map((y) => rowsAt(layout, 0, y)), [[9, 7], [7], [8], [], []]);
  assert.deepEqual([6, 7, 8, 9, 10].map((row) => placeOfRow(item, row)), [-1, 0, 1, 0, -1]);
});

test('a run is as busy as its spans are long together; instants are as high as they are alone', () => {
  const geometry = { merged: [1, 3, 4], busyNs: [5, 25, 0], durationNs: [5, 100, 100] };
  assert.deepEqual([0, 1, 2].map((at) => busyShare(geometry, at)), [1, 0.25, 1]);
});

test('the ruler says hours and minutes where those are meant', () => {
  const ruler = (fromNs, toNs) => {
    const window = { fromNs, toNs }, steps = chooseSteps((toNs - fromNs) / 1000, 90, 1);
    const labels = (ticks) => ticks.slice(0, 3).map(({ label }) => label);
    return [labels(basesIn(window, steps)), labels(ticksIn(window, steps))];
  };
  assert.deepEqual(ruler(0, 24e12), [[], ['0 s', '1 h 00 min', '2 h 00 min']]);
  assert.deepEqual(ruler(0, 1800e9), [[], ['0 s', '5 min', '10 min']]);
  assert.deepEqual(ruler(50e9, 200e9), [['0 s', '1 min', '2 min'], ['0 s', '20 s', '40 s']]);
  assert.deepEqual(ruler(18e12, 18e12 + 1e9), [['5 h 00 min 00 s', '5 h 00 min 01 s'], ['0 ms', '100 ms', '200 ms']]);
});

test('a late moment is said with its minutes and hours', () => {
  assert.deepEqual([[1.5e9, 1e6], [119.2e9, 1e8], [125.3e9, 1e8], [3661.5e9, 1e8]].map(([ns, step]) => formatTime(ns, step)),
    ['1.500 s', '119.2 s', '2 min 05.3 s', '1 h 01 min 01.5 s']);
});

test('one event is no "1 events", nothing is no "−0 s", and hours are said as such', () => {
  assert.deepEqual([0, 1, 1234].map((count) => formatNumber(count, 'event')), ['0 events', '1 event', '1,234 events']);
  assert.deepEqual([-0, -1e-3, -2e6].map((ns) => formatTime(ns, 1e6)), ['0.000 s', '0.000 s', '−0.002 s']);
  assert.deepEqual([-0, 20_000e9, 119e9].map((ns) => formatDuration(ns)), ['0 ns', '5 h 33 min', '119 s']);
  assert.deepEqual([-0, -5, -1234.5, 1e6].map(formatValue), ['0', '−5', '−1,230', '1,000,000']);
});

test('durations have three digits in the unit that a person would say; what the clock cannot tell is said as such', () => {
  assert.deepEqual([842, 999.6, 1300e3, 2.41e9, 99_960].map((ns) => formatDuration(ns)), ['842 ns', '1.00 µs', '1.30 ms', '2.41 s', '100 µs']);
  assert.deepEqual([0, 500, 1000].map((ns) => formatDuration(ns, 1000)), ['≤ 1.00 µs', '≤ 1.00 µs', '1.00 µs']);
});

test("the ruler's smallest step is the clock's", () => {
  assert.deepEqual([[0.001, 1], [0.001, 1000], [0.001, 40], [1, 40]].map(([nsPerPx, resolutionNs]) => chooseSteps(nsPerPx, 90, resolutionNs).stepNs), [1, 1000, 50, 100]);
});

test('a growing trace that has dropped its first events begins where the others do', () => {
  const limits = limitsOf({ beginNs: 1000e9, durationNs: 1010e9, resolutionNs: 1 });
  assert.deepEqual(fitWindow(limits), { fromNs: 1000e9, toNs: 1010e9 });
  assert.deepEqual(clampWindow({ fromNs: 0, toNs: 2e9 }, limits), { fromNs: 999e9, toNs: 1001e9 });
  assert.deepEqual(zoomAbout({ fromNs: 1004e9, toNs: 1006e9 }, limits, 0.01, 1005e9), fitWindow(limits));
});

test("a note's text lies over no other text of the ruler, and not far from its moment", () => {
  const taken = [[0, 60], [500, 560]];
  assert.deepEqual([200, 20, 480, 90].map((left) => placeText(left, 40, taken)), [200, 60, 560, 112]);
  assert.deepEqual(taken, [[0, 60], [60, 112], [112, 164], [200, 252], [500, 560], [560, 612]]);
  assert.equal(placeText(5, 300, taken), null);
  assert.equal(taken.length, 6);
});

test("the ruler's labels do not jump while panning", () => {
  for (const [spanNs, resolutionNs] of [[1e3, 1], [5e6, 1], [2.5e9, 1000], [4e12, 1]]) {
    /** @type {Map<number, string>} */ const said = new Map();
    const steps = chooseSteps(spanNs / 1000, 90, resolutionNs);
    for (let pan = 0; pan < 300; pan++) {
      const fromNs = 1e9 + pan * spanNs * 0.0137, window = { fromNs, toNs: fromNs + spanNs };
      assert.deepEqual(chooseSteps((window.toNs - window.fromNs) / 1000, 90, resolutionNs).unit, steps.unit);
      for (const { timeNs, label } of ticksIn(window, steps)) {
        assert.equal(said.get(timeNs) ?? label, label);
        said.set(timeNs, label);
      }
    }
    assert.ok(said.size > 10);
  }
});
