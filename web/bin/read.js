/** The commands that read a saved trace: summary, stats, events, export, report and view. */
import { readFile, realpath, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { reportOf } from '../read/report.js';
import { Tracer } from '../ringscope.js';
import { printable } from '../read/printable.js';
import { SORT_KEYS, callTable } from './table.js';
import { UsageError, asUsageError } from './usage_error.js';
import { serve } from './view.js';

/** @typedef {import('../ringscope.js').ImageReader} ImageReader */
/** @typedef {Record<string, any>} Values */
/** @typedef {{ options: Record<string, { type: 'string' | 'boolean', short?: string }>, run: (image: ImageReader, values: Values, bytes: Uint8Array, file: string) => string | Promise<string> }} Command */

const text = /** @type {const} */ ({ type: 'string' }), flag = /** @type {const} */ ({ type: 'boolean' });
const output = { output: { ...text, short: 'o' } }, json = { json: flag };

const query = {
  category: { ...text, short: 'c' }, pid: { ...text, short: 'p' }, tid: { ...text, short: 't' }, name: { ...text, short: 'n' },
  text: { ...text, short: 'x' }, process: text, thread: text, failed: flag, slower: text, since: text, until: text,
  last: { ...text, short: 'l' }, 'without-details': flag,
};
const WHOLE = ['pid', 'tid', 'last'], TIMES = ['slower', 'since', 'until'];
/** @type {Record<string, number>} */
const MS = { ns: 1e-6, us: 1e-3, ms: 1, s: 1e3, min: 6e4, h: 36e5 };

/** @param {string} option @param {string} given */
function number(option, given) {
  const value = Number(given);
  if (given.trim() === '' || !Number.isFinite(value)) throw new UsageError(`--${option}: ${given} is not a number`);
  if (WHOLE.includes(option) && !(Number.isSafeInteger(value) && value >= 0)) throw new UsageError(`--${option}: ${given} is not a whole number`);
  if (option.endsWith('id') && value > 0xffffffff) throw new UsageError(`--${option}: ${given} is more than ${0xffffffff}`);
  return value;
}

/** In ms, or with its unit: 250us. @param {string} option @param {string} given */
function time(option, given) {
  const [, value, unit] = /^(.*\d)\s*(ns|us|ms|s|min|h)$/.exec(given) ?? [given, given, 'ms'];
  return number(option, value) * MS[unit];
}

/** @param {Values} values @returns {import('../read/reader.js').Query} */
function queryOf(values) {
  /** @type {Values} */
  const asked = {};
  for (const option in query) {
    const given = values[option], field = option === 'slower' ? 'min_duration' : option.replace('-', '_');
    if (given === undefined) continue;
    if (option === 'category') asked.category = given.split(',').map((/** @type {string} */ word) => word.trim());
    else if (TIMES.includes(option)) asked[field] = time(option, given);
    else asked[field] = WHOLE.includes(option) ? number(option, given) : given;
  }
  if (asked.last === 0) delete asked.last; // 0 means all, as in the native command
  return asked;
}

/** @param {string} option @param {string | undefined} given @param {string[]} choices */
function choose(option, given, choices) {
  if (given === undefined) throw new UsageError(`--${option} is needed: one of ${choices.join(', ')}`);
  if (!choices.includes(given)) throw new UsageError(`--${option}: ${given} is not one of ${choices.join(', ')}`);
  return given;
}

/** @param {unknown} value */
const asJson = (value) => `${JSON.stringify(value)}\n`;

const FORMATS = /** @type {const} */ (['json', 'ndjson', 'chrome']);

/** @param {ImageReader} _ @param {Values} _values @param {Uint8Array} bytes @param {string} file */
const report = (_, _values, bytes, file) => reportOf(bytes, basename(file));

/** @param {string} title @param {string[]} lines */
const section = (title, lines) => (lines.length ? `\n--- ${title} ---\n${lines.join('\n')}\n` : '');

/** @param {ImageReader} image */
function summary(image) {
  const open = image.openSpans().map(({ start, category, depth, name, async: apart, parent_ended: orphan }) =>
    `[${start.toFixed(2)}] ${category} ${'  '.repeat(depth)}${printable(name)}${apart ? ', async' : ''}${orphan ? ', its parent has ended' : ''}`);
  const notes = image.notes().map((note) => `${printable(note.text)}${note.count > 1 ? `: ${note.count} times` : ''}`);
  return `${image.summary()}${section('Open spans', open)}${section('Notes', notes)}`;
}

/** @type {Record<string, Command>} */
const commands = {
  summary: {
    options: json,
    run: (image, values) => (values.json ? asJson({ ...image.summary(), open_spans: image.openSpans(), processes: image.processes(), notes: image.notes() }) : summary(image)),
  },
  stats: {
    options: { ...json, sort: { ...text, short: 's' } },
    run(image, values) {
      const key = choose('sort', values.sort ?? 'total', Object.keys(SORT_KEYS)), stats = image.stats();
      return values.json ? asJson(Object.values(stats)) : callTable(stats, key) || 'No operations were counted.\n';
    },
  },
  events: {
    options: { ...query, ...json },
    run: (image, values) => (values.json ? image.export('ndjson', queryOf(values)) : image.lines(queryOf(values))),
  },
  export: {
    options: { ...query, ...output, to: text },
    run: (image, values) => image.export(/** @type {any} */ (choose('to', values.to, [...FORMATS])), queryOf(values)),
  },
  report: { options: output, run: report },
  view: {
    options: {},
    async run(...args) {
      await serve(await report(...args));
      return '';
    },
  },
};

export const READING = Object.keys(commands);

/** @param {string} name @param {string[]} args */
function parse(name, args) {
  try {
    const { values, positionals } = parseArgs({ args, options: commands[name].options, allowPositionals: true });
    if (positionals.length === 1) return { values: /** @type {Values} */ (values), file: positionals[0] };
  } catch (error) {
    throw asUsageError(error);
  }
  throw new UsageError(`${name} takes one FILE`);
}

/** Whether both are the same file. @param {string} file which exists @param {string} out which may not exist */
async function isSame(file, out) {
  try {
    return (await realpath(file)) === (await realpath(out));
  } catch (error) {
    if (/** @type {any} */ (error)?.code === 'ENOENT') return false;
    throw error;
  }
}

/** @param {Uint8Array} bytes @param {string} file */
async function open(bytes, file) {
  try {
    return await Tracer.open(bytes);
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** Runs one of READING. @param {string} name @param {string[]} args */
export async function read(name, args) {
  const { values, file } = parse(name, args);
  const bytes = await readFile(file), image = await open(bytes, file);
  try {
    const result = await commands[name].run(image, values, bytes, file), out = values.output;
    if (out === undefined) process.stdout.write(result);
    else if (await isSame(file, out)) throw new Error(`${out} is the trace itself`);
    else await writeFile(out, result, { mode: 0o600 });
  } catch (error) {
    throw error instanceof RangeError && error.message.startsWith('category:') ? asUsageError(error) : error;
  } finally {
    image.dispose();
  }
}
