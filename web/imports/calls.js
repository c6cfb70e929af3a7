/** An import's name, and what the caller or the tables of WASI, Emscripten and others know about it. */
import { componentCall, plainName } from './components.js';
import { LEFT_ALONE, emscriptenCall } from './emscripten.js';
import { languageCall } from './languages.js';
import { leaves } from './outcome.js';
import { isWasi, wasiCall } from './wasi.js';

/** @typedef {import('./wasi.js').Call} Call */

const LONGEST_MINIFIED = 2;

/** @param {Function} item */
function ownName(item) {
  const name = Object.getOwnPropertyDescriptor(item, 'name')?.value;
  return typeof name === 'string' ? name : '';
}

/** Emscripten's loader adds an underscore to the names of C functions, with these exceptions. */
const LOADERS = /^(_.|invoke_|[gs]etTempRet0$|tracer_import_)/;
/** wasm-bindgen's names for JavaScript functions, with a hash that changes with each build. */
const BINDGEN = /^__wbg_(.+)_[0-9a-f]{16}$/;
/** Whether an object holds imports made by Emscripten's loader. @type {WeakMap<object, boolean>} */
const loaders = new WeakMap();

/** @param {object} items */
function isLoaders(items) {
  const known = loaders.get(items);
  if (known !== undefined) return known;
  const found = Object.values(Object.getOwnPropertyDescriptors(items)).some(({ value }) => typeof value === 'function' && LOADERS.test(ownName(value)));
  loaders.set(items, found);
  return found;
}

/**
 * The name of an import. Emscripten shortens import names from -O3 on, but the functions of its loader keep theirs.
 * @param {object} items @param {string} name @param {Function} item
 */
function nameOf(items, name, item) {
  const own = name.length <= LONGEST_MINIFIED ? ownName(item) : '';
  if (own.length > LONGEST_MINIFIED && isLoaders(items)) return own.replace(/^_/, '');
  return BINDGEN.exec(name)?.[1] ?? plainName(name);
}

/**
 * Looks an import up in the tables. Functions of C libraries are imported from these modules only: any other module may have
 * an unrelated function of the same name.
 * @param {string} module @param {string} name @param {boolean} shortened
 * @returns {Partial<Call> | undefined}
 */
function knownCall(module, name, shortened) {
  if (module.startsWith('wasi_')) return isWasi(name) ? wasiCall(name, module) : undefined;
  const language = languageCall(module, name) ?? componentCall(module, name);
  if (language || (module !== 'env' && !shortened)) return language;
  return isWasi(name) ? wasiCall(name, module) : emscriptenCall(name);
}

/**
 * A function's name and description; null: it is not traced.
 * @param {string} module @param {object} items of it @param {string} key @param {Function} item
 * @param {(module: string, name: string) => Partial<Call> | null | undefined} describe
 * @returns {{ name: string, call: Call, minified: boolean } | null}
 */
export function subjectOf(module, items, key, item, describe) {
  const name = nameOf(items, key, item);
  const described = describe(module, name);
  if (described === null || LEFT_ALONE.test(name)) return null;
  /** @type {Call} */
  const call = { category: 'CUSTOM', leaves: leaves(name), ...knownCall(module, name, name !== key), ...described };
  return { name, call, minified: key.length <= LONGEST_MINIFIED && name === key && !/^\d/.test(key) };
}
