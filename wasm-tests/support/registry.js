/** A registry on loopback with the tests' installed packages, so that a recipe's `npm install NAME` runs exactly as
 * printed. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { inProject } from './paths.js';

const TARBALL = '/tarball.tgz';
const MOST_BYTES = 2 ** 28;

/** @param {string} name @returns {Buffer} */
const tarball = (name) => execFileSync('tar', ['-cz', '-C', inProject(`wasm-tests/node_modules/${name}`), '--transform=s,^[.],package,', '.'], { maxBuffer: MOST_BYTES });

/** Serves one package; returns the environment for npm, whose cache is a folder of the test's. @param {string} name
 * @param {string} cache */
export async function serveRegistry(name, cache) {
  const { version, ...manifest } = JSON.parse(readFileSync(inProject(`wasm-tests/node_modules/${name}/package.json`), 'utf8'));
  const packed = tarball(name), integrity = `sha512-${createHash('sha512').update(packed).digest('base64')}`;
  let origin = '';
  const about = () => JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, version, dist: { tarball: origin + TARBALL, integrity } } } });
  const server = createServer(({ url = '' }, response) => {
    if (url === TARBALL) response.end(packed);
    else if (decodeURIComponent(url) === `/${name}`) response.setHeader('Content-Type', 'application/json').end(about());
    else response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  origin = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  const env = { npm_config_registry: origin, npm_config_noproxy: '127.0.0.1', npm_config_cache: cache, npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false' };
  return { env, close: () => server.close() };
}
