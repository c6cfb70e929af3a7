/** ringscope-wasm instrument: writes a module whose functions can be traced. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { instrument } from '../functions/instrument.js';
import { nanoseconds } from './nanoseconds.js';
import { printable } from '../read/printable.js';
import { sourceMapOf } from './source_map.js';
import { UsageError } from './usage_error.js';

/** @param {string[]} args after "instrument" */
function parse(args) {
  try {
    const options = /** @type {const} */ ({ output: { type: 'string', short: 'o' }, functions: { type: 'string' }, 'min-ns': { type: 'string' } });
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (positionals.length !== 1 || !values.output) throw new Error('instrument takes one module, and -o OUT');
    return { from: positionals[0], to: values.output, functions: values.functions, minNs: nanoseconds(values['min-ns']) };
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message);
  }
}

/** @param {string[]} args */
export async function instrumentFile(args) {
  const { from, to, functions, minNs } = parse(args);
  const module = await readFile(from), map = await sourceMapOf(module, from, to, (message) => process.stderr.write(`${printable(message)}\n`));
  const { bytes, names, counted, leftOut, sourceMap } = instrument(module, functions, { minNs, sourceMap: map });
  if (names.length === 0 && counted.length) throw new Error(`${from}: all ${counted.length} functions are too short for --min-ns ${minNs}`);
  if (names.length === 0) throw new Error(`${from}: no function ${functions === undefined ? 'to instrument' : `matches ${functions}`}`);
  await writeFile(to, bytes);
  if (sourceMap !== undefined) await writeFile(`${to}.map`, sourceMap);
  if (counted.length) process.stderr.write(`${counted.length} functions are too short for --min-ns ${minNs}: their callers count the calls\n`);
  process.stderr.write(`${names.length} functions\n${leftOut.length ? printable(`left out, for their tail calls: ${leftOut.join(', ')}`) + '\n' : ''}`);
}
