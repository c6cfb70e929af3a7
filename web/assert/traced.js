/**
 * For tests: runs something with the calls of every WebAssembly module traced that it instantiates, and says which they were.
 *
 *     const trace = await traced(async () => (await createModule()).main());
 *     trace.assertCalled('path_open', 2);
 *     trace.assertNoFailures();
 */
import { reportOf } from '../read/report.js';
import { Tracer, traceWebAssembly } from '../ringscope.js';

/** @typedef {import('../ringscope.js').TraceEvent} TraceEvent */
/** @typedef {import('../ringscope.js').TracerOptions & import('../imports/trace_imports.js').TraceOptions} TracedOptions */

const CAPACITY_EVENTS = 10000;
const SHOWN_EVENTS = 50; // of a failed assertion, the newest

/** What test runners show as an assertion that failed: with actual and expected. */
export class TraceAssertionError extends Error {
  name = 'AssertionError';

  /** @param {string} message @param {unknown} actual @param {unknown} expected */
  constructor(message, actual, expected) {
    super(message);
    this.actual = actual;
    this.expected = expected;
  }
}

/** @param {string} text whose first lines may be left out */
function newest(text) {
  const lines = text.replace(/\n$/, '').split('\n'), more = lines.length - SHOWN_EVENTS;
  return more > 0 ? `(${more} before)\n${lines.slice(more).join('\n')}` : lines.join('\n');
}

/**
 * What happened. It is a copy: nothing is to be disposed of.
 * @template T
 */
export class Trace {
  /** @param {Tracer} tracer @param {T} result of the work */
  constructor(tracer, result) {
    this.result = result;
    this.events = tracer.events();
    this.stats = tracer.stats();
    this.text = tracer.lines();
    /** A .ring, for the command and the inspector. @type {Uint8Array} */
    this.image = tracer.save();
    const { held, recorded } = tracer.summary().losses;
    const sum = (/** @type {Partial<Record<string, number>>} */ counts) => Object.values(counts).reduce((/** @type {number} */ all, count) => all + (count ?? 0), 0);
    this.missing = sum(recorded) - sum(held);
  }

  /** The events, if that is all there were. */
  #all() {
    if (this.missing > 0) throw new RangeError(`${this.missing} events are missing, for only ${this.events.length} fit: traced(work, { capacityEvents: ${this.events.length + this.missing} })`);
    return this.events;
  }

  /** The calls of a name, or all events; in the order in which they ended. @param {string | RegExp} [name] all of it, unless it is a RegExp */
  calls(name) {
    return this.#all().filter((event) => name === undefined || (typeof name === 'string' ? event.name === name : event.name.search(name) >= 0));
  }

  /** What failed. Exits, and the EBADF that ends WASI's list of directories, are no failures. */
  failures() {
    return this.#all().filter((event) => event.failed);
  }

  /** @param {string} name @param {number} [times] at least once, if it is left out */
  assertCalled(name, times) {
    const calls = this.stats[name]?.count ?? 0; // also of those that did not fit
    if (times === undefined ? calls > 0 : calls === times) return;
    throw new TraceAssertionError(`${name} was called ${calls} times, not ${times ?? 'once or more'}\n${newest(this.text)}`, calls, times);
  }

  /** Also fails where no call was seen at all: what is instantiated before is not traced, and would never fail. */
  assertNoFailures() {
    const failed = this.failures().map(({ name, detail }) => (detail === undefined ? name : `${name}: ${detail}`));
    if (failed.length > 0) throw new TraceAssertionError(`${failed.length} failed: ${failed.join('; ')}\n${newest(this.text)}`, failed, []);
    if (Object.keys(this.stats).length === 0) throw new TraceAssertionError('no call was seen: the module must be instantiated inside of traced()', 0, undefined);
  }

  /**
   * The page that shows the trace, as one HTML file: for a test runner to attach to what failed. In Node, from the package as
   * it is installed.
   * @param {string} [name] what the page calls the trace
   */
  async report(name = 'test.ring') {
    return reportOf(this.image, name);
  }

  toString() {
    return this.text;
  }
}

/**
 * Runs work, waits for its promise, and returns what happened meanwhile: the calls of all modules that this realm instantiates
 * in that time, and what work records itself. What work throws is thrown.
 * @template T
 * @param {(tracer: Tracer) => T | Promise<T>} work @param {TracedOptions} [options]
 * @returns {Promise<Trace<T>>}
 */
export async function traced(work, options = {}) {
  const tracer = await Tracer.load({ capacityEvents: CAPACITY_EVENTS, ...options });
  const undo = traceWebAssembly(tracer, options);
  try {
    tracer.enable();
    const result = await work(tracer);
    tracer.disable();
    return new Trace(tracer, result);
  } finally {
    undo();
    tracer.dispose();
  }
}
