/** The tests' own servers: a request is always answered, because otherwise a test would wait until its guard ends
 * it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from './support/browser.js';
import { serveSite } from './support/site.js';

/** @param {{ origin: string, close: () => void }} server @param {string} path */
async function statusOf({ origin, close }, path) {
  try {
    return (await fetch(origin + path, { headers: { connection: 'close' } })).status;
  } finally {
    close();
  }
}

test('a folder is not found', async () => {
  assert.equal(await statusOf(await serve(), '/web/inspector/'), 404);
});

test('a file is served, also one given by a test', async () => {
  assert.equal(await statusOf(await serve(), '/web/inspector/package.json'), 200);
  assert.equal(await statusOf(await serveSite(new Map([['/a.ring', new Uint8Array(1)]])), '/a.ring'), 200);
});
