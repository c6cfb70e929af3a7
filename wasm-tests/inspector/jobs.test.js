/** The order in which the page's worker handles requests. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { traceModule } from '../support/trace_module.js';

/** @typedef {import('../../web/inspector/trace/jobs.js').Job} Job */
/** @type {typeof import('../../web/inspector/trace/jobs.js').Jobs} */ let Jobs;
/** @type {MessageChannel[]} */ const channels = [];

before(async () => ({ Jobs } = await traceModule('jobs')));
after(() => channels.forEach(({ port1 }) => port1.close()));

/**
 * The order of the jobs if all are requested before any has begun.
 * @param {string[]} asked @param {(jobs: InstanceType<typeof Jobs>, job: Job) => Promise<void>} [during]
 */
function orderOf(asked, during = async () => {}) {
  /** @type {string[]} */ const done = [];
  return new Promise((resolve) => {
    const jobs = new Jobs(
      async (job) => {
        done.push(job.method);
        await during(jobs, job);
        if (jobs.waiting.length === 0) resolve(done);
      },
      () => {},
    );
    channels.push(jobs.channel);
    asked.forEach((method, id) => jobs.add({ id, method, args: [] }));
  });
}

test('what is seen comes first, what panels ask by themselves last, the rest as it was asked', async () => {
  assert.deepEqual(await orderOf(['statistics', 'gaps', 'tree', 'rows', 'statistics', 'search', 'window']), [
    'window', 'tree', 'rows', 'search', 'statistics', 'gaps', 'statistics',
  ]);
});

test('while one takes long, only what is seen and what may go ahead is begun', async () => {
  /** @type {string[]} */ const left = [];
  const done = await orderOf(['gaps', 'rows', 'window', 'hit', 'tree', 'search'], async (jobs, { method }) => {
    if (method !== 'rows') return;
    jobs.add({ id: 9, method: 'event', args: [] });
    await jobs.pause(['search']);
    left.push(...jobs.waiting.map((job) => job.method));
  });
  assert.deepEqual(left, ['gaps', 'tree']);
  assert.deepEqual(done, ['window', 'hit', 'rows', 'search', 'event', 'tree', 'gaps']);
});

test('the density of many events is counted in parts, between which a search is answered', async () => {
  const { Questions } = await traceModule('questions');
  const events = 1_500_000, asked = [], ahead = [];
  const module = { density: (buckets, { first, end }) => {
    asked.push([first, end]);
    return { categories: 1, counts: new Uint32Array(buckets).fill(Math.min(end, events) - first) };
  } };
  const questions = new Questions(module, { pause: async (others) => ahead.push(others) }, { events, searched: '', lists: {} });
  const { buckets, counts, hits } = await questions.density(0, 1000, 2);
  assert.deepEqual([buckets, [...counts], hits], [2, [events, events], null]);
  assert.equal(asked[0][0], 0);
  assert.ok(asked.length > 2 && asked.every(([first, end], at) => end - first < 1e6 && (at === 0 || first === asked[at - 1][1])), String(asked));
  assert.deepEqual(ahead, asked.slice(1).map(() => ['search']));
});
