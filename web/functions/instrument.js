/**
 * Gives functions of a WebAssembly module a wrapper that reports when they begin and end. The wrapper takes the function's
 * index, so exports, tables and calls refer to it; the body moves after all others, unchanged:
 *
 *     depth = enter(at, number);  try { results = body(parameters); } catch_all { exit(at, depth); rethrow; }
 *     exit(at, depth);  results
 *
 * enter and exit are called through an exported table of two that is added to the module. Until traceFunctions() puts ours
 * there, they are functions of the module that do nothing, so the module runs anywhere as before.
 *
 * A function that cannot take as long as minNs gets no wrapper: its body begins by counting the call in a global, which
 * enter and exit get as well, so that the caller's span can say how many there were.
 */
import { bytesGiven, integer } from '../module/checked.js';
import { Reader, SECTION, Writer, append, entries, readSections, setSection, writeSections } from './bytes.js';
import { traitsOf } from './instructions.js';
import { functionNames, moveNames } from './names.js';
import { selection } from './select.js';
import { findShort } from './short.js';
import { moveSourceMap } from './source_map.js';
import { readTypes, skipValueType } from './types.js';
import { AddedTypes, Wrappers, counting } from './wrappers.js';

/** Added to the module: exports, and a section with the names of the wrapped functions, by number, and minNs. */
export const HOOKS = 'ringscope:hooks';
export const AT = 'ringscope:at';
export const COUNTED = 'ringscope:counted';
export const NAMES = 'ringscope.calls';

const COUNT_BYTES = 12, WRAPPER_BYTES = 80; // guesses
const SOURCE_MAP = 'sourceMappingURL';

const I32 = 0x7f, END = 0x0b;
const FUNCTION = 0, TABLE = 1, MEMORY = 2, GLOBAL = 3;

/** @typedef {import('./bytes.js').Section} Section */
/** @typedef {import('./types.js').FunctionType} FunctionType */

/** @param {Reader} reader */
function skipLimits(reader) {
  const flags = reader.byte();
  reader.skipNumber();
  if (flags & 1) reader.skipNumber();
  if (flags & 8) reader.skipNumber(); // the size of a page
}

/** The number of imports of each kind, and the types of imported functions. @param {Section[]} sections */
function readImports(sections) {
  const { count, reader } = entries(sections, SECTION.import), counts = [0, 0, 0, 0, 0];
  /** @type {number[]} */
  const types = [];
  for (let i = 0; i < count; i++) {
    reader.block();
    reader.block();
    const kind = reader.byte();
    if (kind === FUNCTION) types.push(reader.number());
    else if (kind === TABLE) {
      skipValueType(reader);
      skipLimits(reader);
    } else if (kind === MEMORY) skipLimits(reader);
    else if (kind === GLOBAL) {
      skipValueType(reader);
      reader.byte();
    } else {
      reader.byte();
      reader.skipNumber(); // a tag
    }
    counts[kind]++;
  }
  return { counts, types };
}

/** @typedef {{ index: number, name: string, type: number, body: Reader }} Candidate */

/**
 * @typedef {object} Instrumented
 * @property {Uint8Array<ArrayBuffer>} bytes the module
 * @property {string[]} names of the wrapped functions
 * @property {string[]} counted selected, but too short for a span whenever they are called: their callers count the calls
 * @property {string} [sourceMap] the text of the module's source map, if one was given
 * @property {string[]} leftOut selected, but not wrapped: they end in tail calls, whose frames would pile up, or have
 *   instructions that are unknown here
 */

/** The functions that the module defines. @param {Section[]} sections @param {Map<number, string>} names @param {number[]} imported their types */
function readFunctions(sections, names, imported) {
  const types = entries(sections, SECTION.function), code = entries(sections, SECTION.code);
  /** @type {Candidate[]} */
  const all = [];
  for (let i = 0; i < code.count; i++) {
    const index = imported.length + i;
    all.push({ index, name: names.get(index) ?? `function ${index}`, type: types.reader.number(), body: code.reader.block() });
  }
  return all;
}

/** @param {Section[]} sections */
function exportsOurs(sections) {
  const { count, reader } = entries(sections, SECTION.export);
  for (let i = 0; i < count; i++) {
    if (reader.text() === 'tracer_wasm_function_enter') return true;
    reader.byte();
    reader.number();
  }
  return false;
}

/**
 * @param {Uint8Array | ArrayBuffer} bytes @param {string} [patterns] such as 'sqlite3*,!*Mutex*'; default: all
 * @param {{ minNs?: number, sourceMap?: { text: string, url: string } }} [options] minNs: spans of calls shorter than that will
 *   not be wanted. Default: 0; sourceMap: the module's, and the URL that the new one will have. Without it the module refers to none
 * @returns {Instrumented}
 */
export function instrument(bytes, patterns = '*', { minNs = 0, sourceMap } = {}) {
  const wanted = selection(patterns), module = bytesGiven(bytes), sections = readSections(module);
  integer('minNs', minNs);
  if (sections.some(({ id, body }) => id === SECTION.custom && new Reader(body).text() === NAMES))
    throw new TypeError('this module is already instrumented');
  if (exportsOurs(sections)) throw new TypeError('this module contains the recorder, which would record itself');
  const types = readTypes(entries(sections, SECTION.type)), imports = readImports(sections);
  const known = functionNames(sections), functions = readFunctions(sections, known, imports.types), imported = imports.types.length;
  const traits = functions.map(({ body }) => traitsOf(new Reader(body.bytes, body.at, body.end)));
  const short = findShort(traits, imported, minNs), chosen = functions.filter(({ name }) => wanted(name));
  const counted = chosen.filter(({ index }) => short[index - imported]);
  const wrapped = chosen.filter(({ index }) => !short[index - imported] && traits[index - imported].known && !traits[index - imported].tailCalls);
  const namesOf = (/** @type {Candidate[]} */ some) => some.map(({ name }) => name), names = namesOf(wrapped);
  rewrite(sections, { types, imports: imports.counts, names: known, functions, wrapped, counted, references: traits.some(({ references }) => references) });
  sections.push({ id: SECTION.custom, body: new Writer().text(NAMES).all(new TextEncoder().encode(JSON.stringify({ names, minNs }))).take() });
  if (sourceMap) sections.push({ id: SECTION.custom, body: new Writer().text(SOURCE_MAP).text(sourceMap.url).take() });
  const left = new Set([...wrapped, ...counted]), made = writeSections(sections);
  return {
    bytes: made, names, counted: namesOf(counted), leftOut: namesOf(chosen.filter((each) => !left.has(each))),
    ...(sourceMap && { sourceMap: moveSourceMap(sourceMap.text, moves(module, made, wrapped.map(({ index }) => index - imported))) }),
  };
}

/** Where the module says that its source map is. @param {Uint8Array} bytes */
export function sourceMapUrl(bytes) {
  for (const { id, body } of readSections(bytes)) {
    const reader = new Reader(body);
    if (id === SECTION.custom && reader.text() === SOURCE_MAP) return reader.text();
  }
  return undefined;
}

/** Where a module's functions are, each with its size before it. @param {Uint8Array} bytes */
function placesOf(bytes) {
  const { count, reader } = entries(readSections(bytes), SECTION.code), base = reader.bytes.byteOffset - bytes.byteOffset;
  return Array.from({ length: count }, () => {
    const from = base + reader.at;
    reader.block();
    return { from, to: base + reader.at };
  });
}

/** Where the functions of the new module were before; wrappers and hooks were nowhere. @param {Uint8Array} before @param {Uint8Array} after @param {number[]} wrapped by their order */
function moves(before, after, wrapped) {
  const old = placesOf(before), isWrapped = new Set(wrapped);
  return placesOf(after).map(({ from: newFrom, to: newTo }, i) => {
    const was = old[i < old.length ? (isWrapped.has(i) ? -1 : i) : wrapped[i - old.length] ?? -1];
    return { from: was?.from ?? 0, to: was?.to ?? 0, newFrom, newTo };
  });
}

/**
 * @param {Section[]} sections
 * @param {{ types: (FunctionType | null)[], imports: number[], names: Map<number, string>, functions: Candidate[], wrapped: Candidate[], counted: Candidate[], references: boolean }} found
 */
function rewrite(sections, { types, imports, names, functions, wrapped, counted, references }) {
  const table = imports[TABLE] + entries(sections, SECTION.table).count, global = imports[GLOBAL] + entries(sections, SECTION.global).count;
  const added = new AddedTypes(types.length), counts = new Set(counted), counter = global + 1;
  const wrappers = new Wrappers({ types: added, table, global, counter: counts.size ? counter : undefined, references });
  const firstBody = imports[FUNCTION] + functions.length, idle = firstBody + wrapped.length;
  const moves = new Map(wrapped.map(({ index }, i) => [index, firstBody + i]));
  const code = new Writer(roomFor(functions, wrapped)).number(functions.length + wrapped.length + 2), number = new Map(wrapped.map(({ index }, i) => [index, i]));
  for (const each of functions) {
    const moved = moves.get(each.index);
    if (moved !== undefined) code.block(wrappers.code(/** @type {FunctionType} */ (types[each.type]), /** @type {number} */ (number.get(each.index)), moved));
    else code.block(counts.has(each) ? counting(each.body, counter) : each.body.rest());
  }
  for (const { body } of wrapped) code.block(body.rest());
  code.block(Uint8Array.of(0, 0x41, 0, END)).block(Uint8Array.of(0, END)); // enter and exit, while no tracer is attached
  setSection(sections, SECTION.code, code.take());
  const ofFunctions = new Writer();
  for (const { type } of wrapped) ofFunctions.number(type);
  append(sections, SECTION.function, wrapped.length + 2, ofFunctions.number(wrappers.enterType).number(wrappers.exitType).take());
  append(sections, SECTION.type, added.count, added.bytes.take());
  append(sections, SECTION.table, 1, Uint8Array.of(0x70, 0x01, 2, 2));
  const globals = counts.size ? 2 : 1, zero = [I32, 1, 0x41, 0, END];
  append(sections, SECTION.global, globals, Uint8Array.from([zero, zero].slice(0, globals).flat()));
  const exported = new Writer().text(HOOKS).put(TABLE).number(table).text(AT).put(GLOBAL).number(global);
  if (counts.size) exported.text(COUNTED).put(GLOBAL).number(counter);
  append(sections, SECTION.export, 1 + globals, exported.take());
  append(sections, SECTION.element, 1, new Writer().put(2).number(table).put(0x41, 0, END, 0).number(2).number(idle).number(idle + 1).take());
  moveNames(sections, moves, names);
  dropPlaces(sections);
}

/** About as many bytes as the code will take. @param {Candidate[]} functions @param {Candidate[]} wrapped */
const roomFor = (functions, wrapped) => functions.reduce((sum, { body }) => sum + body.end - body.at + COUNT_BYTES, 1024) + wrapped.length * WRAPPER_BYTES;

/** Drops sections that refer to places in the code: it has moved, so they would name wrong lines. @param {Section[]} sections */
function dropPlaces(sections) {
  for (let i = sections.length; i-- > 0;) {
    const { id, body } = sections[i];
    if (id === SECTION.custom && /^(\.debug_|sourceMappingURL$)/.test(new Reader(body).text())) sections.splice(i, 1);
  }
}
