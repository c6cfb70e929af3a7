/**
 * Waits for something to become true soon: since a page works in steps, one reading is never enough. A reading that
 * fails (a cell that is not drawn yet, an element between two states) means "not yet". Readings are counted, not
 * seconds: on a busy machine both get slow.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

const READINGS = 3000;
const PAUSE_MS = 20;

/** Reads until the value is as expected. @param {() => unknown} read @param {unknown} expected */
export async function soon(read, expected) {
  for (let readings = 1; readings < READINGS; readings++) {
    try {
      assert.deepEqual(await read(), expected);
      return;
    } catch {
      await sleep(PAUSE_MS);
    }
  }
  assert.deepEqual(await read(), expected);
}
