/** Reads the function types of a module: https://webassembly.github.io/spec/core/binary/types.html */
import { Reader } from './bytes.js';

/** @typedef {{ parameters: number, results: number, resultBytes: Uint8Array }} FunctionType */

const REFERENCE = [0x63, 0x64];
const SHARED = 0x65;

/** @param {Reader} reader */
export function skipValueType(reader) {
  const byte = reader.byte();
  if (!REFERENCE.includes(byte)) return;
  skipHeapType(reader);
}

/** @param {Reader} reader */
export function skipHeapType(reader) {
  if (reader.bytes[reader.at] === SHARED) reader.byte();
  reader.skipNumber();
}

/** @param {Reader} reader */
function valueTypes(reader) {
  const count = reader.number(), from = reader.at;
  for (let i = 0; i < count; i++) skipValueType(reader);
  return { count, bytes: reader.bytes.subarray(from, reader.at) };
}

/** @param {Reader} reader */
function skipField(reader) {
  skipValueType(reader); // packed types are one byte, too
  reader.byte();
}

/** @param {Reader} reader @returns {FunctionType | null} null: a structure or an array */
function compositeType(reader) {
  let form = reader.byte();
  if (form === SHARED) form = reader.byte();
  if (form === 0x60) {
    const parameters = valueTypes(reader), results = valueTypes(reader);
    return { parameters: parameters.count, results: results.count, resultBytes: results.bytes };
  }
  if (form === 0x5f) for (let left = reader.number(); left > 0; left--) skipField(reader);
  else if (form === 0x5e) skipField(reader);
  else if (form === 0x5d) skipHeapType(reader);
  else throw new TypeError(`unknown form of type: 0x${form.toString(16)}`);
  return null;
}

/** @param {Reader} reader */
function subType(reader) {
  const form = reader.bytes[reader.at];
  if (form === 0x50 || form === 0x4f) {
    reader.byte();
    for (let left = reader.number(); left > 0; left--) reader.skipNumber();
  }
  return compositeType(reader);
}

/** By type index; an entry of the section may be a group of several types. @param {{ count: number, reader: Reader }} section */
export function readTypes({ count, reader }) {
  /** @type {(FunctionType | null)[]} */
  const types = [];
  for (let i = 0; i < count; i++) {
    let members = 1;
    if (reader.bytes[reader.at] === 0x4e) {
      reader.byte();
      members = reader.number();
    }
    for (; members > 0; members--) types.push(subType(reader));
  }
  return types;
}
