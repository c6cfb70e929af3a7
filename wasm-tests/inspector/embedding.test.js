/** <ringscope-inspector> as a part of another page, whose keys, address and styles stay its own. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';
import { ToyKernel } from '../support/tracer.js';

const HOST = `<!doctype html><html lang="en"><title>host</title>
<style>* { color: rgb(255, 0, 0); letter-spacing: 7px; } ringscope-inspector { --bg: rgb(255, 0, 0); --fg: red; text-transform: uppercase; width: 900px; height: 600px; } td { padding: 50px; }</style>
<script type="module" src="/inspector.js"></script>
<p id="text" contenteditable>text</p><textarea id="area"></textarea><button id="button">button</button>
<div id="first"><ringscope-inspector id="one" toy></ringscope-inspector></div><div id="second"></div>`;

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;
before(async () => {
  const kernel = await ToyKernel.boot({ seed: 1, capacityEvents: 20000 });
  kernel.tracer.enable();
  while (kernel.step());
  site = await openSite({ '/demo.ring': kernel.tracer.save(), '/host.html': Buffer.from(HOST) });
  ({ page } = site);
});
after(() => site?.end());

const ADDRESS = '/host.html?trace=/missing.ring#hide=FILE';
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
  await page.goto(`${site.origin}${ADDRESS}`);
  await page.waitForFunction(() => document.querySelector('#one').view);
});

const one = (/** @type {string} */ read) => page.evaluate(`(${read})(document.querySelector('#one'))`);
const open = () => page.evaluate(async () => document.querySelector('#one').open(await (await fetch('/demo.ring')).blob(), 'demo.ring'));
const span = () => one('({ view }) => view.window.toNs - view.window.fromNs');

test('keys are taken only while the focus is inside, and never from who writes', async () => {
  await open();
  const before_ = await span();
  for (const id of ['text', 'area']) {
    await page.focus(`#${id}`);
    await page.keyboard.type('wasd? 1f');
  }
  await page.focus('#button');
  await page.keyboard.press('w');
  assert.match(await page.textContent('#text'), /wasd\? 1f/);
  assert.equal(await page.inputValue('#area'), 'wasd? 1f');
  assert.equal(await span(), before_);
  assert.equal(await one('({ settings }) => settings.hidden.size'), 0);
  await page.locator('#one .area').focus();
  await page.keyboard.press('w');
  await soon(async () => (await span()) < before_, true);
});

test('a key that means something here is no shortcut of the host’s as well; Esc is, when there is nothing to close', async () => {
  await open();
  const keys = () => page.evaluate(() => globalThis.keys.splice(0).join(' '));
  await page.evaluate(() => {
    globalThis.keys = [];
    document.addEventListener('keydown', ({ key }) => globalThis.keys.push(key));
  });
  await page.locator('#one .area').focus();
  for (const key of ['w', '1', 'j', 'Control+k']) await page.keyboard.press(key);
  assert.equal(await keys(), 'j Control k');
  await page.keyboard.press('?');
  await page.locator('#one dialog.keys[open]').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#one #find').focus();
  await page.keyboard.type('read');
  await page.keyboard.press('Escape');
  assert.equal(await keys(), '');
  await page.evaluate(() => document.querySelector('#one').select(5));
  await page.locator('#one .area').focus();
  await page.keyboard.press('Escape');
  await soon(() => one('({ selected }) => selected'), null);
  assert.equal(await keys(), '');
  await page.evaluate(() => {
    const dialog = document.body.appendChild(document.createElement('dialog'));
    dialog.append(document.querySelector('#one'));
    dialog.showModal();
  });
  await page.locator('#one .area').focus();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('dialog').open);
  assert.equal(await keys(), 'Escape');
});

test('a file that is dragged across is asked for as long as it is above; text goes to fields', async () => {
  const drag = (/** @type {string} */ type, /** @type {string} */ onto, file = true) => page.evaluate(([kind, query, holdsFile]) => {
    const dataTransfer = new DataTransfer();
    if (holdsFile) dataTransfer.items.add(new File(['x'], 'x.ring'));
    else dataTransfer.setData('text/plain', 'read');
    const target = document.querySelector('#one').shadowRoot.querySelector(query);
    const relatedTarget = kind === 'dragleave' ? document.querySelector('#text') : null;
    return target.dispatchEvent(new DragEvent(kind, { dataTransfer, relatedTarget, bubbles: true, composed: true, cancelable: true }));
  }, [type, onto, file]);
  await open();
  assert.equal(await drag('dragover', '#find', false), true, 'the field takes text');
  assert.equal(await drag('dragover', '#find'), false, 'the page takes files');
  await page.locator('#one .drop').waitFor();
  await drag('dragleave', '#find');
  await soon(() => page.locator('#one .drop').count(), 0);
});

test('the script may be there twice', async () => {
  await page.evaluate(() => import(/* a URL of its own */ '/inspector.js?again'));
  await open();
  assert.deepEqual(site.complaints, []);
});

test('the address is the host’s: neither read nor written', async () => {
  assert.equal(await one('({ message }) => message'), null, 'what the host calls "trace" is not opened');
  await open();
  assert.equal(await one('({ settings }) => settings.hidden.size'), 0);
  await page.locator('#one .area').focus();
  await page.keyboard.press('w');
  await page.click('#one >> #tab-events');
  await page.waitForTimeout(400); // longer than the page waits before it writes
  assert.equal(page.url(), `${site.origin}${ADDRESS}`);
  await page.click('#one >> #tab-notes');
  await page.locator('#one').getByText('No notes yet').waitFor();
  assert.equal(await page.locator('#one').getByText('link', { exact: false }).count(), 0, 'no link leads here');
});

test('a host that writes from right to left, or hides the element', async () => {
  await open();
  const look = () => one('({ shadowRoot }) => { const { direction, visibility } = getComputedStyle(shadowRoot.querySelector(".page")); return `${direction} ${visibility}`; }');
  await page.evaluate(() => (document.documentElement.dir = 'rtl'));
  assert.equal(await look(), 'ltr visible');
  await page.evaluate(() => (document.querySelector('#first').style.visibility = 'hidden'));
  assert.equal(await look(), 'ltr hidden');
});

test('no style of the host reaches inside', async () => {
  await open();
  const styles = await one(`(element) => {
    const within = (query) => getComputedStyle(element.shadowRoot.querySelector(query));
    const { color, letterSpacing, textTransform, backgroundColor } = within('.page');
    return { color, letterSpacing, textTransform, backgroundColor, button: within('button').letterSpacing };
  }`);
  assert.deepEqual(styles, { color: 'rgb(27, 31, 36)', letterSpacing: 'normal', textTransform: 'none', backgroundColor: 'rgb(255, 255, 255)', button: 'normal' });
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('#text')).color), 'rgb(255, 0, 0)', 'nor one of ours outside');
});

test('without a height of the host’s, it has one of its own, whatever is shown', async () => {
  await open();
  await page.evaluate(() => (document.querySelector('#one').style.height = 'auto'));
  const heights = new Set();
  for (const tab of ['overview', 'table', 'tree', 'events', 'notes']) {
    await page.click(`#one >> #tab-${tab}`);
    await soon(() => one(`({ isUpdatePending, shadowRoot }) => !isUpdatePending && shadowRoot.querySelector('#tab-${tab}').ariaSelected`), 'true');
    if (tab === 'events') await page.locator('#one .row').nth(5).click();
    heights.add(await one('({ offsetHeight }) => offsetHeight'));
  }
  const [height, ...others] = heights;
  assert.deepEqual(others, []);
  assert.ok(height > 500 && height < 900, `${height}`);
});

for (const scaled of ['transform: scale(0.5)', 'zoom: 1.3'])
  test(`the pointer is where it is seen, in a host with ${scaled}`, async () => {
    await open();
    await page.evaluate((css) => (document.querySelector('#first').style.cssText = `transform-origin: 0 0; ${css}`), scaled);
    await page.locator('#one .area').hover({ position: { x: 10, y: 10 } });
    const part = () => one(`({ view }) => {
      const { pointer, window: { fromNs, toNs } } = view.state;
      return Math.round(((pointer.timeNs - fromNs) / (toNs - fromNs)) * 100);
    }`);
    const box = await page.locator('#one .area').boundingBox();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 5);
    await soon(part, 75);
    const divider = await page.locator('#one .divider').boundingBox();
    await page.mouse.move(divider.x + 50, divider.y + 2);
    await page.mouse.down();
    await page.mouse.move(divider.x + 50, divider.y + 32);
    await page.mouse.up();
    await soon(async () => Math.abs((await page.locator('#one .divider').boundingBox()).y - (divider.y + 30)) < 10, true);
  });

test('the element moves within the document, and keeps its trace', async () => {
  await open();
  await page.evaluate(() => document.querySelector('#second').append(document.querySelector('#one')));
  await page.waitForTimeout(500); // longer than it takes until the element counts as gone for good
  assert.ok(await one('({ trace }) => trace?.overview.events > 1000'));
  const before_ = await span();
  await page.locator('#one .area').focus();
  await page.keyboard.press('w');
  await soon(async () => (await span()) < before_, true);
  await soon(() => page.workers().length, 1);
});

test('taken out, it ends its worker and its view; put back, it opens traces as before', async () => {
  await open();
  await soon(() => page.workers().length, 1);
  await page.evaluate(() => {
    globalThis.kept = document.querySelector('#one');
    globalThis.kept.remove();
  });
  await page.waitForFunction(() => globalThis.kept.view === null && globalThis.kept.trace === null);
  await soon(() => page.workers().length, 0);
  await soon(() => page.evaluate(() => globalThis.kept.shadowRoot.querySelector('.timeline').childElementCount), 0);
  await page.evaluate(() => document.querySelector('#second').append(globalThis.kept));
  await open();
  await page.waitForFunction(() => document.querySelector('#one').view && document.querySelector('#one').trace);
  await page.locator('#one .label').first().waitFor();
});

test('a tracer is attached before the element is in the document; several elements show it', async () => {
  await page.evaluate(async () => {
    const element = document.querySelector('#one');
    await element.startToy();
    const { tracer } = element.toyKernel.kernel;
    const other = document.createElement('ringscope-inspector');
    other.id = 'other';
    await other.attach(tracer, 'early');
    document.querySelector('#second').append(other);
  });
  await page.locator('#other .label').first().waitFor();
  await page.waitForFunction(() => document.querySelector('#other').trace?.overview.events > 100);
  assert.deepEqual(site.complaints, []);
});

test('a trace that grows is saved in the form that is asked for', async () => {
  await page.evaluate(() => document.querySelector('#one').startToy());
  await page.waitForFunction(() => document.querySelector('#one').trace?.overview.events > 100);
  const saved = await page.evaluate(async () => {
    const { trace } = document.querySelector('#one');
    const text = async (format) => new TextDecoder('latin1').decode(await (await trace.save(format)).arrayBuffer());
    return { ring: await text('ring'), bare: await text('bare'), chrome: await text('chrome'), perfetto: await text('perfetto') };
  });
  assert.deepEqual([saved.ring.slice(0, 7), saved.bare.slice(0, 7)], ['RINGSCP', 'RINGSCP']);
  assert.ok(saved.ring.includes('/etc/') && !saved.bare.includes('/etc/'), 'paths are details');
  assert.ok(JSON.parse(saved.chrome).traceEvents.length > 100);
  assert.equal(saved.perfetto.charCodeAt(0), 10, 'packets');
});

test('what is not a tracer, or not a file, is named', async () => {
  const failing = (/** @type {string} */ call) => page.evaluate(`(async (element) => { try { await element.${call}; } catch (error) { return error.message; } })(document.querySelector('#one'))`);
  assert.match(await failing('attach()'), /attach\(\) expects a Tracer.*but got undefined/);
  assert.match(await failing('attach({})'), /but got Object/);
  assert.match(await failing('attach("tracer")'), /but got string/);
  assert.match(await failing('open("demo.ring")'), /open\(\) expects a Blob or a File, but got string/);
});
