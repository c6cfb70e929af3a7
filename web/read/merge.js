/** The events of several images in one order: for workers that cannot share memory. */

/** @typedef {import('./reader.js').ImageReader} ImageReader */
/** @typedef {import('./reader.js').TraceEvent} TraceEvent */

/**
 * Each image's time 0, in ms since the first one's: exact if all use performance.now(), else from the
 * system clock when they were created.
 * @param {Record<string, any>[]} infos
 */
function offsets(infos) {
  const exact = infos.every((info) => info.clock === 'performance.now');
  const times = infos.map((info) => (exact ? BigInt(info.origin_ns) : BigInt(Math.round(info.created_realtime * 1e3)) * 1000n));
  const first = times.reduce((least, time) => (time < least ? time : least));
  return times.map((time) => Number(time - first) / 1e6);
}

/**
 * All events, oldest first by the time of recording (for spans, their end), in ms since the first of
 * the images was created. `image` is the index of the event's image.
 * @param {ImageReader[]} images @param {import('./reader.js').Query} [query]
 * @returns {(TraceEvent & { image: number })[]}
 */
export function mergeEvents(images, query = {}) {
  const made = offsets(images.map((image) => image.info()));
  const events = images.flatMap((image, index) =>
    image.events(query).map((event) => ({ ...event, timestamp: event.timestamp + made[index], image: index })));
  const end = (/** @type {TraceEvent} */ event) => event.timestamp + (event.duration ?? 0);
  return events.sort((a, b) => end(a) - end(b));
}
