/** The overview of a trace, as the timeline module gives it. */
import { packedLists } from './lists.js';
import { noteWords } from './notes.js';
import { numbers } from './tables.js';

/** @typedef {import('./module_calls.js').ModuleCalls} ModuleCalls */
/** @typedef {import('./types.js').Overview} Overview */
/** @typedef {import('./types.js').Loss} Loss */

/**
 * ringscope's own categories have fixed colours; those of other tools take turns.
 * @param {ModuleCalls} module @param {string} name @param {number} index
 */
const hueOf = ({ memory }, name, index) =>
  memory.categoryCodes.get(name) ?? index % memory.constants.categories.length;

/** @param {ModuleCalls} module @returns {import('./types.js').Category[]} */
const categoriesOf = (module) =>
  /** @type {{ name: string, count: number }[]} */ (module.named('categories')).map(
    (category, at) => ({ ...category, hue: hueOf(module, category.name, at) }),
  );

/** @param {ModuleCalls} module @param {string[]} names */
const sourcesOf = (module, names) =>
  new Map(
    /** @type {{ name: number, source: string }[]} */ (module.named('sources', 'source')).map(
      ({ name, source }) => [names[name], source],
    ),
  );

/** @param {ModuleCalls} module */
const notesOf = (module) => {
  const { rows, texts } = module.table('notes', module.lists.notes);
  return rows.map((row, i) => {
    const [text, unit] = texts.slice(2 * i);
    return noteWords(/** @type {import('./notes.js').Note} */ ({ ...row, text, unit }));
  });
};

/** The overview, without the parts that the file's format adds. @param {ModuleCalls} module */
export function overviewOf(module) {
  const { memory, lists, handle, exports } = module;
  exports.timeline_wasm_overview(handle, memory.exchange);
  const { events, beginNs, durationNs, resolutionNs, rows, bytes, flows } = numbers(
    memory,
    lists.overview,
  );
  const names = module.table('names', []).texts;
  return {
    ...{ events, beginNs, durationNs, resolutionNs, rows, bytes, flows, names },
    fields: lists.fields,
    sources: sourcesOf(module, names),
    categories: categoriesOf(module),
    losses: /** @type {Loss[]} */ (module.named('losses', 'reason')),
    notes: notesOf(module),
    lists: packedLists(module),
  };
}

/**
 * CONTRACT.md's summary and the operations, from an image or the newest segment; other formats have
 * none.
 * @param {ModuleCalls} module
 * @returns {Pick<Overview, 'summary' | 'summaryText' | 'operations'>}
 */
export function summaryOf({ exports, memory, handle }) {
  const reader = exports.timeline_wasm_reader(handle);
  if (!reader) return { summary: null, summaryText: null, operations: [] };
  const [json, summaryText] = memory.callText('timeline_wasm_summary', handle).split('\0');
  const operations = JSON.parse(memory.callText('tracer_wasm_operations', reader));
  return { summary: JSON.parse(json), summaryText, operations };
}
