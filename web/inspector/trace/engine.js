/**
 * More questions to the timeline module, beside those of module.js, each as a function:
 * synchronous, so that the worker and tests share them. Long work is done in steps.
 */
import { numbers } from './tables.js';

/** @typedef {import('./module.js').TraceModule} TraceModule */
/** @typedef {import('./types.js').QueryError} QueryError */

/**
 * The error in an expression, or null.
 * @param {TraceModule} module @param {string} text @returns {QueryError | null}
 */
export function checkQuery(module, text) {
  module.ask({}, [text]);
  try {
    module.call('check');
    return null;
  } catch (error) {
    const [from, length] = module.memory.numbers(2);
    return { message: /** @type {Error} */ (error).message, ...placeIn(text, from, length) };
  }
}

/**
 * Converts a byte range of a text to characters, as JavaScript counts them.
 * @param {string} text @param {number} from @param {number} length
 */
function placeIn(text, from, length) {
  const bytes = new TextEncoder().encode(text),
    decoder = new TextDecoder();
  const at = decoder.decode(bytes.subarray(0, from)).length;
  return { at, length: decoder.decode(bytes.subarray(from, from + length)).length };
}

/**
 * @param {import('./types.js').HiddenPlaces['hiddenCategories']} categories as two words of bits,
 *   low first
 */
function categoryBits(categories) {
  const words = [0, 0];
  for (const category of categories) words[category >> 5] += 2 ** (category & 31);
  return words;
}

/**
 * Begins a view of the events that pass; gives up one begun before.
 * @param {TraceModule} module
 * @param {import('./types.js').HiddenPlaces & { minDurationNs: number, text: string, query?: string
 *   }} filter
 */
export function filterBegin(
  module,
  { hiddenCategories, hiddenTracks, minDurationNs, text, query = '' },
) {
  const { memory } = module,
    [low, high] = categoryBits(hiddenCategories);
  const tracks = new Uint8Array(Math.max(1, module.trackCount()));
  for (const track of hiddenTracks) tracks[track] = 1;
  const address = memory.copyBytes(tracks);
  try {
    module.ask({ low, high, minDurationNs }, [text, query]);
    module.call('filter_begin', address);
  } finally {
    memory.free(address);
  }
}

/**
 * Continues with about that many events; once done, all other questions use this view.
 * @param {TraceModule} module @param {number} events
 */
export function filterStep(module, events) {
  module.call('filter_step', events);
  const { done, share, passing } = numbers(module.memory, ['done', 'share', 'passing']);
  return { done: done === 1, share, events: passing };
}

/** Gives up filtering. @param {TraceModule} module */
export function filterStop(module) {
  module.exports.timeline_wasm_filter_stop(module.handle);
}

const ALL_EVENTS = 0xffffffff;

/**
 * Filters in one step.
 * @param {TraceModule} module @param {Parameters<typeof filterBegin>[1]} filter
 */
export function filterAll(module, filter) {
  filterBegin(module, filter);
  return { events: filterStep(module, ALL_EVENTS).events };
}
