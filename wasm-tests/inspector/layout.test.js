/** Where tracks stand, without a browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inProject } from '../support/paths.js';

const { chosenAmong, processTree } = await import(inProject('web/inspector/timeline/layout.js'));
const { lifeOf } = await import(inProject('web/inspector/timeline/lives.js'));
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
