/**
 * Components (WASI preview 2) as jco runs them: several modules, linked with each other. One of them calls the host through
 * the table of a shim, which another fills with imports whose names are numbers. A number's real name is the name under
 * which the shim's function of that number was imported.
 */
import { own } from './own.js';

/** @typedef {import('./guest.js').Guest} Guest */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./wasi.js').Call} Call */
/** @typedef {{ module: string, key: string, session: Session }} Linked which module imported it, and under which name */

const TABLE = '$imports';
/** A shim's exports, by its table. @type {WeakMap<object, Record<string, any>>} */
const shims = new WeakMap();
/** By tracer: the names under which functions of instances were imported. @type {WeakMap<object, WeakMap<Function, Linked>>} */
const linked = new WeakMap();

/** @param {WebAssembly.Instance} instance a new one */
export function noticeShim(instance) {
  if (!(instance instanceof WebAssembly.Instance)) return;
  const { exports } = instance, table = own(exports, TABLE);
  if (table instanceof WebAssembly.Table) shims.set(table, exports);
}

/** @param {Function} item a function of another instance @param {Linked} as */
export function noticeLinked(item, as) {
  const { tracer } = as.session, known = linked.get(tracer) ?? new WeakMap();
  linked.set(tracer, known.set(item, as));
}

/** @param {any} items @returns {any} */
const tableOf = (items) => Object.getOwnPropertyDescriptor(Object(items), TABLE)?.value;

/**
 * The import that a number stands for.
 * @param {object} tracer @param {object} imports those of the module that fills the table @param {string} key
 * @returns {Linked | undefined}
 */
export function numbered(tracer, imports, key) {
  if (!/^\d+$/.test(key)) return undefined;
  try {
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(imports))) {
      const table = tableOf(value), item = table && shims.get(table)?.[key], found = item && linked.get(tracer)?.get(item);
      if (found) return found;
    }
  } catch {
    return undefined; // a Proxy of the caller may throw
  }
  return undefined;
}

/* ------------------------------------------------------------------ calls */

/** By the first words of an interface's name. @type {[prefix: string, category: Call['category']][]} */
const INTERFACES = [['filesystem/', 'FILE'], ['io/streams', 'FILE'], ['io/poll', 'TIMER'], ['clocks/', 'TIMER'], ['cli/', 'PROCESS'],
  ['random/', 'SYSCALL'], ['sockets/', 'IPC'], ['http/', 'IPC']];

const ERRORS = ['access', 'would-block', 'already', 'bad-descriptor', 'busy', 'deadlock', 'quota', 'exist', 'file-too-large', 'illegal-byte-sequence',
  'in-progress', 'interrupted', 'invalid', 'io', 'is-directory', 'loop', 'too-many-links', 'message-size', 'name-too-long', 'no-device', 'no-entry',
  'no-lock', 'insufficient-memory', 'insufficient-space', 'not-directory', 'not-empty', 'not-recoverable', 'unsupported', 'no-tty', 'no-such-device',
  'overflow', 'not-permitted', 'pipe', 'read-only', 'invalid-seek', 'text-file-busy', 'cross-device'];
const CLOSED = 1; // of a stream: it has ended, which is no error

/** The result is at the address in the last argument: whether it is an error, followed by the error code. @param {Guest} guest @param {any[]} args @param {number} offset */
function failure(guest, args, offset) {
  const at = args[args.length - 1];
  return guest.u8(at) === 0 ? undefined : guest.u8(at + offset);
}

/** @param {number} offset @returns {Call['failed']} */
const fileError = (offset) => (guest, args) => {
  const code = failure(guest, args, offset);
  return code === undefined ? undefined : ERRORS[code] ?? String(code);
};
/** @param {number} offset @returns {Call['failed']} */
const streamError = (offset) => (guest, args) => {
  const code = failure(guest, args, offset);
  return code === undefined || code === CLOSED ? undefined : 'last-operation-failed';
};
const path = (/** @type {number} */ index) => (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.text(args[index], args[index + 1]);
/** Bytes that a call moved, unless the stream is at its end. @param {Guest} guest @param {any[]} args @param {(at: number) => number} bytes */
const moved = (guest, args, bytes) => (guest.u8(args[args.length - 1]) === 0 ? bytes(args[args.length - 1]) : 0);
/** @param {Guest} guest @param {any[]} args */
const put = (guest, args) => moved(guest, args, () => args[2]);
/** @param {Guest} guest @param {any[]} args */
const got = (guest, args) => moved(guest, args, (at) => guest.u32(at + 8)); // a list is its address and length
/** @type {Partial<Call>} */
const writes = { given: (_, args) => String(args[0]), answer: put, written: put, failed: streamError(4) };
/** @type {Partial<Call>} */
const reads = { given: (_, args) => String(args[0]), answer: got, read: got, failed: streamError(4) };
/** @param {number} offset @param {Partial<Call>} [more] @returns {Partial<Call>} */
const file = (offset, more) => ({ given: (_, args) => String(args[0]), failed: fileError(offset), ...more });

/** @type {Record<string, Partial<Call>>} */
const calls = {
  'descriptor.open-at': file(4, { given: path(2) }),
  'descriptor.stat-at': file(8, { given: path(2) }),
  'descriptor.metadata-hash-at': file(8, { given: path(2) }),
  'descriptor.readlink-at': file(4, { given: path(1) }),
  'descriptor.create-directory-at': file(1, { given: path(1) }),
  'descriptor.remove-directory-at': file(1, { given: path(1) }),
  'descriptor.unlink-file-at': file(1, { given: path(1) }),
  'descriptor.rename-at': file(1, { given: (guest, args) => `${guest.text(args[1], args[2])} -> ${guest.text(args[4], args[5])}` }),
  'descriptor.symlink-at': file(1, { given: (guest, args) => `${guest.text(args[1], args[2])} -> ${guest.text(args[3], args[4])}` }),
  'descriptor.stat': file(8), 'descriptor.get-type': file(1), 'descriptor.get-flags': file(1), 'descriptor.sync': file(1),
  'descriptor.sync-data': file(1), 'descriptor.set-size': file(1), 'descriptor.read-directory': file(4),
  'descriptor.read-via-stream': file(4), 'descriptor.write-via-stream': file(4), 'descriptor.append-via-stream': file(4),
  'output-stream.write': writes, 'output-stream.blocking-write-and-flush': writes,
  'output-stream.flush': { failed: streamError(4) }, 'output-stream.blocking-flush': { failed: streamError(4) },
  'output-stream.check-write': { failed: streamError(8) },
  'input-stream.read': reads, 'input-stream.blocking-read': reads,
};

/** "[method]descriptor.open-at" without WIT's prefix, which only drops of handles keep. @param {string} key */
export const plainName = (key) => key.replace(/^\[(method|static)\]/, '');

/** @param {string} module @param {string} name @returns {Partial<Call> | undefined} */
export function componentCall(module, name) {
  const [, interface_] = /^wasi:([^@]*)/.exec(module) ?? [];
  if (interface_ === undefined) return undefined;
  const category = INTERFACES.find(([prefix]) => interface_.startsWith(prefix))?.[1] ?? 'CUSTOM';
  return { category, ...own(calls, name) };
}
