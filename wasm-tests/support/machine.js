/** What the machine can do, found out by doing it; native-tests/probe has the rest of the probes. */
import { spawnSync } from 'node:child_process';

/** A guard against hanging, not a limit: no machine, however busy, is to run into it. What waits for good fails with it. */
export const GUARD_MS = 4 * 60 * 1000;

/** @type {Record<string, () => boolean>} */
const probes = {
  // Chromium's needs a user other than root, who may make namespaces of users.
  sandbox: () => process.getuid?.() !== 0 && spawnSync('unshare', ['--user', 'true']).status === 0,
};

/** Whether RINGSCOPE_TEST_LACKS or RINGSCOPE_TEST_HAS names it. @param {string} variable @param {string} name */
const listed = (variable, name) => (process.env[variable] ?? '').split(/[ ,]+/).includes(name);

/** @param {string} name of a probe */
export function has(name) {
  if (listed('RINGSCOPE_TEST_HAS', name)) return true;
  return !listed('RINGSCOPE_TEST_LACKS', name) && probes[name]();
}
