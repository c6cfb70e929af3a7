/**
 * Gives functions of a WebAssembly module a wrapper that reports when they begin and end. The wrapper takes the function's
 * index, so exports, tables and calls refer to it; the body moves after all others, unchanged:
 *
 *     depth = enter(at, number);  try { results = body(parameters); } catch_all { exit(at, depth); rethrow; }
 *     exit(at, depth);  results
 *
 * enter and exit are called through an exported table of two that is added to the module. Until traceFunctions() puts ours
 * there, they are functions of the module that do nothing, so the module runs anywhere as before.
 */
import { Reader, SECTION, Writer, append, entries, readSections, setSection, writeSections } from './bytes.js';
import { traitsOf } from './instructions.js';
import { functionNames, moveNames } from './names.js';
import { selection } from './select.js';
import { readTypes, skipValueType } from './types.js';

/** Added to the module: exports, and a section with the names of the wrapped functions, by number. */
export const HOOKS = 'ringscope:hooks';
export const AT = 'ringscope:at';
export const NAMES = 'ringscope.functions';

const ENTER = 0, EXIT = 1;
const I32 = 0x7f, EXCEPTION_REFERENCE = 0x69, NO_RESULT = 0x40;
const FUNCTION = 0, TABLE = 1, MEMORY = 2, GLOBAL = 3;
const END = 0x0b;

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

/** The types added to the module, each once. */
class AddedTypes {
  bytes = new Writer();
  count = 0;
  /** @type {Map<string, number>} */
  known = new Map();

  /** @param {number} first index */
  constructor(first) {
    this.first = first;
  }

  /** @param {number[]} parameters @param {ArrayLike<number>} results @param {number} resultCount */
  index(parameters, results, resultCount) {
    const key = `${parameters}:${Array.from(results)}`, known = this.known.get(key);
    if (known !== undefined) return known;
    this.bytes.put(0x60).number(parameters.length).put(...parameters).number(resultCount).all(Uint8Array.from(results));
    const index = this.first + this.count++;
    this.known.set(key, index);
    return index;
  }
}

/** The common parts of all wrappers of a module. */
class Wrappers {
  /** @param {{ types: AddedTypes, table: number, global: number, references: boolean }} module */
  constructor({ types, table, global, references }) {
    this.types = types;
    this.table = table;
    this.global = global;
    this.references = references;
    this.enterType = types.index([I32, I32], [I32], 1);
    this.exitType = types.index([I32, I32], [], 0);
  }

  /** @param {Writer} code @param {number} depth the index of the local */
  exit(code, depth) {
    code.put(0x23).number(this.global).put(0x20).number(depth).constant(EXIT);
    code.put(0x11).number(this.exitType).number(this.table);
  }

  /** @param {Writer} code @param {FunctionType} type */
  blockType(code, { results, resultBytes }) {
    if (results === 0) code.put(NO_RESULT);
    else if (results === 1) code.all(resultBytes);
    else code.signed(this.types.index([], resultBytes, results));
  }

  /** @param {Writer} code @param {FunctionType} type @param {number} body */
  call(code, type, body) {
    for (let i = 0; i < type.parameters; i++) code.put(0x20).number(i);
    code.put(0x10).number(body);
  }

  /** With the legacy try and catch_all. @param {Writer} code @param {FunctionType} type @param {number} body */
  guard(code, type, body) {
    code.put(0x06);
    this.blockType(code, type);
    this.call(code, type, body);
    code.put(0x19);
    this.exit(code, type.parameters);
    code.put(0x09, 0, END);
    this.exit(code, type.parameters);
  }

  /** With try_table and exception references; a module uses either these or the legacy form. @param {Writer} code @param {FunctionType} type @param {number} body */
  guardByReference(code, type, body) {
    code.put(0x02, EXCEPTION_REFERENCE, 0x1f);
    this.blockType(code, type);
    code.put(1, 0x03, 0); // one clause: catch_all_ref, to the block around it
    this.call(code, type, body);
    code.put(END);
    this.exit(code, type.parameters);
    code.put(0x0f, END);
    this.exit(code, type.parameters);
    code.put(0x0a);
  }

  /** @param {FunctionType} type @param {number} number @param {number} body its function index */
  code(type, number, body) {
    const code = new Writer().put(1, 1, I32).put(0x23).number(this.global).constant(number).constant(ENTER);
    code.put(0x11).number(this.enterType).number(this.table).put(0x21).number(type.parameters);
    if (this.references) this.guardByReference(code, type, body);
    else this.guard(code, type, body);
    return code.put(END).take();
  }
}

/** @typedef {{ index: number, name: string, type: number, body: Reader }} Candidate */

/**
 * @typedef {object} Instrumented
 * @property {Uint8Array<ArrayBuffer>} bytes the module
 * @property {string[]} names of the wrapped functions
 * @property {string[]} leftOut selected, but not wrapped: they end in tail calls, whose frames would pile up, or have
 *   instructions that are unknown here
 */

/** The functions that the module defines. @param {Section[]} sections @param {number[]} imported their types */
function readFunctions(sections, imported) {
  const names = functionNames(sections), types = entries(sections, SECTION.function), code = entries(sections, SECTION.code);
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

/** @param {Uint8Array} bytes @param {string} [patterns] such as 'sqlite3*,!*Mutex*'; default: all @returns {Instrumented} */
export function instrument(bytes, patterns = '*') {
  const wanted = selection(patterns), sections = readSections(bytes);
  if (sections.some(({ id, body }) => id === SECTION.custom && new Reader(body).text() === NAMES))
    throw new TypeError('this module is already instrumented');
  if (exportsOurs(sections)) throw new TypeError('this module contains the recorder, which would record itself');
  const types = readTypes(entries(sections, SECTION.type)), imports = readImports(sections);
  const functions = readFunctions(sections, imports.types);
  const traits = functions.map(({ body }) => traitsOf(new Reader(body.bytes, body.at, body.end)));
  const chosen = functions.filter(({ name }) => wanted(name));
  const wrapped = chosen.filter((each) => {
    const { known, tailCalls } = traits[each.index - imports.types.length];
    return known && !tailCalls;
  });
  const names = wrapped.map(({ name }) => name);
  rewrite(sections, { types, imports: imports.counts, functions, wrapped, references: traits.some(({ references }) => references) });
  sections.push({ id: SECTION.custom, body: new Writer().text(NAMES).all(new TextEncoder().encode(JSON.stringify(names))).take() });
  const left = new Set(wrapped);
  return { bytes: writeSections(sections), names, leftOut: chosen.filter((each) => !left.has(each)).map(({ name }) => name) };
}

/**
 * @param {Section[]} sections
 * @param {{ types: (FunctionType | null)[], imports: number[], functions: Candidate[], wrapped: Candidate[], references: boolean }} found
 */
function rewrite(sections, { types, imports, functions, wrapped, references }) {
  const table = imports[TABLE] + entries(sections, SECTION.table).count, global = imports[GLOBAL] + entries(sections, SECTION.global).count;
  const added = new AddedTypes(types.length), wrappers = new Wrappers({ types: added, table, global, references });
  const firstBody = imports[FUNCTION] + functions.length, idle = firstBody + wrapped.length;
  const moves = new Map(wrapped.map(({ index }, i) => [index, firstBody + i]));
  const code = new Writer().number(functions.length + wrapped.length + 2), number = new Map(wrapped.map(({ index }, i) => [index, i]));
  for (const { index, type, body } of functions) {
    const body_ = moves.get(index);
    code.block(body_ === undefined ? body.rest() : wrappers.code(/** @type {FunctionType} */ (types[type]), /** @type {number} */ (number.get(index)), body_));
  }
  for (const { body } of wrapped) code.block(body.rest());
  code.block(Uint8Array.of(0, 0x41, 0, END)).block(Uint8Array.of(0, END)); // enter and exit, while no tracer is attached
  setSection(sections, SECTION.code, code.take());
  const ofFunctions = new Writer();
  for (const { type } of wrapped) ofFunctions.number(type);
  append(sections, SECTION.function, wrapped.length + 2, ofFunctions.number(wrappers.enterType).number(wrappers.exitType).take());
  append(sections, SECTION.type, added.count, added.bytes.take());
  append(sections, SECTION.table, 1, Uint8Array.of(0x70, 0x01, 2, 2));
  append(sections, SECTION.global, 1, Uint8Array.of(I32, 1, 0x41, 0, END));
  append(sections, SECTION.export, 2, new Writer().text(HOOKS).put(TABLE).number(table).text(AT).put(GLOBAL).number(global).take());
  append(sections, SECTION.element, 1, new Writer().put(2).number(table).put(0x41, 0, END, 0).number(2).number(idle).number(idle + 1).take());
  moveNames(sections, moves);
  dropPlaces(sections);
}

/** Drops sections that refer to places in the code: it has moved, so they would name wrong lines. @param {Section[]} sections */
function dropPlaces(sections) {
  for (let i = sections.length; i-- > 0;) {
    const { id, body } = sections[i];
    if (id === SECTION.custom && /^(\.debug_|sourceMappingURL$)/.test(new Reader(body).text())) sections.splice(i, 1);
  }
}
