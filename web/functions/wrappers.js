/** The code that instrument() adds to a module: wrappers of functions, and the types these need. */
import { Reader, Writer } from './bytes.js';
import { skipLocals } from './instructions.js';

/** @typedef {import('./types.js').FunctionType} FunctionType */

const ENTER = 0, EXIT = 1;
const I32 = 0x7f, EXCEPTION_REFERENCE = 0x69, NO_RESULT = 0x40;
const END = 0x0b;

/** The types added to the module, each once. */
export class AddedTypes {
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
export class Wrappers {
  #code = new Writer();

  /** @param {{ types: AddedTypes, table: number, global: number, counter: number | undefined, references: boolean }} module */
  constructor({ types, table, global, counter, references }) {
    this.types = types;
    this.table = table;
    this.global = global;
    this.counter = counter;
    this.references = references;
    this.enterType = types.index([I32, I32, I32], [I32], 1);
    this.exitType = types.index([I32, I32, I32], [], 0);
  }

  /** Calls one of the hooks, with what is on the stack and the counter. @param {Writer} code @param {number} hook @param {number} type */
  hook(code, hook, type) {
    if (this.counter === undefined) code.constant(0);
    else code.put(0x23).number(this.counter);
    code.constant(hook).put(0x11).number(type).number(this.table);
  }

  /** @param {Writer} code @param {number} depth the index of the local */
  exit(code, depth) {
    this.hook(code.put(0x23).number(this.global).put(0x20).number(depth), EXIT, this.exitType);
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

  /** A wrapper, valid until the next one. @param {FunctionType} type @param {number} number @param {number} body its function index */
  code(type, number, body) {
    const code = this.#code.clear().put(1, 1, I32).put(0x23).number(this.global).constant(number);
    this.hook(code, ENTER, this.enterType);
    code.put(0x21).number(type.parameters);
    if (this.references) this.guardByReference(code, type, body);
    else this.guard(code, type, body);
    return code.put(END).take();
  }
}

/** The body of a function that first counts the call. @param {Reader} body @param {number} counter the global */
export function counting(body, counter) {
  const reader = new Reader(body.bytes, body.at, body.end);
  skipLocals(reader);
  const code = new Writer().all(body.bytes.subarray(body.at, reader.at));
  return code.put(0x23).number(counter).put(0x41, 1, 0x6a, 0x24).number(counter).all(reader.rest()).take();
}
