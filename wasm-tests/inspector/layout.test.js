/** Where tracks stand, without a browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inProject } from '../support/paths.js';

const { chosenAmong } = await import(inProject('web/inspector/timeline/layout.js'));
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
