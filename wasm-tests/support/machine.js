/** What the machine can do, found out by trying it; the other probes are in native-tests/probe. */
import { spawnSync } from 'node:child_process';

/** A guard against hanging, not a limit: no machine should reach it, however busy. A test that waits forever fails by
 * it. */
export const GUARD_MS = 4 * 60 * 1000;

/** @type {Record<string, () => boolean>} */
const probes = {
  // Chromium's sandbox needs a user other than root, who may create user namespaces.
  sandbox: () => process.getuid?.() !== 0 && spawnSync('unshare', ['--user', 'true']).status === 0,
};

/** Whether RINGSCOPE_TEST_LACKS or RINGSCOPE_TEST_HAS names it. @param {string} variable @param {string} name */
const listed = (variable, name) => (process.env[variable] ?? '').split(/[ ,]+/).includes(name);

/** @param {string} name of a probe */
export function has(name) {
  if (listed('RINGSCOPE_TEST_HAS', name)) return true;
  return !listed('RINGSCOPE_TEST_LACKS', name) && probes[name]();
}
