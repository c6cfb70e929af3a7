/** Processes by the one that spawned them. Pure. */

/** @typedef {Pick<import('../trace/types.js').Overview, 'processes'>} Lists */

/**
 * Lists every process after the one that spawned it, with its depth.
 * @param {Lists} overview @param {readonly number[] | null} order
 * @returns {{ process: number, depth: number }[]}
 */
export function processTree({ processes }, order) {
  const all = order ?? processes.map((_, index) => index);
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const process of all) {
    const { parent = -1 } = processes[process];
    const under = parent >= 0 && parent < processes.length && parent !== process ? parent : -1;
    const siblings = children.get(under);
    if (siblings) siblings.push(process);
    else children.set(under, [process]);
  }
  /** @type {{ process: number, depth: number }[]} */
  const found = [];
  const seen = new Set();
  const visit = (/** @type {number} */ process, /** @type {number} */ depth) => {
    if (seen.has(process)) return;
    seen.add(process);
    found.push({ process, depth });
    for (const child of children.get(process) ?? []) visit(child, depth + 1);
  };
  for (const process of children.get(-1) ?? []) visit(process, 0);
  for (const process of all) visit(process, 0); // those in a cycle, which damage can cause
  return found;
}

/** @typedef {readonly number[] | null} Order */
/** @type {WeakMap<object, { order: Order, tree: ReturnType<typeof processTree> }>} */
const trees = new WeakMap();

/** The tree of the same processes in the same order is made once. @type {typeof processTree} */
export function treeOf(overview, order) {
  const known = trees.get(overview.processes);
  if (known?.order === order) return known.tree;
  const tree = processTree(overview, order);
  trees.set(overview.processes, { order, tree });
  return tree;
}
