/** How files are read: the page's own modules in real Chromium, on files of this disk. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openPage } from '../support/browser.js';
import { GUARD_MS } from '../support/machine.js';

const BYTES = 40e6 + 123;
const bytes = new Uint8Array(BYTES);
for (let at = 0; at < BYTES; at++) bytes[at] = at * 7 + (at >>> 12);

let /** @type {any} */ served, /** @type {any} */ page, directory = '', path = '';

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ringscope-reading-'));
  path = join(directory, 'file');
  served = await openPage();
  page = served.page;
});
after(async () => {
  await served.end();
  rmSync(directory, { recursive: true, force: true });
});

/** A page that has chosen a new file of BYTES. */
async function chosen() {
  writeFileSync(path, bytes);
  await page.setContent('<input type="file">');
  await page.setInputFiles('input', path);
}

/**
 * Runs in a worker of that page, with the file and the module of bytes.js.
 * @param {(file: File, bytes: any, input: any) => Promise<unknown>} work @param {unknown} [input]
 */
const inWorker = (work, input) => page.evaluate(([/** @type {string} */ code, /** @type {unknown} */ given]) => new Promise((resolve, reject) => {
  const source = `onmessage = async ({ data: [url, file, input] }) => {
    try { postMessage({ result: await (${code})(file, await import(url), input) }); } catch (error) { postMessage({ error: String(error) }); } }`;
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })), { type: 'module' });
  worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.result));
  worker.postMessage([`${location.origin}/build/web/inspector/trace/bytes.js`, /** @type {any} */ (document.querySelector('input')).files[0], given]);
}), [String(work), input]);

test('from end to beginning at two places, nearly all is read ahead', async () => {
  await chosen();
  const { wrong, now } = await inWorker(async (file, { BlobBytes }) => {
    const bytes = new BlobBytes(file), to = new Uint8Array(100_000);
    let now = 0, wrong = 0;
    const { reader } = bytes;
    bytes.reader = { readAsArrayBuffer: (/** @type {Blob} */ blob) => (now++, reader.readAsArrayBuffer(blob)) };
    for (let step = 1; step * to.length < file.size / 2; step++) {
      for (const end of [file.size, Math.floor(file.size / 2)]) {
        const from = end - step * to.length;
        wrong += Number(!bytes.read(from, to));
        for (let i = 0; i < to.length; i++) wrong += Number(to[i] !== (((from + i) * 7 + ((from + i) >>> 12)) & 0xff));
      }
      if (step % 5 === 0) await bytes.ahead();
    }
    return { wrong, now };
  });
  assert.equal(wrong, 0);
  assert.ok(now <= 6, `${now} blocks of ${Math.ceil(BYTES / (512 << 10))} were read when they were wanted`);
});

test('what has been cut off meanwhile cannot be read, and is no news to reading ahead', async () => {
  await chosen();
  truncateSync(path, 1000);
  assert.deepEqual(await inWorker(async (file, { BlobBytes }) => {
    const bytes = new BlobBytes(file), to = new Uint8Array(10);
    const read = bytes.read(30e6, to);
    bytes.recent.add(50);
    await bytes.ahead();
    return [read, bytes.next.size, bytes.read(20e6, to)];
  }), [false, 0, false]);
});

test('a file is read from beginning to end while the browser collects garbage', { timeout: GUARD_MS }, async () => {
  await chosen();
  const session = await page.context().newCDPSession(page);
  let ended = false;
  const reading = page.evaluate(async () => {
    const { filled } = await import(`${location.origin}/build/web/inspector/trace/bytes.js`);
    const file = /** @type {any} */ (document.querySelector('input')).files[0];
    const sums = [];
    for (let turn = 0; turn < 20; turn++) {
      let at = 0, wrong = 0, room = new ArrayBuffer(1 << 20);
      for await (const piece of filled(file, () => room)) {
        for (let i = 0; i < piece.length; i += 997) wrong += Number(piece[i] !== (((at + i) * 7 + ((at + i) >>> 12)) & 0xff));
        at += piece.length;
        room = piece.buffer;
      }
      sums.push(at - file.size + wrong);
    }
    return sums;
  }).finally(() => (ended = true));
  while (!ended) await session.send('HeapProfiler.collectGarbage');
  assert.deepEqual(await reading, Array(20).fill(0));
});
