/** ringscope-wasm instrument: writes a module whose functions can be traced. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { instrument, sourceMapUrl } from '../functions/instrument.js';
import { nanoseconds } from './nanoseconds.js';
import { printable } from '../read/printable.js';
import { sourceMapOf } from './source_map.js';
import { asUsageError } from './usage_error.js';

/** @param {string[]} args after "instrument" */
function parse(args) {
  try {
    const options = /** @type {const} */ ({ output: { type: 'string', short: 'o' }, functions: { type: 'string' }, 'min-ns': { type: 'string' } });
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (positionals.length !== 1 || !values.output) throw new Error('instrument takes one module, and -o OUT');
    return { from: positionals[0], to: values.output, functions: values.functions, minNs: nanoseconds(values['min-ns']) };
  } catch (error) {
    throw asUsageError(error);
  }
}

/** @template T @param {string} file @param {() => T} work @returns {T} its errors name the file */
function about(file, work) {
  try {
    return work();
  } catch (error) {
    throw new Error(`${file}: ${/** @type {Error} */ (error).message}`, { cause: error });
  }
}

/** @param {string[]} args */
export async function instrumentFile(args) {
  const { from, to, functions, minNs } = parse(args);
  const module = await readFile(from), url = about(from, () => sourceMapUrl(module));
  const map = url === undefined ? undefined : await sourceMapOf(url, from, to, (message) => process.stderr.write(`${printable(message)}\n`));
  const { bytes, names, counted, leftOut, sourceMap } = about(from, () => instrument(module, functions, { minNs, sourceMap: map }));
  if (names.length === 0 && counted.length) throw new Error(`${from}: all ${counted.length} functions are too short for --min-ns ${minNs}`);
  if (names.length === 0) throw new Error(`${from}: no function ${functions === undefined ? 'to instrument' : `matches ${functions}`}`);
  await writeFile(to, bytes);
  if (sourceMap !== undefined) await writeFile(`${to}.map`, sourceMap);
  if (counted.length) process.stderr.write(`${counted.length} functions are too short for --min-ns ${minNs}: their callers count the calls\n`);
  process.stderr.write(`${names.length} functions\n${leftOut.length ? printable(`left out, for tail calls or unknown instructions: ${leftOut.join(', ')}`) + '\n' : ''}`);
}
