/** How a link recognizes its trace, whatever the file is called. Pure. */

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * FNV-1a: good enough to tell traces apart, not to protect them.
 * @param {import('../trace/types.js').Overview} overview
 */
export function fingerprintOf({ events, durationNs, names, tracks }) {
  let hash = OFFSET;
  for (const character of [events, Math.round(durationNs), tracks.length, ...names].join('\n'))
    hash = Math.imul(hash ^ /** @type {number} */ (character.codePointAt(0)), PRIME) >>> 0;
  return hash.toString(36);
}
