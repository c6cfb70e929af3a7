/** What belongs to the selected event: what it is within, and others of its name. */

/** @typedef {import('../element/app.js').App} App @typedef {import('../element/state.js').Trace} Trace */
/** @typedef {import('../trace/types.js').EventDetails} EventDetails */

const BINS = 400;
const ANCESTORS_MOST = 64;

/** The outermost first. @param {Trace} trace @param {EventDetails} event */
async function ancestorsOf(trace, event) {
  /** @type {EventDetails[]} */
  const found = [];
  for (let at = event.parent; at >= 0 && found.length < ANCESTORS_MOST; at = found[0].parent)
    found.unshift(await trace.event(at));
  return found;
}

/** @param {App} app @param {Trace} trace @param {EventDetails} event */
export function relativesOf(app, trace, event) {
  const { answers, state } = app;
  const key = `${state.version} ${event.event}`;
  const name = trace.overview.names.indexOf(event.name);
  const ancestors = answers.of('ancestors', key, () => ancestorsOf(trace, event));
  const histogram = answers.of('histogram', `${state.version} ${name}`, () =>
    trace.histogram(name, BINS),
  );
  return {
    ancestors: ancestors.value ?? [],
    children: [],
    histogram: histogram.value,
  };
}
