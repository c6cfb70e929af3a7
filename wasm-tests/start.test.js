/** From a clean folder to a first event, following only README.md: its blocks "test=emcc", "test=node" and
 * "test=page". */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { launch } from './support/browser.js';
import { pack } from './support/package.js';
import { inProject } from './support/paths.js';

before(() => pack(inProject('build/packages')));

/** Runs README.md's commands; with "files" it only writes the files of README.md. @param {any} t
 * @param {string[]} args */
function start(t, name, ...args) {
  const directory = mkdtempSync(join(tmpdir(), 'ringscope-start-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const script = [inProject('native-tests/consumer/start.sh'), name, inProject('.').replace(/\/$/, ''), directory, ...args];
  return { directory, printed: execFileSync('sh', script, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }) };
}

for (const name of ['emcc', 'node'])
  test(`${name}: at most three commands to a first event`, (t) => {
    assert.match(start(t, name).printed, /^FILE open \/etc\/passwd$/m);
  });

/** The address that Python's server prints: the whole line, because the server ends if it cannot write its last byte.
 * @param {import('node:child_process').ChildProcess} server */
async function addressOf(server) {
  let text = '';
  for await (const part of /** @type {import('node:stream').Readable} */ (server.stdout)) {
    text += part;
    const [, port] = /port (\d+).*\n/.exec(text) ?? [];
    if (port) return `http://127.0.0.1:${port}/`;
  }
  throw new Error(`the server has ended: ${text}`);
}

test('page: at most three commands to an event in the inspector', async (t) => {
  const { directory } = start(t, 'page', 'files');
  const commands = readFileSync(join(directory, 'commands'), 'utf8').trim().split('\n');
  const serve = commands.pop() ?? '';
  for (const command of commands) execFileSync('sh', ['-c', command], { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
  // Any free port: 8000 may be taken.
  const server = spawn('sh', ['-c', `exec ${serve} 0`], { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, PYTHONUNBUFFERED: '1' } });
  t.after(() => server.kill());
  const { page, end } = await launch();
  t.after(end);
  const missing = new Promise((_, reject) => page.on('response', (response) => {
    if (response.status() >= 400 && !response.url().endsWith('favicon.ico')) reject(new Error(`${response.status()} ${response.url()}`));
  }));
  await page.goto(await addressOf(server));
  const shown = page.waitForFunction(() => /** @type {any} */ (document.querySelector('ringscope-inspector')).shown === 1);
  await Promise.race([shown, missing]);
});
