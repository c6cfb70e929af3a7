/** Serves one page to browsers on this machine: on loopback, with a new port and a new token each time. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const TOKEN_BYTES = 16;
const HEADERS = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Content-Type-Options': 'nosniff' };

/** Resolves when a signal asks us to stop. */
const signalled = () => new Promise((resolve) => ['SIGINT', 'SIGTERM'].forEach((signal) => process.once(signal, resolve)));

/** Serves the page to anyone who was given its address, and to no page of another host or origin. @param {string} html */
export async function serve(html) {
  const path = `/${randomBytes(TOKEN_BYTES).toString('hex')}/`;
  /** @type {string | undefined} */
  let host;
  const server = createServer(({ url, method, headers }, response) => {
    const refused = headers.host !== host || url !== path || headers.origin !== undefined;
    if (refused) response.writeHead(403).end();
    else if (method !== 'GET') response.writeHead(405, { Allow: 'GET' }).end();
    else response.writeHead(200, HEADERS).end(html);
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', () => resolve(undefined)));
  host = `127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  const ended = signalled(); // before anyone can know that there is something to stop
  process.stdout.write(`http://${host}${path}\n`);
  await ended;
  server.close();
  server.closeAllConnections();
}
