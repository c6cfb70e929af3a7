/** The shared state of the wrapped imports of one module. */
import { Guest } from './guest.js';
import { MemoryFinder } from './memory.js';

/** @typedef {import('../record/recorder.js').Recorder} Recorder */
/** @typedef {import('./trace_imports.js').TraceOptions} TraceOptions */

const NO_MEMORY = 'ringscope: no memory was found among the imports of this module, or through { memory }: arguments and results ' +
  'in memory cannot be read, and bytes are not counted. Pass the instance: { memory: () => instance }.';
const MINIFIED = 'ringscope: the names of these imports, and of their functions, were shortened when the module was built. ' +
  'Link with -O2 to see the real names.';

export class Session {
  /** @param {object} imports @param {Recorder} tracer @param {TraceOptions} options */
  constructor(imports, tracer, options) {
    this.tracer = tracer;
    this.options = options;
    this.details = options.details ?? true;
    this.finder = new MemoryFinder(imports, options.memory);
    this.guest = new Guest(() => this.finder.find());
    /** @type {Set<string>} */
    this.said = new Set();
  }

  /** Warns once per message: nobody reads a warning for every call. @param {string} message */
  #say(message) {
    if (this.said.has(message)) return;
    this.said.add(message);
    (this.options.warn ?? console.warn)(message);
  }

  /** Warns if the module has no memory at all; a bad address is not worth a warning. Whether there is no memory. */
  sayUnreadable() {
    const none = !this.finder.find() && !this.finder.early;
    if (none) this.#say(NO_MEMORY);
    return none;
  }

  sayMinified() {
    this.#say(MINIFIED);
  }
}
