/**
 * Questions to the trace in the worker that may take long, or that did not fit into session.js;
 * types.js describes them.
 */
import { countBegin, countStep, countStop, countTake } from './counting.js';
import { checkQuery } from './engine.js';
import { inSlices } from './slices.js';
import { treeBegin, treeNodes, treeStep, treeStop, treeTake } from './tree.js';

/** @typedef {import('./module.js').TraceModule} TraceModule */
/** @typedef {import('./jobs.js').Jobs} Jobs */
/** @typedef {(progress: { share: number, nodes?: import('./types.js').TreeNode[] }) => void} Say */

const STEP_EVENTS = 1 << 16; // between looks at the clock
const NODES_SHOWN = 20000; // of an unfinished tree: more take longer to show than the tree

export class Questions {
  /** @param {TraceModule} module @param {Jobs} jobs */
  constructor(module, jobs) {
    this.module = module;
    this.jobs = jobs;
  }

  /** @param {string} text */
  check(text) {
    return checkQuery(this.module, text);
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

  /** @param {import('./types.js').TreeRequest} request @param {Say} say */
  async tree(request, say) {
    treeBegin(this.module, request);
    try {
      const step = () => treeStep(this.module, STEP_EVENTS);
      const ahead = request.hits ? [] : ['search'];
      const tell = (/** @type {{ share: number }} */ { share }) => {
        const nodes = (request.way ?? 'upright') === 'upright' ? treeNodes(this.module) : [];
        say({ share, ...(nodes.length > 0 && nodes.length <= NODES_SHOWN ? { nodes } : {}) });
      };
      await inSlices(this.jobs, stoppedBy(request), step, tell, ahead);
      return treeTake(this.module, request);
    } finally {
      treeStop(this.module);
    }
  }
}

/**
 * Questions that make an answer about a view or hits useless. @param {{ hits?: boolean }} request
 */
const stoppedBy = ({ hits }) => ['filter', 'extend', ...(hits ? ['search'] : [])];
