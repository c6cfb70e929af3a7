/** Modules from WebAssembly's text format. */
import { createRequire } from 'node:module';

const FEATURES = { exceptions: true, simd: true, threads: true, multi_value: true, reference_types: true, bulk_memory: true, memory64: true,
  sign_extension: true, mutable_globals: true };
const wabt = await createRequire(import.meta.url)('wabt')();

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export function assemble(text) {
  return wabt.parseWat('test.wat', text, FEATURES).toBinary({}).buffer;
}
