/** Descriptions of the calls of WASI preview 1. */
import { errnoName } from './errno.js';
import { own } from './own.js';
import { paramsOf } from './params.js';

/** @typedef {import('./guest.js').Guest} Guest */

/**
 * @typedef {object} Call
 * @property {import('../record/category.js').Category} category
 * @property {(guest: Guest, args: any[]) => string} [given] the arguments, as text
 * @property {(guest: Guest, args: any[], result: any) => string | number} [answer] the result of a successful call
 * @property {(guest: Guest, args: any[], result: any) => number} [read] bytes
 * @property {(guest: Guest, args: any[], result: any) => number} [written] bytes
 * @property {(result: any) => string | undefined} [error] the error's name, if the result is an error
 * @property {(guest: Guest, args: any[]) => string | undefined} [failed] the error's name, if the result is in memory and is an error
 * @property {(result: any, args: any[]) => string | undefined} [probe] the error's name, if the program expects that error, so that it is none
 * @property {import('./params.js').Param[]} [params] the arguments by name, for the event's fields
 * @property {number} [arity] how many arguments it takes
 * @property {boolean} [early] the arguments are read before the call, because it may change the memory that they point to
 * @property {boolean} [leaves] it ends by throwing, which is no error
 */

const fd = (/** @type {Guest} */ _, /** @type {any[]} */ args) => String(args[0]);
const path = (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.text(args[1], args[2]);
const pathAfterFlags = (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.text(args[2], args[3]);
const u32At = (/** @type {number} */ index) => (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.u32(args[index]);
const sizeAt = (/** @type {number} */ index) => (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.size(args[index]);
// Emscripten may split 64-bit arguments in two, so only the last argument's position is certain.
const lastU32 = (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.u32(args[args.length - 1]);
const lastSize = (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.size(args[args.length - 1]);
const lastU64 = (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.u64(args[args.length - 1]);
const WHENCE = ['SET', 'CUR', 'END'];
const OLD_WHENCE = ['CUR', 'END', 'SET'];
const FILESTAT_SIZE = 32; // offset of the file's size in a filestat
const OLD_FILESTAT_SIZE = 24;
const EBADF = 8;
const EINVAL = 28;

/** @param {number | bigint} address @param {number} offset */
const after = (address, offset) => (typeof address === 'bigint' ? address + BigInt(offset) : address + offset);

/** @param {any[]} args @param {string[]} whence */
function seek(args, whence) {
  const offset = typeof args[1] === 'bigint' ? args[1] : (args[1] >>> 0) + args[2] * 2 ** 32;
  return `${args[0]} ${whence[args[args.length - 2]]} ${offset}`;
}

/** @type {Record<string, Partial<Call>>} */
const files = {
  path_open: { given: pathAfterFlags, answer: lastU32 },
  path_filestat_get: { given: pathAfterFlags, answer: (guest, args) => guest.u64(after(args[4], FILESTAT_SIZE)) },
  path_filestat_set_times: { given: pathAfterFlags },
  path_create_directory: { given: path },
  path_remove_directory: { given: path },
  path_unlink_file: { given: path },
  // realpath() asks of each part of a path whether it is a link.
  path_readlink: { given: path, answer: (guest, args) => guest.text(args[3], guest.size(args[5])), probe: (result) => (result === EINVAL ? 'EINVAL (probe)' : undefined) },
  path_rename: { given: (guest, args) => `${guest.text(args[1], args[2])} -> ${guest.text(args[4], args[5])}` },
  path_link: { given: (guest, args) => `${guest.text(args[2], args[3])} -> ${guest.text(args[5], args[6])}` },
  path_symlink: { given: (guest, args) => `${guest.text(args[0], args[1])} -> ${guest.text(args[3], args[4])}` },
  fd_read: { answer: sizeAt(3), read: sizeAt(3) },
  fd_pread: { answer: lastSize, read: lastSize },
  fd_write: { answer: sizeAt(3), written: sizeAt(3) },
  fd_pwrite: { answer: lastSize, written: lastSize },
  fd_seek: { given: (_, args) => seek(args, WHENCE), answer: lastU64 },
  fd_tell: { answer: lastU64 },
  fd_readdir: { answer: lastSize },
  fd_filestat_get: { answer: (guest, args) => guest.u64(after(args[1], FILESTAT_SIZE)) },
  // A program asks for directories until there are no more, which is no error.
  fd_prestat_get: { probe: (result) => (result === EBADF ? 'EBADF (probe)' : undefined) },
  fd_prestat_dir_name: { answer: (guest, args) => guest.text(args[1], args[2]) },
  fd_renumber: { given: (_, args) => `${args[0]} -> ${args[1]}` },
};

/** @type {Record<string, Partial<Call>>} */
const others = {
  args_get: { category: 'PROCESS', given: undefined },
  args_sizes_get: { category: 'PROCESS', given: undefined, answer: sizeAt(0) },
  environ_get: { category: 'PROCESS', given: undefined },
  environ_sizes_get: { category: 'PROCESS', given: undefined, answer: sizeAt(0) },
  proc_exit: { category: 'PROCESS', error: undefined },
  proc_raise: { category: 'SIGNAL' },
  sched_yield: { category: 'SCHED', given: undefined },
  clock_time_get: { category: 'TIMER', answer: lastU64 },
  clock_res_get: { category: 'TIMER', answer: lastU64 },
  poll_oneoff: { category: 'TIMER', given: (_, args) => `${args[2]} subscriptions`, answer: sizeAt(3) },
  random_get: { category: 'SYSCALL', given: (_, args) => `${args[1]} bytes` },
  sock_recv: { category: 'IPC', answer: sizeAt(4), read: sizeAt(4) },
  sock_send: { category: 'IPC', answer: sizeAt(4), written: sizeAt(4) },
  sock_accept: { category: 'IPC', answer: u32At(2) },
  sock_shutdown: { category: 'IPC' },
};

const WITH_FD_ONLY = ['fd_advise', 'fd_allocate', 'fd_close', 'fd_datasync', 'fd_fdstat_get', 'fd_fdstat_set_flags',
  'fd_fdstat_set_rights', 'fd_filestat_set_size', 'fd_filestat_set_times', 'fd_sync'];

/** The arguments by name, for fields: see params.js. @type {Record<string, string>} */
const PARAMS = {
  args_get: '- -', args_sizes_get: '- -', environ_get: '- -', environ_sizes_get: '- -',
  clock_res_get: 'clock -', clock_time_get: 'clock precision -',
  fd_advise: 'fd offset len advice', fd_allocate: 'fd offset len', fd_close: 'fd', fd_datasync: 'fd', fd_fdstat_get: 'fd -',
  fd_fdstat_set_flags: 'fd flags', fd_fdstat_set_rights: 'fd rights_base rights_inheriting', fd_filestat_get: 'fd -',
  fd_filestat_set_size: 'fd size', fd_filestat_set_times: 'fd atim mtim flags', fd_pread: 'fd - iovs offset -',
  fd_prestat_get: 'fd -', fd_prestat_dir_name: 'fd - -', fd_pwrite: 'fd - iovs offset -', fd_read: 'fd - iovs -',
  fd_readdir: 'fd - len cookie -', fd_renumber: 'fd to', fd_seek: 'fd offset whence -', fd_sync: 'fd', fd_tell: 'fd -',
  fd_write: 'fd - iovs -',
  path_create_directory: 'fd path~', path_filestat_get: 'fd flags path~ -', path_filestat_set_times: 'fd flags path~ atim mtim fst_flags',
  path_link: 'old_fd old_flags old_path~ new_fd new_path~', path_open: 'fd dirflags path~ oflags rights_base rights_inheriting fdflags -',
  path_readlink: 'fd path~ - len -', path_remove_directory: 'fd path~', path_rename: 'fd old_path~ new_fd new_path~',
  path_symlink: 'old_path~ fd new_path~', path_unlink_file: 'fd path~',
  poll_oneoff: '- - subscriptions -', proc_exit: 'code', proc_raise: 'signal', random_get: '- len', sched_yield: '',
  sock_accept: 'fd flags -', sock_recv: 'fd - iovs flags - -', sock_send: 'fd - iovs flags -', sock_shutdown: 'fd how',
};

/** Differences of wasi_unstable: the values of whence, and the offset of a filestat's size. @type {Record<string, Partial<Call>>} */
const unstable = {
  fd_seek: { given: (_, args) => seek(args, OLD_WHENCE) },
  path_filestat_get: { answer: (guest, args) => guest.u64(after(args[4], OLD_FILESTAT_SIZE)) },
  fd_filestat_get: { answer: (guest, args) => guest.u64(after(args[1], OLD_FILESTAT_SIZE)) },
};

/** Whether a name is one of WASI's. @param {string} name */
export function isWasi(name) {
  return Object.hasOwn(files, name) || Object.hasOwn(others, name) || WITH_FD_ONLY.includes(name);
}

/** @param {any} result */
const error = (result) => (result ? errnoName(result) : undefined);

/** @param {string} name @param {string} module @returns {Call} */
export function wasiCall(name, module) {
  const known = { ...own(files, name), ...own(others, name), ...(module === 'wasi_unstable' ? own(unstable, name) : undefined) };
  return { category: 'FILE', given: fd, error, ...paramsOf(own(PARAMS, name) ?? ''), ...known };
}
