/** Receives segments from a server; runs in a worker. */

/**
 * @typedef {object} Received
 * @property {Uint8Array<ArrayBuffer> | null} segment null: there are no new events
 * @property {string | null} cursor a new one, if the server has dropped ours
 * @property {boolean} last no more will follow
 */

/** @param {string} address @returns {Promise<Received>} */
export async function receive(address) {
  const response = await fetch(address, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return {
    segment: response.status === 204 ? null : new Uint8Array(await response.arrayBuffer()),
    cursor: response.headers.get('x-ringscope-cursor'),
    last: response.headers.get('x-ringscope-live') !== '1',
  };
}
