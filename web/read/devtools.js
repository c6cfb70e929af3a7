/** Shows a trace in the browser's own tools, as custom tracks of the Performance panel, added after the fact. */

/** @typedef {import('../ringscope.js').Tracer} Tracer */
/** @typedef {(label: string, start?: number, end?: number, track?: string, group?: string, colour?: string) => void} TimeStamp */

/**
 * @typedef {object} DevToolsOptions
 * @property {string} [group] the group of the tracks. Default: ringscope
 * @property {number} [sliceMs] how long to keep the page busy at a time. Default: 8
 */

const EVENTS_BETWEEN_LOOKS = 64; // reads the clock after this many events
const COLOURS = ['primary', 'secondary', 'tertiary', 'primary-light', 'secondary-light', 'tertiary-light', 'primary-dark', 'secondary-dark', 'tertiary-dark'];
const NS_PER_MS = 1e6;

/** Lets the page do other work. */
const pause = () => new Promise((resolve) => setTimeout(resolve));

/** @param {Partial<Record<string, number>>} counts */
const sum = (counts) => Object.values(counts).reduce((/** @type {number} */ all, count) => all + (count ?? 0), 0);

/** A sentence about events that are not shown; empty if all are. @param {Tracer} tracer */
function missing(tracer) {
  const { evicted, attempted, recorded } = tracer.summary().losses;
  const gone = sum(evicted), lost = sum(attempted) - sum(recorded);
  return [gone && `${gone} older events were evicted`, lost && `${lost} events were lost`].filter(Boolean).join(', ');
}

/**
 * Shows spans and instants; samples and flows cannot be shown there, and are counted as left out. Uses the events' names
 * only, because details would have to be read one by one.
 * @param {Tracer} tracer @param {DevToolsOptions} options
 */
export async function replay(tracer, { group = 'ringscope', sliceMs = 8 }) {
  const stamp = /** @type {TimeStamp} */ (console.timeStamp).bind(console), { kinds } = tracer.memory.constants;
  const span = kinds.indexOf('span'), instant = kinds.indexOf('instant');
  const offset = performance.now() - tracer.now(), columns = tracer.columns(), said = missing(tracer);
  /** @type {string[]} */ const tracks = [];
  const trackOf = (/** @type {number} */ id) => (tracks[id] ??= columns.trackOf(id).name || `thread ${columns.trackOf(id).tid}`);
  columns.nameOf(0);
  columns.trackOf(0); // reads the tables now, because the tracer may be disposed of meanwhile
  let until = performance.now() + sliceMs, events = 0;
  for (let i = 0; i < columns.count; i++) {
    if (i % EVENTS_BETWEEN_LOOKS === 0 && performance.now() > until) {
      await pause();
      until = performance.now() + sliceMs;
    }
    if (columns.kind[i] !== span && columns.kind[i] !== instant) continue;
    const start = offset + columns.time_ns[i] / NS_PER_MS;
    stamp(columns.nameOf(columns.name[i]) || '(unnamed)', start, start + columns.duration_ns[i] / NS_PER_MS, trackOf(columns.track[i]), group, COLOURS[columns.category[i] % COLOURS.length]);
    events++;
  }
  if (said) stamp(said, offset, offset, 'not shown', group, 'error');
  return { events, left_out: columns.count - events, missing: said };
}
