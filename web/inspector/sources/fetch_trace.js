/** A trace by its URL: of the page's own origin alone. */

/**
 * What `ringscope view` says beside the bytes: whether a program still writes them, and a tag that changes with them.
 * @typedef {{ blob: Blob, name: string, url: URL, live: boolean, tag: string | null }} Fetched
 */

/** @param {Response} response */
const told = ({ headers }) => ({ live: headers.get('x-ringscope-live') === '1', tag: headers.get('etag') });

/**
 * @param {string} address as in ?trace= @param {AbortSignal} signal @param {(done: number, total: number) => void} report
 * @returns {Promise<Fetched>}
 */
export async function fetchTrace(address, signal, report) {
  const url = new URL(address, location.href);
  if (url.origin !== location.origin) throw new Error(`This page only opens traces from its own origin, not from ${url.origin}. Save the file and drop it here.`);
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url.pathname} could not be fetched: ${response.status} ${response.statusText}.`);
  const total = Number(response.headers.get('content-length') ?? 0);
  const parts = [];
  let done = 0;
  const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
    report((done += next.value.length), total);
  }
  const name = decodeURIComponent(url.pathname.split('/').at(-1) || 'trace');
  return { blob: new Blob(parts), name, url, ...told(response) };
}

/**
 * Asks for the trace anew. A blob of null: it is the one that is known.
 * @param {{ url: URL, tag: string | null }} known
 * @returns {Promise<{ blob: Blob | null, live: boolean, tag: string | null }>}
 */
export async function fetchNews({ url, tag }) {
  const response = await fetch(url, { cache: 'no-store', headers: tag ? { 'if-none-match': tag } : {} });
  if (response.status === 304) return { blob: null, ...told(response) };
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return { blob: await response.blob(), ...told(response) };
}
