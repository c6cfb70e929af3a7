/** Every format that the page opens: drops a small file of each on it, and checks its name, its events and its
 * notes. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';
import { ToyKernel } from '../support/tracer.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

before(async () => {
  site = await openSite({});
  ({ page } = site);
  await page.goto(site.origin);
  await page.waitForSelector('text=Drop a trace here');
});
after(() => site?.end());

/** @param {string} name @param {Uint8Array} bytes */
const drop = (name, bytes) => page.evaluate(([title, numbers]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(numbers)], title));
  const target = document.querySelector('ringscope-inspector').shadowRoot.querySelector('.page');
  target.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
}, /** @type {const} */ ([name, [...bytes]]));

const shown = () => page.evaluate(() => {
  const { trace } = document.querySelector('ringscope-inspector');
  return { title: trace.overview.title, events: trace.overview.events, notes: trace.overview.notes };
});

async function image() {
  const kernel = await ToyKernel.boot({ seed: 1, capacityEvents: 64 });
  kernel.tracer.enable();
  while (kernel.step());
  return { bytes: kernel.tracer.save(), events: kernel.tracer.events().length };
}

const EVENT = '{"ph":"X","pid":1,"tid":1,"ts":1,"dur":2,"name":"a"}';
const PROFILE = '{"nodes":[{"id":1,"callFrame":{"functionName":"f"}}],"startTime":0,"samples":[1,1],"timeDeltas":[5,5]}';
/** A Perfetto packet: field 1, with the time and an instant on track 5. */
const PACKET = [0x0a, 0x0d, 0x40, 0x64, 0x5a, 0x09, 0x48, 0x03, 0x58, 0x05, 0xba, 0x01, 0x02, 0x68, 0x69];

/** The dropped file, its number of events, and the notes on it.
 * @type {[string, string | Uint8Array, number, string[]][]} */
const FILES = [
  ['chrome.json', `[${EVENT},${EVENT}`, 2, []],
  ['chrome.json.gz', gzipSync(`{"traceEvents":[${EVENT}]} x`), 1, ['There is more text after the end of the trace (in event 1 at byte 71)']],
  ['perfetto.pftrace', new Uint8Array(PACKET), 1, []],
  ['strace.txt', '7 1700000000.000001 close(3) = 0 <0.000005>\n7 1700000000.000009 close(3) = 0 <0.000005>\n', 2, []],
  ['ftrace.txt', '  a-7  [001] d..2.  100.000001: sched_wakeup: pid=5\n  a-7  [001] d..2.  100.000002: sched_wakeup: pid=5\n', 2, []],
  ['perf.txt', 'app 7 100.000001: 1 cycles: \n\t1a f (/bin/app)\n\t1b main (/bin/app)\n\n', 2, []],
  ['folded.txt', 'main;f 3\nmain 2\n', 2, ['Folded stacks have no times: 1 ns stands for a weight of 1']],
  ['node.cpuprofile', PROFILE, 1, []],
];

test('a file of each format opens where it is dropped, with its events and its notes', async () => {
  for (const [title, content, events, notes] of FILES) {
    await drop(title, typeof content === 'string' ? Buffer.from(content) : content);
    await soon(shown, { title, events, notes });
  }
  const own = await image();
  await drop('own.ring', own.bytes);
  await soon(async () => {
    const { title, events } = await shown();
    return { title, events };
  }, { title: 'own.ring', events: own.events });
  assert.deepEqual(site.complaints, []);
});

test('what is no trace is called by its name', async () => {
  const words = () => page.evaluate(() => document.querySelector('ringscope-inspector').shadowRoot.querySelector('[role=alert]').textContent.includes('This is a package.json, not a trace'));
  await drop('package.json', Buffer.from('{"name":"x","version":"1","private":true}'));
  await soon(words, true);
});
