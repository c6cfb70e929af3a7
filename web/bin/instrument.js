/** ringscope-wasm instrument: writes a module whose functions can be traced. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { instrument } from '../functions/instrument.js';
import { printable } from './printable.js';
import { UsageError } from './read.js';

/** @param {string[]} args after "instrument" */
function parse(args) {
  try {
    const options = /** @type {const} */ ({ output: { type: 'string', short: 'o' }, functions: { type: 'string' } });
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (positionals.length !== 1 || !values.output) throw new Error('instrument takes one module, and -o OUT');
    return { from: positionals[0], to: values.output, functions: values.functions };
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message);
  }
}

/** @param {string[]} args */
export async function instrumentFile(args) {
  const { from, to, functions } = parse(args);
  const { bytes, names, leftOut } = instrument(await readFile(from), functions);
  if (names.length === 0) throw new Error(`${from}: no function ${functions === undefined ? 'to instrument' : `matches ${functions}`}`);
  await writeFile(to, bytes);
  process.stderr.write(`${names.length} functions\n${leftOut.length ? printable(`left out, for their tail calls: ${leftOut.join(', ')}`) + '\n' : ''}`);
}
