#!/usr/bin/env node
/** ringscope-wasm run: runs a WASI program with its system calls traced, and prints the summary. */
import { run } from './run.js';

const USAGE = `usage: ringscope-wasm run [OPTION…] [--] PROGRAM.wasm ARGS…

Runs a WASI program under node:wasi with its system calls traced, and prints the summary to stderr.

  -o FILE            save the trace as FILE, for 'ringscope' to read; also when SIGINT or SIGTERM ends the program
  -e LIST            record only these categories: FILE,PROCESS,…
                     with names of calls, such as path_open, trace and count only what the list names
  --dir HOST::GUEST  the program sees the directory HOST as GUEST; of one name only: as /
                     any number of times (default: the current directory, as /)
  --env NAME=VALUE   the program's environment, any number of times; --env NAME passes ours on
                     (default: all of ours)
`;

/** @param {string} message @returns {never} */
function usageError(message) {
  process.stderr.write(`ringscope-wasm: ${message}\n${USAGE}`);
  process.exit(2);
}

/** @param {string} text HOST::GUEST, or HOST @returns {[string, string]} the guest's name first */
function directory(text) {
  const at = text.indexOf('::');
  const [host, guest] = at < 0 ? [text, '/'] : [text.slice(0, at), text.slice(at + 2)];
  return host && guest ? [guest, host] : usageError(`--dir ${text}: neither HOST nor HOST::GUEST`);
}

/** @param {string} text NAME=VALUE, or NAME @returns {[string, string][]} */
function variable(text) {
  const at = text.indexOf('=');
  if (at === 0 || text === '') return usageError(`--env ${text}: neither NAME nor NAME=VALUE`);
  if (at > 0) return [[text.slice(0, at), text.slice(at + 1)]];
  const value = process.env[text];
  return value === undefined ? [] : [[text, value]];
}

/** @param {string[]} args what follows "run" */
function parse(args) {
  /** @type {Record<string, string[]>} */
  const given = { '-o': [], '-e': [], '--dir': [], '--env': [] };
  let i = 0;
  for (; i < args.length && args[i].startsWith('-'); i += 2) {
    if (args[i] === '--') {
      i++;
      break;
    }
    if (args[i] === '--help' || args[i] === '-h') return help();
    if (!Object.hasOwn(given, args[i])) usageError(`unknown option ${args[i]}`);
    if (i + 1 === args.length) usageError(`${args[i]} needs a value`);
    given[args[i]].push(args[i + 1]);
  }
  if (i >= args.length) usageError('no program given');
  const directories = Object.fromEntries(given['--dir'].length ? given['--dir'].map(directory) : [['/', '.']]);
  const env = given['--env'].length ? Object.fromEntries(given['--env'].flatMap(variable)) : { ...process.env };
  return { out: given['-o'].at(-1), filter: given['-e'].at(-1), directories, env, program: args.slice(i) };
}

/** @returns {never} */
function help() {
  process.stdout.write(USAGE);
  process.exit(0);
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'help' || command === '--help' || command === '-h') help();
else if (command === undefined) usageError('no command given');
else if (command !== 'run') usageError(`unknown command ${command}`);
else process.exitCode = await run(parse(rest));
