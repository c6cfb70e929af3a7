/** The source map of a module in a file: read from where the module says it is, and written beside the new module. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** @param {string} url @param {string} from the module @returns {Promise<{ text: string, folder: string }>} folder: which its sources are relative to */
async function read(url, from) {
  const absolute = new URL(url, pathToFileURL(from));
  if (absolute.protocol === 'data:') return { text: await (await fetch(absolute)).text(), folder: dirname(from) };
  if (absolute.protocol !== 'file:') throw new Error('it is not a file');
  const file = fileURLToPath(absolute);
  return { text: await readFile(file, 'utf8'), folder: dirname(file) };
}

/** Its sources are relative to the map, which moves to another folder. @param {string} text @param {string} from @param {string} to */
function relocated(text, from, to) {
  const map = JSON.parse(text), { sourceRoot = '' } = map, step = relative(resolve(to), resolve(from));
  if (typeof map.mappings !== 'string') throw new Error('it has no mappings');
  if (step === '' || isAbsolute(sourceRoot) || /^[a-z][a-z0-9+.-]+:/i.test(sourceRoot)) return text;
  return JSON.stringify({ ...map, sourceRoot: `${step}/${sourceRoot}` });
}

/**
 * What instrument() takes: undefined if the source map cannot be read.
 * @param {string} url where it is @param {string} from the module's file @param {string} to the new one's
 * @param {(message: string) => void} warn
 * @returns {Promise<{ text: string, url: string } | undefined>}
 */
export async function sourceMapOf(url, from, to, warn) {
  try {
    const { text, folder } = await read(url, from);
    return { text: relocated(text, folder, dirname(to)), url: encodeURI(`${basename(to)}.map`) };
  } catch (error) {
    warn(`left out: its source map ${url.slice(0, SHOWN)}: ${/** @type {Error} */ (error).message}`);
    return undefined;
  }
}
const SHOWN = 200;
