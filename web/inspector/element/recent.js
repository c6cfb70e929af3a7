/**
 * Recently opened files, where the browser lets a page reopen them: names and handles, kept in this
 * browser.
 */

const STORE = 'files';
const KEPT = 8;

/** @typedef {{ name: string, handle: FileSystemFileHandle, openedMs: number }} RecentFile */

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/**
 * Runs with the store, if this browser has one for this page: a report opened from disk, or private
 * browsing, has none.
 * @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => Promise<T>} use
 * @param {T} without
 */
async function withStore(mode, use, without) {
  try {
    const opening = indexedDB.open('ringscope', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'name' });
    const base = await done(opening);
    try {
      return await use(base.transaction(STORE, mode).objectStore(STORE));
    } finally {
      base.close();
    }
  } catch (error) {
    if (error instanceof DOMException) return without;
    throw error;
  }
}

/** @returns {Promise<RecentFile[]>} newest first */
export const recentFiles = () =>
  withStore(
    'readonly',
    async (store) => {
      /** @type {RecentFile[]} */
      const files = await done(store.getAll());
      return files.sort((a, b) => b.openedMs - a.openedMs).slice(0, KEPT);
    },
    /** @type {RecentFile[]} */ ([]),
  );

/** @param {FileSystemFileHandle[]} handles */
export async function rememberFiles(handles) {
  if (handles.length !== 1) return; // several were opened as one trace
  const [handle] = handles;
  await withStore(
    'readwrite',
    async (store) =>
      void (await done(store.put({ name: handle.name, handle, openedMs: Date.now() }))),
    undefined,
  );
}
