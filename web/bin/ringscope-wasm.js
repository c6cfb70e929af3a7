#!/usr/bin/env node
/** ringscope-wasm: runs a WASI program with its system calls traced, and reads saved traces. */
import { readFileSync } from 'node:fs';
import { instrumentFile } from './instrument.js';
import { nanoseconds } from './nanoseconds.js';
import { printable } from '../read/printable.js';
import { READING, read } from './read.js';
import { run } from './run.js';
import { UsageError } from './usage_error.js';

const USAGE = `usage: ringscope-wasm run [OPTION…] [--] PROGRAM.wasm ARGS…
       ringscope-wasm instrument PROGRAM.wasm -o OUT.wasm [--functions LIST] [--min-ns N]
       ringscope-wasm summary|stats|events|export|report|view FILE [OPTION…]
       ringscope-wasm --version

run runs a WASI program under node:wasi with its system calls traced, and prints the summary to stderr.

  -o FILE            save the trace as FILE, for 'ringscope' to read, even if SIGINT or SIGTERM ends the program
  -e LIST            record only these categories: FILE,PROCESS,…
                     with names of calls, such as path_open, trace and count only the listed calls and categories
  --dir HOST::GUEST  the program sees the directory HOST as GUEST, or as / without ::GUEST;
                     may be repeated (default: the current directory, as /)
  --env NAME=VALUE   the program's environment, may be repeated; --env NAME passes ours on
                     (default: all of ours)
  --functions LIST   also record calls of the program's functions with matching names: 'sqlite3*,!*Mutex*'
                     (default for an instrumented program: all instrumented functions)
  --min-ns N         record only calls of functions that take at least N ns; their callers count the others
                     (default: as the program was instrumented, or 0)

instrument writes a module in which every call of a function in the LIST (default: all) can be recorded, by run, or in a
page by the package's traceFunctions(). Without a tracer the module does the same as before. With --min-ns, functions
whose few instructions cannot take N ns are counted without reading the clock, which is much cheaper. If the module has a
source map, OUT.wasm.map is the new module's.

The other commands read FILE, a saved .ring.

  summary [--json]   the counts and losses
  stats [--json] [--sort total|count|errors|max|p99]
                     the calls, with errors and latencies
  events [--json]    the events, one line each
  export --to json|ndjson|chrome [-o OUT]
                     the events for other tools; chrome also for Perfetto and speedscope
  report -o OUT      the page that shows the trace, as one HTML file
  view               serves that page on 127.0.0.1 and prints its address, until Ctrl-C; nobody else can guess it

  events and export select events by: -c FILE,IPC  -n NAME (* is any text)  -x TEXT  -p PID  -t TID  --process NAME
  --thread NAME  --failed  --slower 1.5ms  --since MS  --until MS  -l NEWEST  --without-details
`;

/** @param {string} message @returns {never} */
function usageError(message) {
  process.stderr.write(`ringscope-wasm: ${printable(message)}\nRun 'ringscope-wasm --help' for usage.\n`);
  process.exit(2);
}

/** @param {string} text HOST::GUEST, or HOST @returns {[string, string]} the guest's name first */
function directory(text) {
  const at = text.indexOf('::');
  const [host, guest] = at < 0 ? [text, '/'] : [text.slice(0, at), text.slice(at + 2)];
  return host && guest ? [guest, host] : usageError(`--dir ${text}: must be HOST or HOST::GUEST`);
}

/** @param {string} text NAME=VALUE, or NAME @returns {[string, string][]} */
function variable(text) {
  const at = text.indexOf('=');
  if (at === 0 || text === '') return usageError(`--env ${text}: must be NAME or NAME=VALUE`);
  if (at > 0) return [[text.slice(0, at), text.slice(at + 1)]];
  const value = process.env[text];
  return value === undefined ? [] : [[text, value]];
}

/** @param {string | undefined} text of --min-ns */
function minimum(text) {
  try {
    return nanoseconds(text);
  } catch (error) {
    return usageError(/** @type {Error} */ (error).message);
  }
}

/** @param {string[]} args after "run" */
function parse(args) {
  /** @type {Record<string, string[]>} */
  const given = { '-o': [], '-e': [], '--dir': [], '--env': [], '--functions': [], '--min-ns': [] };
  let i = 0;
  for (; i < args.length && args[i].startsWith('-'); i++) {
    if (args[i] === '--') {
      i++;
      break;
    }
    if (args[i] === '--help' || args[i] === '-h') return help();
    const [, name = args[i], attached] = /^(--[^=]+)=(.*)$/s.exec(args[i]) ?? [];
    if (!Object.hasOwn(given, name)) usageError(`unknown option ${name}`);
    if (attached === undefined && ++i === args.length) usageError(`${name} needs a value`);
    given[name].push(attached ?? args[i]);
  }
  if (i >= args.length) usageError('no program given');
  const directories = Object.fromEntries(given['--dir'].length ? given['--dir'].map(directory) : [['/', '.']]);
  const env = given['--env'].length ? Object.fromEntries(given['--env'].flatMap(variable)) : { ...process.env };
  return { functions: given['--functions'].at(-1), minNs: minimum(given['--min-ns'].at(-1)), out: given['-o'].at(-1), filter: given['-e'].at(-1), directories, env, program: args.slice(i) };
}

/** @returns {never} */
function help() {
  process.stdout.write(USAGE);
  process.exit(0);
}

function version() {
  const { version: ours } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`ringscope-wasm ${ours}\n`);
}

/** Runs a program. @param {string[]} args */
async function runProgram(args) {
  try {
    return await run(parse(args));
  } catch (error) {
    if (error instanceof UsageError) return usageError(error.message);
    throw error;
  }
}

/** Runs a command on files. @param {(args: string[]) => Promise<unknown>} work @param {string[]} args */
async function onFiles(work, args) {
  process.stdout.on('error', (/** @type {any} */ error) => process.exit(error.code === 'EPIPE' ? 0 : 1)); // as in "events FILE | head"
  if (args.includes('--help') || args.includes('-h')) return help();
  try {
    await work(args);
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof UsageError) return usageError(message);
    process.stderr.write(`ringscope-wasm: ${printable(message)}\n`);
    return 1;
  }
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'help' || command === '--help' || command === '-h') help();
else if (command === '--version' || command === '-V') version();
else if (command === undefined) usageError('no command given');
else if (command === 'run') process.exitCode = await runProgram(rest);
else if (READING.includes(command)) process.exitCode = await onFiles((args) => read(command, args), rest);
else if (command === 'instrument') process.exitCode = await onFiles(instrumentFile, rest);
else usageError(`unknown command ${command}`);
