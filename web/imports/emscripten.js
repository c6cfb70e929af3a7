/** Descriptions of Emscripten's system calls. Its WASI calls are in wasi.js. */
import { errnoName } from './errno.js';
import { own } from './own.js';
import { paramsOf } from './params.js';

/** @typedef {import('./guest.js').Guest} Guest */
/** @typedef {import('./wasi.js').Call} Call */

const pathAt = (/** @type {number} */ index) => (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.string(args[index]);
const firstArgument = (/** @type {Guest} */ _, /** @type {any[]} */ args) => String(args[0]);
const wholeNumber = (/** @type {number | bigint} */ size) => (typeof size === 'bigint' ? size : size >>> 0);
const result = (/** @type {Guest} */ _, /** @type {any[]} */ _args, /** @type {any} */ value) => Number(value);
const twoPaths = (/** @type {number} */ from, /** @type {number} */ to) => (/** @type {Guest} */ guest, /** @type {any[]} */ args) =>
  `${guest.string(args[from])} -> ${guest.string(args[to])}`;

// With this request, the C library asks whether a file that it opens for writing is a terminal.
const TIOCGWINSZ = 0x5413;
const ENOTTY = 59;
const EINVAL = 28;
/** realpath() asks of each part of a path whether it is a link. @type {Call['probe']} */
const isNoLink = (value) => (value === -EINVAL ? 'EINVAL (probe)' : undefined);

/** @type {Record<string, Partial<Call>>} By name without __syscall_. */
const syscalls = {
  ioctl: { probe: (value, args) => (value === -ENOTTY && args[1] === TIOCGWINSZ ? 'ENOTTY (probe)' : undefined) },
  open: { given: pathAt(0), answer: result },
  openat: { given: pathAt(1), answer: result },
  stat64: { given: pathAt(0) },
  lstat64: { given: pathAt(0) },
  newfstatat: { given: pathAt(1) },
  access: { given: pathAt(0) },
  faccessat: { given: pathAt(1) },
  chdir: { given: pathAt(0) },
  chmod: { given: pathAt(0) },
  fchmodat: { given: pathAt(1) },
  fchownat: { given: pathAt(1) },
  mkdir: { given: pathAt(0) },
  mkdirat: { given: pathAt(1) },
  mknodat: { given: pathAt(1) },
  rmdir: { given: pathAt(0) },
  unlink: { given: pathAt(0) },
  unlinkat: { given: pathAt(1) },
  readlink: { given: pathAt(0), answer: result, probe: isNoLink },
  readlinkat: { given: pathAt(1), answer: result, probe: isNoLink },
  rename: { given: twoPaths(0, 1) },
  renameat: { given: twoPaths(1, 3) },
  symlink: { given: twoPaths(0, 1) },
  symlinkat: { given: twoPaths(0, 2) },
  statfs64: { given: pathAt(0) },
  truncate64: { given: pathAt(0) },
  utimensat: { given: pathAt(1) },
  getcwd: { given: undefined, answer: (guest, args) => guest.string(args[0]) },
  getdents64: { answer: result },
  dup: { answer: result },
  dup3: { answer: result },
  socket: { category: 'IPC', answer: result },
  accept4: { category: 'IPC', answer: result },
  bind: { category: 'IPC' },
  connect: { category: 'IPC' },
  listen: { category: 'IPC' },
  pipe: { category: 'IPC', given: undefined },
  sendto: { category: 'IPC', answer: result, written: result },
  recvfrom: { category: 'IPC', answer: result, read: result },
  poll: { category: 'IPC', answer: result },
  munmap: { category: 'MEMORY' },
  mmap2: { category: 'MEMORY' },
};

/** The arguments by name, for fields: see params.js. @type {Record<string, string>} */
const PARAMS = {
  openat: 'dirfd path$ flags -', stat64: 'path$ -', lstat64: 'path$ -', newfstatat: 'dirfd path$ - flags', access: 'path$ mode',
  faccessat: 'dirfd path$ mode flags', chdir: 'path$', chmod: 'path$ mode', fchmodat: 'dirfd path$ mode -', mkdirat: 'dirfd path$ mode',
  mknodat: 'dirfd path$ mode dev', rmdir: 'path$', unlinkat: 'dirfd path$ flags', readlinkat: 'dirfd path$ - size',
  renameat: 'old_dirfd old_path$ new_dirfd new_path$', symlink: 'target$ path$', symlinkat: 'target$ dirfd path$',
  getcwd: '- size', getdents64: 'fd - count', dup: 'fd', dup3: 'fd to flags', fstat64: 'fd -', fchmod: 'fd mode', fcntl64: 'fd command -',
  ioctl: 'fd request -', socket: 'domain type protocol', accept4: 'fd - - flags', bind: 'fd - - - - -', connect: 'fd - - - - -',
  listen: 'fd backlog', sendto: 'fd - length flags - -', recvfrom: 'fd - length flags - -', pipe: '-',
};

/** @type {Record<string, Partial<Call>>} */
const runtime = {
  emscripten_resize_heap: { category: 'MEMORY', given: (_, args) => `${wholeNumber(args[0])} bytes`, ...paramsOf('bytes') },
  emscripten_notify_memory_growth: { category: 'MEMORY' },
  emscripten_get_now: { category: 'TIMER' },
  emscripten_date_now: { category: 'TIMER' },
  _emscripten_get_now_is_monotonic: { category: 'TIMER' },
  _mmap_js: { category: 'MEMORY' },
  _munmap_js: { category: 'MEMORY' },
  _localtime_js: { category: 'TIMER' },
  _tzset_js: { category: 'TIMER' },
  exit: { category: 'PROCESS', given: firstArgument, ...paramsOf('code') },
  _exit: { category: 'PROCESS', given: firstArgument, ...paramsOf('code') },
  emscripten_force_exit: { category: 'PROCESS', given: firstArgument, ...paramsOf('code') },
  emscripten_exit_with_live_runtime: { category: 'PROCESS' },
  abort: { category: 'PROCESS' },
  _emscripten_throw_longjmp: { category: 'PROCESS' },
  emscripten_longjmp: { category: 'PROCESS' },
};

/** @param {string | undefined} params */
const fields = (params) => (params === undefined ? undefined : paramsOf(params));

/** A negative result is an errno. @param {any} value */
function error(value) {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && number < 0 && number > -256 ? errnoName(-number) : undefined;
}

/** Not system calls: they lead back into the module, or belong to the tracer. */
export const LEFT_ALONE = /^(invoke_|[gs]etTempRet0$|tracer_import_)/;

/** @param {string} name @returns {Partial<Call> | undefined} */
export function emscriptenCall(name) {
  const syscall = /^_*(?:sys_|syscall_)(\w+)$/.exec(name)?.[1];
  if (syscall) return { category: 'FILE', given: firstArgument, error, ...fields(own(PARAMS, syscall)), ...own(syscalls, syscall) };
  return own(runtime, name);
}
