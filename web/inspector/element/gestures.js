/** Dropping files onto the page, and dragging the divider between timeline and panels. */
import { placeIn } from '../timeline/dragging.js';
import { rememberDock, resized } from './dock.js';
import { openFiles } from './opening.js';

/** @typedef {import('./app.js').App} App */

const KEY_PX = 24;

/** Handles that can reopen the files, where the browser has them. @param {DataTransfer} transfer */
async function handlesOf(transfer) {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const asked = items.map((item) =>
    /** @type {{ getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> }} */ (
      item
    ).getAsFileSystemHandle?.(),
  );
  const handles = await Promise.all(asked);
  return /** @type {FileSystemFileHandle[]} */ (handles.filter((each) => each?.kind === 'file'));
}

/** @param {App} app */
export function droppable(app) {
  return {
    over: (/** @type {DragEvent} */ event) => {
      if (!event.dataTransfer?.types.includes('Files')) return; // but text, for a field
      event.preventDefault();
      app.update({ dropping: true });
    },
    leave: (/** @type {DragEvent} */ { currentTarget, relatedTarget }) => {
      const page = /** @type {Element} */ (currentTarget);
      if (!page.contains(/** @type {Node | null} */ (relatedTarget)))
        app.update({ dropping: false });
    },
    drop: async (/** @type {DragEvent} */ event) => {
      const { dataTransfer } = event;
      if (!dataTransfer?.files.length) return;
      event.preventDefault();
      app.update({ dropping: false });
      const files = [...dataTransfer.files]; // gone after the first await
      const handles = handlesOf(dataTransfer);
      await openFiles(app, files, await handles);
    },
  };
}

/** The size of an element along the side that the divider changes. @param {App} app */
const sizeOf = (app, /** @type {'main' | '.panels'} */ selector) => {
  const { offsetWidth, offsetHeight } = /** @type {HTMLElement} */ (app.find(selector));
  return app.state.dock.at === 'right' ? offsetWidth : offsetHeight;
};

/** @param {App} app */
export function resizer(app) {
  const resize = (/** @type {number} */ px) =>
    app.update({ dock: resized(app.state.dock, px, sizeOf(app, 'main')) });
  return {
    down: (/** @type {PointerEvent} */ down) => {
      const divider = /** @type {HTMLElement} */ (down.currentTarget);
      const main = /** @type {HTMLElement} */ (app.find('main'));
      divider.setPointerCapture(down.pointerId);
      divider.onpointermove = (event) => {
        const { x, y } = placeIn(main, event);
        resize(sizeOf(app, 'main') - (app.state.dock.at === 'right' ? x : y));
      };
      divider.onpointerup = () => {
        divider.onpointermove = null;
        rememberDock(app.state.dock);
      };
    },
    key: (/** @type {KeyboardEvent} */ event) => {
      const steps = { ArrowUp: 1, ArrowLeft: 1, ArrowDown: -1, ArrowRight: -1 };
      const step = steps[/** @type {keyof typeof steps} */ (event.key)];
      if (!step) return;
      event.preventDefault();
      resize(sizeOf(app, '.panels') + step * KEY_PX);
      rememberDock(app.state.dock);
    },
  };
}

/** The panels' share of the whole, in percent. @param {App} app */
export function dividerShare(app) {
  if (!app.find('main')) return 40;
  return Math.round((sizeOf(app, '.panels') / sizeOf(app, 'main') || 0) * 100);
}
