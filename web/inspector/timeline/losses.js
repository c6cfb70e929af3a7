/** Which losses have a place in time. Pure. */

/**
 * Those whose time is not known reach over the whole trace: they are told in words, not drawn.
 * @param {import('../trace/types.js').Overview} overview
 * @param {(loss: import('../trace/types.js').Loss) => void} visit
 */
export function eachLoss(overview, visit) {
  for (const loss of overview.losses) {
    const anywhere = loss.startNs === 0 && loss.endNs > 0 && loss.endNs >= overview.durationNs;
    if (!anywhere) visit(loss);
  }
}
