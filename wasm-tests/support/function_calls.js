/** Calls of the functions of everything compiled from now on: counted by globals that are added to it, and recorded as
 * spans. */
import { callsOf, countCalls } from './count_calls.js';

const CAPACITY = 1 << 20;
const DEPTH = 100000; // of calls recorded as spans

export class FunctionCalls {
  /** @type {{ instance: WebAssembly.Instance, names: string[], before: Map<number, number> }[]} */
  instances = [];
  /** @type {WeakMap<WebAssembly.Module, string[]>} */
  modules = new WeakMap();
  /** @type {string[]} */
  leftOut = [];

  /** @param {any} ringscope its module @param {any} tracer */
  constructor(ringscope, tracer) {
    this.ringscope = ringscope;
    this.tracer = tracer;
  }

  /** @param {string} url of ringscope.js */
  static async begin(url) {
    const ringscope = await import(url), tracer = await ringscope.Tracer.load({ capacityEvents: CAPACITY, names: 65535 });
    const calls = new FunctionCalls(ringscope, tracer);
    tracer.enable();
    calls.patch();
    return calls;
  }

  /** The module with both added. @param {BufferSource} source */
  compile(source) {
    const bytes = ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source);
    if (!WebAssembly.validate(bytes)) return new this.original.Module(bytes); // it throws
    const { bytes: made, names, leftOut } = this.ringscope.instrument(countCalls(bytes));
    const module = new this.original.Module(made);
    this.leftOut.push(...leftOut);
    this.modules.set(module, names);
    return module;
  }

  /** Calls made by its start function came before the spans. @param {WebAssembly.Module} module
   * @param {WebAssembly.Instance} instance */
  attach(module, instance) {
    const names = this.modules.get(module);
    if (!names) return instance;
    this.ringscope.traceFunctions(this.tracer, module, instance, { depth: DEPTH });
    this.instances.push({ instance, names, before: callsOf(instance) });
    return instance;
  }

  patch() {
    const original = (this.original = { Module: WebAssembly.Module, Instance: WebAssembly.Instance });
    const make = (/** @type {WebAssembly.Module} */ module, /** @type {any} */ imports) => this.attach(module, new original.Instance(module, imports));
    const compile = (/** @type {any} */ source) => this.compile(source);
    WebAssembly.Module = new Proxy(original.Module, { construct: (_, [source]) => compile(source) });
    WebAssembly.Instance = new Proxy(original.Instance, { construct: (_, [module, imports]) => make(module, imports) });
    WebAssembly.compile = async (source) => compile(source);
    WebAssembly.instantiate = /** @type {any} */ (async (/** @type {any} */ source, /** @type {any} */ imports) => {
      if (source instanceof original.Module) return make(source, imports);
      const module = compile(source);
      return { module, instance: make(module, imports) };
    });
    WebAssembly.compileStreaming = async (response) => compile(await (await response).arrayBuffer());
    WebAssembly.instantiateStreaming = async (response, imports) => WebAssembly.instantiate(await (await response).arrayBuffer(), imports);
  }

  /** The globals' counts, by name. */
  counted() {
    /** @type {Record<string, number>} */
    const all = {};
    for (const { instance, names, before } of this.instances) {
      const counts = [...callsOf(instance)];
      counts.forEach(([index, count], i) => {
        const calls = count - (before.get(index) ?? 0);
        if (calls) all[names[i]] = (all[names[i]] ?? 0) + calls;
      });
    }
    return all;
  }

  /** The spans' counts, by name; only those that fit. */
  traced() {
    /** @type {Record<string, number>} */
    const all = {};
    for (const { name } of [...this.tracer.events(), ...this.tracer.openSpans()]) all[name] = (all[name] ?? 0) + 1;
    return all;
  }

  found() {
    const { losses } = this.tracer.summary(), sum = (/** @type {number[]} */ list) => list.reduce((a, b) => a + b, 0);
    const recorded = sum(Object.values(losses.recorded)), open = this.tracer.openSpans().length;
    const counted = this.counted(), fits = recorded <= CAPACITY;
    const traced = fits ? this.traced() : {};
    const differing = fits ? Object.keys({ ...counted, ...traced }).filter((name) => counted[name] !== traced[name]) : [];
    return { recorded: recorded + open, counted: sum(Object.values(counted)), differing: differing.slice(0, 5).map((name) => [name, counted[name], traced[name]]),
      leftOut: this.leftOut.length, open };
  }
}
