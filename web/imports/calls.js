/** What an import is called, and what is known of it: by the caller, or by the tables of WASI and Emscripten. */
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

/** How Emscripten's loader calls functions of C: with one underscore more, but for these. */
const LOADERS = /^(_.|invoke_|[gs]etTempRet0$|tracer_import_)/;
/** How wasm-bindgen calls functions of JavaScript: with a hash that each build has anew. */
const BINDGEN = /^__wbg_(.+)_[0-9a-f]{16}$/;
/** Whether an object is what Emscripten makes of imports. @type {WeakMap<object, boolean>} */
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
 * Emscripten shortens the names of imports from -O3 on, but the functions of its loader keep theirs.
 * @param {object} items @param {string} name @param {Function} item
 */
function nameOf(items, name, item) {
  const own = name.length <= LONGEST_MINIFIED ? ownName(item) : '';
  if (own.length > LONGEST_MINIFIED && isLoaders(items)) return own.replace(/^_/, '');
  return BINDGEN.exec(name)?.[1] ?? plainName(name);
}

/**
 * Functions of C's libraries are imported from these modules: any other may have a function of that name that is its own.
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
 * What a function is called and what it is about; null: it is left alone.
 * @param {string} module @param {object} items of it @param {string} key @param {Function} item
 * @param {((module: string, name: string) => Partial<Call> | null | undefined) | undefined} describe
 * @returns {{ name: string, call: Call, minified: boolean } | null}
 */
export function subjectOf(module, items, key, item, describe) {
  const name = nameOf(items, key, item);
  const described = describe?.(module, name);
  if (described === null || LEFT_ALONE.test(name)) return null;
  /** @type {Call} */
  const call = { category: 'CUSTOM', leaves: leaves(name), ...knownCall(module, name, name !== key), ...described };
  return { name, call, minified: key.length <= LONGEST_MINIFIED && name === key && !/^\d/.test(key) };
}
