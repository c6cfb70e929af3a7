/** The shared state of the wrapped imports of one module. */
import { codeAndLabel } from '../record/category.js';
import { Guest } from './guest.js';
import { MemoryFinder } from './memory.js';

/** @typedef {import('../record/recorder.js').Recorder} Recorder */
/** @typedef {import('./trace_imports.js').TraceOptions} TraceOptions */
/** @typedef {import('./wasi.js').Call} Call */

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

  /**
   * What the caller says about a function, without a category that does not exist: its calls would be lost.
   * @param {string} module @param {string} name @returns {Partial<Call> | null | undefined}
   */
  described(module, name) {
    try {
      const described = this.options.describe?.(module, name);
      if (typeof described !== 'object' || described === null) return described;
      const { category, ...others } = described;
      return category === undefined ? others : { ...others, category: this.#checked(category) };
    } catch (error) {
      this.#say(`ringscope: describe() threw: ${/** @type {any} */ (error)?.message}. Such functions are traced as if it had returned nothing.`);
      return undefined;
    }
  }

  /** @param {Call['category']} category @returns {Call['category']} */
  #checked(category) {
    const { memory } = this.tracer;
    try {
      if (codeAndLabel(memory, category).code in memory.constants.categories) return category;
      this.#say(`ringscope: describe() returned the category ${category}, which does not exist. Its calls are CUSTOM.`);
    } catch (error) {
      this.#say(`ringscope: describe(): ${/** @type {any} */ (error).message}. Its calls are CUSTOM.`);
    }
    return 'CUSTOM';
  }

  sayMinified() {
    this.#say(MINIFIED);
  }
}
