/** Rows that compare the module with the same C code built natively, which is measured in the same run. */
import { execFileSync } from 'node:child_process';
import { inProject, nativeProgram } from '../support/paths.js';
import { compare } from './harness.js';

/** Recording alone, with a variable as the clock: what the kernel of a program with a clock of its own does.
 * @param {any} loops @returns {import('./harness.js').Row[]} */
export function nativeRows(loops) {
  const natively = () => JSON.parse(execFileSync(inProject('build/native/bench_native'), ['--only', 'kernel_time.event', '--json'], { encoding: 'utf8' }));
  return [
    { bench: 'kernel_time.native', unit: 'ns', of: 'native', bound: 'ratio', limit: 2.2, measure: async () => {
      const { value, spread } = await compare(loops.bench_own_clock_event);
      return { value, spread, ratio: value / natively().value };
    } },
  ];
}

/** The slowest of the windows that module_alone.js draws, natively, in ms. @param {string} path of an image */
export const slowestWindowNatively = (path) => Number(execFileSync(nativeProgram('tests/slowest_window'), [path], { encoding: 'utf8' }));
