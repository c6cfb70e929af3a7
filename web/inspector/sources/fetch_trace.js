/** Fetches a trace by its URL, from the page's own origin only. */

/**
 * `ringscope view` reports the file's name beside the bytes; if a program still writes the image,
 * also that, along with the cursor that continues from there.
 * @typedef {{ blob: Blob, name: string, url: URL, live: boolean, cursor: string }} Fetched
 */

/** @param {Response} response */
const told = ({ headers }) => ({
  live: headers.get('x-ringscope-live') === '1',
  cursor: headers.get('x-ringscope-cursor') ?? '',
});

/**
 * @param {string} address as in ?trace= @param {AbortSignal} signal
 * @param {(done: number, total: number) => void} report
 * @returns {Promise<Fetched>}
 */
export async function fetchTrace(address, signal, report) {
  const url = new URL(address, location.href);
  if (url.origin !== location.origin)
    throw new Error(
      `This page only opens traces from its own origin, not from ${url.origin}. ` +
        'Save the file and drop it here.',
    );
  const response = await fetch(url, { signal });
  if (!response.ok)
    throw new Error(
      `${url.pathname} could not be fetched: ${response.status} ${response.statusText}.`,
    );
  const total = Number(response.headers.get('content-length') ?? 0);
  const parts = [];
  let done = 0;
  const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
    report((done += next.value.length), total);
  }
  const encoded = response.headers.get('x-ringscope-name') ?? url.pathname.split('/').at(-1);
  const name = decodeURIComponent(encoded || 'trace');
  return { blob: new Blob(parts), name, url, ...told(response) };
}
