#!/usr/bin/env node
/** ringscope-wasm run: runs a WASI program with its system calls traced, and prints the summary. */
import { run } from './run.js';

const USAGE = `usage: ringscope-wasm run [-o FILE] [-e FILTER] PROGRAM.wasm ARGS…

Runs a WASI program under node:wasi with its system calls traced, and prints the summary to stderr.

  -o FILE    save the trace as FILE, for 'ringscope' to read
  -e FILTER  record only these categories: FILE,PROCESS,…
  --dir DIR  what the program sees as / (default: the current directory)
`;

/** @param {string} message @returns {never} */
function usageError(message) {
  process.stderr.write(`ringscope-wasm: ${message}\n${USAGE}`);
  process.exit(2);
}

/** @param {string[]} args what follows "run" */
function parse(args) {
  /** @type {Record<string, string>} */
  const options = {};
  let i = 0;
  for (; i < args.length && args[i].startsWith('-'); i += 2) {
    if (!['-o', '-e', '--dir'].includes(args[i])) usageError(`unknown option ${args[i]}`);
    if (i + 1 === args.length) usageError(`${args[i]} needs a value`);
    options[args[i]] = args[i + 1];
  }
  if (i === args.length) usageError('no program given');
  return { out: options['-o'], filter: options['-e'], directory: options['--dir'] ?? '.', program: args.slice(i) };
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'help' || command === '--help' || command === '-h') process.stdout.write(USAGE);
else if (command === undefined) usageError('no command given');
else if (command !== 'run') usageError(`unknown command ${command}`);
else process.exitCode = await run(parse(rest));
