/** A trace by its URL: of the page's own origin alone. */

/**
 * @param {string} address as in ?trace= @param {AbortSignal} signal @param {(done: number, total: number) => void} report
 * @returns {Promise<{ blob: Blob, name: string, live: boolean }>}
 */
export async function fetchTrace(address, signal, report) {
  const url = new URL(address, location.href);
  if (url.origin !== location.origin) throw new Error(`This page opens traces of its own origin only, and ${url.origin} is another one. Save the file, and drop it here.`);
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
  return { blob: new Blob(parts), name, live: response.headers.get('x-ringscope-live') === '1' };
}
