/**
 * Questions to the trace in the worker that may take long, or that did not fit into session.js;
 * types.js describes them.
 */
import { countBegin, countStep, countStop, countTake } from './counting.js';
import { checkQuery } from './engine.js';
import { inSlices } from './slices.js';
import { workOf } from './worked.js';
import { treeBegin, treeNodes, treeStep, treeStop, treeTake } from './tree.js';

/** @typedef {import('./module.js').TraceModule} TraceModule */
/** @typedef {import('./jobs.js').Jobs} Jobs */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {(progress: { share: number, nodes?: import('./types.js').TreeNode[] }) => void} Say */

const STEP_EVENTS = 1 << 16; // between looks at the clock
const DENSITY_EVENTS = 1 << 19;
const SERIES_POINTS = 20000;
const NODES_SHOWN = 20000; // of an unfinished tree: more take longer to show than the tree

export class Questions {
  /**
   * @param {TraceModule} module @param {Jobs} jobs
   * @param {Pick<Session, 'lists' | 'events' | 'searched'>} session
   */
  constructor(module, jobs, session) {
    this.module = module;
    this.jobs = jobs;
    this.session = session;
  }

  /** @param {string} text */
  check(text) {
    return checkQuery(this.module, text);
  }

  /** @param {number} fromNs @param {number} toNs */
  arrows(fromNs, toNs) {
    return this.module.arrows({ fromNs, toNs });
  }

  /** @param {import('./types.js').StatisticsRequest} request @param {Say} say */
  async statistics(request, say) {
    countBegin(this.module, request);
    try {
      const step = () => countStep(this.module, STEP_EVENTS);
      await inSlices(this.jobs, stoppedBy(request), step, say, request.hits ? [] : ['search']);
      return countTake(this.module);
    } finally {
      countStop(this.module);
    }
  }

  /** @param {number} fromNs @param {number} toNs @param {boolean} hits */
  occupied(fromNs, toNs, hits) {
    return this.module.occupied(fromNs, toNs, Number(hits));
  }

  /**
   * In parts, so that the visible part and a search do not wait for all of it.
   * @param {number} fromNs @param {number} toNs @param {number} buckets
   */
  async density(fromNs, toNs, buckets) {
    const of = async (/** @type {0 | 1} */ hits) => {
      const given = { fromNs, toNs, hits };
      const all = this.module.density(buckets, { ...given, first: 0, end: DENSITY_EVENTS });
      for (let first = DENSITY_EVENTS; first < this.session.events; first += DENSITY_EVENTS) {
        await this.jobs.pause(['search']);
        const end = first + DENSITY_EVENTS;
        const { counts } = this.module.density(buckets, { ...given, first, end });
        for (let at = 0; at < counts.length; at++) all.counts[at] += counts[at];
      }
      return all;
    };
    const hits = this.session.searched ? (await of(1)).counts : null;
    return { buckets, ...(await of(0)), hits };
  }

  /** @param {number} name @param {number} bins */
  histogram(name, bins) {
    return this.module.histogram(name, bins);
  }

  /** @param {number} name */
  series(name) {
    return this.module.series(name, SERIES_POINTS);
  }

  /** @param {import('./types.js').TreeRequest} request @param {Say} say */
  async tree(request, say, showsPart = true) {
    treeBegin(this.module, request);
    try {
      const step = () => treeStep(this.module, STEP_EVENTS);
      const ahead = request.hits ? [] : ['search'];
      const tell = (/** @type {{ share: number }} */ { share }) => {
        const isUpright = (request.way ?? 'upright') === 'upright';
        const nodes = showsPart && isUpright ? treeNodes(this.module) : [];
        say({ share, ...(nodes.length > 0 && nodes.length <= NODES_SHOWN ? { nodes } : {}) });
      };
      await inSlices(this.jobs, stoppedBy(request), step, tell, ahead);
      return treeTake(this.module, request);
    } finally {
      treeStop(this.module);
    }
  }

  /**
   * Adds up a tree's nodes here: a trace of many threads has too many to send.
   * @param {import('./types.js').WorkRequest} request @param {Say} say
   */
  async work({ by, ...range }, say) {
    const { nodes = [] } = await this.tree({ ...range, perThread: true }, say, false);
    return workOf(nodes, this.session.lists, by, (row, timeNs) => {
      const event = this.module.hit(row, timeNs, 0);
      return event < 0 ? null : this.module.event(event);
    });
  }
}

/**
 * Questions that make an answer about a view or hits useless. @param {{ hits?: boolean }} request
 */
const stoppedBy = ({ hits }) => ['filter', 'extend', ...(hits ? ['search'] : [])];
