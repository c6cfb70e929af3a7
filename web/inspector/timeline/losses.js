/** Which losses have a place in time. Pure. */

/**
 * Losses without a known time cover the whole trace: they are reported in words, not drawn.
 * @param {import('../trace/types.js').Overview} overview
 * @param {(loss: import('../trace/types.js').Loss) => void} visit
 */
export function eachLoss(overview, visit) {
  for (const loss of overview.losses) {
    const anywhere = loss.startNs === 0 && loss.endNs > 0 && loss.endNs >= overview.durationNs;
    if (!anywhere) visit(loss);
  }
}
