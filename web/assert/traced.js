/**
 * For tests: runs some work, traces the calls of every WebAssembly module that it instantiates, and reports them.
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
const SHOWN_EVENTS = 50; // the newest ones, in a failed assertion

/** Test runners show this as a failed assertion, with the actual and the expected value. */
export class TraceAssertionError extends Error {
  name = 'AssertionError';

  /** @param {string} message @param {unknown} actual @param {unknown} expected */
  constructor(message, actual, expected) {
    super(message);
    this.actual = actual;
    this.expected = expected;
  }
}

/** @param {string} text its first lines may be left out */
function newest(text) {
  const lines = text.replace(/\n$/, '').split('\n'), more = lines.length - SHOWN_EVENTS;
  return more > 0 ? `(${more} before)\n${lines.slice(more).join('\n')}` : lines.join('\n');
}

/**
 * The recorded events and counts. A copy: there is nothing to dispose of.
 * @template T
 */
export class Trace {
  /** @param {Tracer} tracer @param {T} result returned by the work */
  constructor(tracer, result) {
    this.result = result;
    this.events = tracer.events();
    this.stats = tracer.stats();
    this.text = tracer.lines();
    /** The bytes of a .ring, for the command and the inspector. @type {Uint8Array} */
    this.image = tracer.save();
    const { held, recorded } = tracer.summary().losses;
    const sum = (/** @type {Partial<Record<string, number>>} */ counts) => Object.values(counts).reduce((/** @type {number} */ all, count) => all + (count ?? 0), 0);
    this.missing = sum(recorded) - sum(held);
  }

  /** The events; throws if some of them did not fit. */
  #all() {
    if (this.missing > 0) throw new RangeError(`${this.missing} events are missing, because only ${this.events.length} fit: use traced(work, { capacityEvents: ${this.events.length + this.missing} })`);
    return this.events;
  }

  /** The calls of a given name, or all events, in the order in which they ended. @param {string | RegExp} [name] the whole name, or a RegExp */
  calls(name) {
    return this.#all().filter((event) => name === undefined || (typeof name === 'string' ? event.name === name : event.name.search(name) >= 0));
  }

  /** The events that failed. Exits, and the EBADF that ends WASI's list of directories, are not failures. */
  failures() {
    return this.#all().filter((event) => event.failed);
  }

  /** @param {string} name @param {number} [times] at least once if omitted */
  assertCalled(name, times) {
    const calls = this.stats[name]?.count ?? 0; // includes calls that did not fit
    if (times === undefined ? calls > 0 : calls === times) return;
    throw new TraceAssertionError(`${name} was called ${calls} times, not ${times ?? 'once or more'}\n${newest(this.text)}`, calls, times);
  }

  /** Also fails if no call was seen at all: a module instantiated earlier is not traced, so it could never fail. */
  assertNoFailures() {
    const failed = this.failures().map(({ name, detail }) => (detail === undefined ? name : `${name}: ${detail}`));
    if (failed.length > 0) throw new TraceAssertionError(`${failed.length} failed: ${failed.join('; ')}\n${newest(this.text)}`, failed, []);
    if (Object.keys(this.stats).length === 0) throw new TraceAssertionError('no call was seen: the module must be instantiated inside traced()', 0, undefined);
  }

  /**
   * The page that shows the trace, as one HTML file that a test runner can attach to a failed test. Works in Node, from the
   * installed package.
   * @param {string} [name] the trace's name in the page
   */
  async report(name = 'test.ring') {
    return reportOf(this.image, name);
  }

  toString() {
    return this.text;
  }
}

/**
 * Runs the work, waits for its promise, and returns what was recorded meanwhile: the calls of all modules that this realm
 * instantiates in that time, and whatever the work records itself. Rethrows whatever the work throws.
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
