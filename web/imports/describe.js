/** A call's detail, fields, and byte counts for the trace. Whatever could not be read is left out. */
import { asJson } from '../record/fields.js';
import { UNREADABLE } from './guest.js';

/** @typedef {import('./session.js').Session} Session */

/** @typedef {import('./wrap.js').Subject} Subject */

/** If reading failed because there is no memory, it is not tried again until there is one. @param {Session} session @param {Subject} subject @param {unknown} error */
function missed(session, subject, error) {
  if (error === UNREADABLE) subject.blind = session.sayUnreadable();
}

/** Whether the subject's memory can be read, as far as that is known. @param {Session} session @param {Subject} subject */
export function sighted(session, subject) {
  if (subject.blind) subject.blind = session.finder.find() === undefined;
  return !subject.blind;
}

/**
 * The arguments as text; undefined if they cannot be read.
 * @param {Session} session @param {Subject} subject @param {any[]} args
 */
export function givenOf(session, subject, args) {
  session.guest.begin();
  try {
    return String(subject.call.given?.(session.guest, args) ?? '');
  } catch (error) {
    missed(session, subject, error);
    return undefined; // a description given by the caller may throw anything
  }
}

/**
 * The arguments and the outcome as text; undefined if either cannot be read.
 * @param {Session} session @param {Subject} subject @param {any[]} args @param {any} result
 * @param {string | undefined} failure @param {string} [before] the arguments, if they were read before the call
 */
export function detailOf(session, subject, args, result, failure, before) {
  if (before !== undefined) session.guest.begin(); // the memory may have changed since
  const text = before ?? givenOf(session, subject, args);
  if (text === undefined) return undefined;
  try {
    const answer = failure ?? subject.call.answer?.(session.guest, args, result);
    if (answer === undefined) return text;
    return text ? `${text} = ${answer}` : `= ${answer}`;
  } catch (error) {
    missed(session, subject, error);
    return undefined;
  }
}

/** @param {number | undefined} count */
const sound = (count) => (count !== undefined && count > 0 && count <= Number.MAX_SAFE_INTEGER ? count : 0);

/** @param {Session} session @param {Subject} subject @param {any[]} args @param {any} result */
export function countBytes(session, subject, args, result) {
  const { read, written } = subject.call;
  try {
    const got = sound(read?.(session.guest, args, result)), put = sound(written?.(session.guest, args, result));
    if (got || put) session.tracer.io(got, put);
  } catch (error) {
    missed(session, subject, error);
  }
}

/* ----------------------------------------------------------------- as fields */

/**
 * The arguments by the names in the call's table entry; undefined if it has none, or they cannot be read.
 * @param {Session} session @param {Subject} subject @param {any[]} args
 * @returns {import('../record/fields.js').Fields | undefined}
 */
export function argsOf(session, subject, args) {
  const { params, arity } = subject.call;
  if (!params || args.length !== arity) return undefined; // 64-bit arguments may have been split in two
  try {
    const values = [];
    for (let i = 0; i < params.length; i++) values.push(params[i].value(session.guest, args));
    return { keys: params, values };
  } catch (error) {
    missed(session, subject, error);
    return undefined;
  }
}

/**
 * The result as JSON; for a failed call, {"error": its name}.
 * @param {Session} session @param {Subject} subject @param {any[]} args @param {any} result @param {string | undefined} failure
 */
export function resultOf(session, subject, args, result, failure) {
  if (failure !== undefined) return `{"error":${JSON.stringify(failure)}}`;
  if (!subject.call.answer) return undefined;
  try {
    return asJson(subject.call.answer(session.guest, args, result));
  } catch (error) {
    missed(session, subject, error);
    return undefined;
  }
}

/** A thrown value, as a result in JSON. @param {unknown} thrown */
export function errorOf(thrown) {
  try {
    return `{"error":${JSON.stringify(String(/** @type {any} */ (thrown)?.message ?? thrown))}}`;
  } catch {
    return undefined; // it may be anything, and may throw when inspected
  }
}
