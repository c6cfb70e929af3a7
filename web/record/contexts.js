/** Which span the running code is a part of, across awaits, if the engine tracks them: Node, Deno and Bun do. */

/** @typedef {import('./span.js').Span} Span */
/** @typedef {{ run: <T>(span: Span, work: () => T) => T, get: () => Span | undefined }} Contexts */

/** @returns {Contexts | null} */
function find() {
  const { AsyncContext, process } = /** @type {any} */ (globalThis);
  if (AsyncContext?.Variable) return new AsyncContext.Variable();
  const hooks = process?.getBuiltinModule?.('node:async_hooks');
  if (!hooks?.AsyncLocalStorage) return null;
  const storage = new hooks.AsyncLocalStorage();
  return { run: (span, work) => storage.run(span, work), get: () => storage.getStore() };
}

/** @type {Contexts | null | undefined} */
let contexts;
/** Whether anything has ever run in a span: until then there is no need to ask the engine. */
let used = false;

/** Runs work as a part of the span. @template T @param {Span} span @param {() => T} work @returns {T} */
export function runAsPart(span, work) {
  if (contexts === undefined) contexts = find();
  if (contexts === null) return work();
  used = true;
  return contexts.run(span, work);
}

/** The span that the running code is a part of, of any tracer. @returns {Span | undefined} */
export function currentPart() {
  return used && contexts ? contexts.get() : undefined;
}
