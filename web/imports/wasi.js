/** What the calls of WASI preview 1 are about, and what they say. */
import { errnoName } from './errno.js';

/** @typedef {import('./guest.js').Guest} Guest */

/**
 * @typedef {object} Call
 * @property {string} category
 * @property {(guest: Guest, args: any[]) => string} [given] the arguments, as text
 * @property {(guest: Guest, args: any[], result: any) => string | number} [answer] what came back, of a call that succeeded
 * @property {(guest: Guest, args: any[], result: any) => number} [read] bytes
 * @property {(guest: Guest, args: any[], result: any) => number} [written] bytes
 * @property {(result: any) => string | undefined} [error] its name, if the result is one
 * @property {boolean} [leaves] it ends by an exception that is no error
 */

const fd = (/** @type {Guest} */ _, /** @type {any[]} */ args) => String(args[0]);
const path = (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.text(args[1], args[2]);
const pathAfterFlags = (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.text(args[2], args[3]);
const u32At = (/** @type {number} */ index) => (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.u32(args[index]);
// Where Emscripten splits 64-bit arguments in two, only the last one's place is sure.
const lastU32 = (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.u32(args[args.length - 1]);
const lastU64 = (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.u64(args[args.length - 1]);
const WHENCE = ['SET', 'CUR', 'END'];

/** @param {Guest} _ @param {any[]} args */
function seek(_, args) {
  const offset = typeof args[1] === 'bigint' ? args[1] : (args[1] >>> 0) + args[2] * 2 ** 32;
  return `${args[0]} ${WHENCE[args[args.length - 2]]} ${offset}`;
}

/** @type {Record<string, Partial<Call>>} */
const files = {
  path_open: { given: pathAfterFlags, answer: lastU32 },
  path_filestat_get: { given: pathAfterFlags, answer: (guest, args) => guest.u64(args[4] + 32) },
  path_filestat_set_times: { given: pathAfterFlags },
  path_create_directory: { given: path },
  path_remove_directory: { given: path },
  path_unlink_file: { given: path },
  path_readlink: { given: path, answer: (guest, args) => guest.text(args[3], guest.u32(args[5])) },
  path_rename: { given: (guest, args) => `${guest.text(args[1], args[2])} -> ${guest.text(args[4], args[5])}` },
  path_link: { given: (guest, args) => `${guest.text(args[2], args[3])} -> ${guest.text(args[5], args[6])}` },
  path_symlink: { given: (guest, args) => `${guest.text(args[0], args[1])} -> ${guest.text(args[3], args[4])}` },
  fd_read: { answer: u32At(3), read: u32At(3) },
  fd_pread: { answer: lastU32, read: lastU32 },
  fd_write: { answer: u32At(3), written: u32At(3) },
  fd_pwrite: { answer: lastU32, written: lastU32 },
  fd_seek: { given: seek, answer: lastU64 },
  fd_tell: { answer: lastU64 },
  fd_readdir: { answer: u32At(4) },
  fd_filestat_get: { answer: (guest, args) => guest.u64(args[1] + 32) },
  fd_prestat_dir_name: { answer: (guest, args) => guest.text(args[1], args[2]) },
  fd_renumber: { given: (_, args) => `${args[0]} -> ${args[1]}` },
};

/** @type {Record<string, Partial<Call>>} */
const others = {
  args_get: { category: 'PROCESS', given: undefined },
  args_sizes_get: { category: 'PROCESS', given: undefined, answer: u32At(0) },
  environ_get: { category: 'PROCESS', given: undefined },
  environ_sizes_get: { category: 'PROCESS', given: undefined, answer: u32At(0) },
  proc_exit: { category: 'PROCESS', leaves: true },
  proc_raise: { category: 'SIGNAL' },
  sched_yield: { category: 'SCHED', given: undefined },
  clock_time_get: { category: 'TIMER', answer: lastU64 },
  clock_res_get: { category: 'TIMER', answer: lastU64 },
  poll_oneoff: { category: 'TIMER', given: (_, args) => `${args[2]} subscriptions`, answer: u32At(3) },
  random_get: { category: 'SYSCALL', given: (_, args) => `${args[1]} bytes` },
  sock_recv: { category: 'IPC', answer: u32At(4), read: u32At(4) },
  sock_send: { category: 'IPC', answer: u32At(4), written: u32At(4) },
  sock_accept: { category: 'IPC', answer: u32At(2) },
  sock_shutdown: { category: 'IPC' },
};

const WITH_FD_ONLY = ['fd_advise', 'fd_allocate', 'fd_close', 'fd_datasync', 'fd_fdstat_get', 'fd_fdstat_set_flags',
  'fd_fdstat_set_rights', 'fd_filestat_set_size', 'fd_filestat_set_times', 'fd_prestat_get', 'fd_sync'];

/** Whether a name is one of WASI's, wherever it is imported from. @param {string} name */
export function isWasi(name) {
  return name in files || name in others || WITH_FD_ONLY.includes(name);
}

/** @param {any} result */
const error = (result) => (result ? errnoName(result) : undefined);

/** @param {string} name @returns {Call} */
export function wasiCall(name) {
  return { category: 'FILE', given: fd, error, ...files[name], ...others[name] };
}
