/** Every action a person can take, by name: keys, buttons and panels call these. */
import { ROW_HEIGHTS } from '../timeline/layout.js';
import { chooseOther, compareWithFile, endComparing } from './comparing.js';
import { copyEvent, copyLink, copyText } from './clipboard.js';
import * as finding from './finding.js';
import { alongFlow } from './flows.js';
import { gapAt, nextGap } from './gaps.js';
import * as following from './following.js';
import { addNote, goToNote, removeNote, renameNote } from './noting.js';
import * as opening from './opening.js';
import { savePicture } from './picture.js';
import { recentFiles } from './recent.js';
import { saveReport } from './reporting.js';
import { save, saveRange } from './saving.js';
import * as selecting from './selecting.js';
import { chooseFiles } from './choosing.js';

/** @typedef {import('./app.js').App} App @typedef {import('./settings.js').Settings} Settings */
/** @typedef {import('./state.js').Range} Range @typedef {import('./settings.js').Note} Note */
/** @typedef {ReturnType<typeof actionsOf>} Actions */

/** @param {App} app */
export const actionsOf = (app) => ({
  ...tracesOf(app),
  ...filtersOf(app),
  ...selectionOf(app),
  ...pageOf(app),
});

/** @param {App} app */
const tracesOf = (app) => ({
  chooseFiles: () => chooseFiles(app),
  startToy: () => opening.startToy(app),
  stepToy: () => opening.stepToy(app),
  pauseLive: () => following.pauseLive(app),
  jumpToNow: () => following.jumpToNow(app),
  recentFiles,
  save: (/** @type {import('../trace/types.js').SaveFormat} */ format) => save(app, format),
  saveRange: () => saveRange(app),
  saveReport: () => saveReport(app),
});

/** @param {App} app */
const filtersOf = (app) => ({
  change: (/** @type {Partial<Settings>} */ change) => finding.change(app, change),
  toggleCategory: (/** @type {string} */ name, /** @type {boolean} */ alone) =>
    finding.toggleCategory(app, name, alone),
  showAll: () => finding.showAll(app),
  find: (/** @type {string} */ text) => (app.searching = finding.find(app, text)),
  nextHit: (/** @type {-1 | 1} */ direction) => app.inTurn(() => finding.nextHit(app, direction)),
  setOnly: (/** @type {boolean} */ only) => finding.setOnly(app, only),
  toggleFailed: () => finding.change(app, { failed: !app.state.settings.failed }),
});

/** @param {App} app */
const selectionOf = (app) => ({
  view: () => app.view,
  select: (/** @type {number} */ event) => selecting.select(app, event),
  zoomTo: (/** @type {number} */ event) => selecting.zoomTo(app, event),
  step: (
    /** @type {-1 | 1} */ direction,
    /** @type {'row' | 'track' | 'name'} */ among = /** @type {'row' | 'track' | 'name'} */ (
      'track'
    ),
  ) => app.inTurn(() => selecting.step(app, direction, among)),
  stepAcross: (/** @type {-1 | 1} */ direction) =>
    app.inTurn(() => selecting.stepAcross(app, direction)),
  alongFlow: (/** @type {-1 | 1} */ direction) => app.inTurn(() => alongFlow(app, direction)),
  selectRange: (/** @type {Range | null} */ range) => selecting.selectRange(app, range),
  nextGap: () => app.inTurn(() => nextGap(app)),
  gapAt: (/** @type {{ track: number, timeNs: number }} */ place) => gapAt(app, place),
  showTrack: (/** @type {number} */ track) => app.view?.showTrack(track),
  compareWith: (/** @type {Range | null} */ other) => selecting.compareWith(app, other),
  keepForComparing: () => selecting.keepForComparing(app),
  chooseOther: () => chooseOther(app),
  compareWithFile: (/** @type {Blob} */ blob, /** @type {string} */ name) =>
    compareWithFile(app, blob, name),
  endComparing: () => endComparing(app),
  compareBy: (/** @type {string} */ comparedBy) => app.update({ comparedBy }),
  goBack: () => selecting.goBack(app),
  mark: () => selecting.mark(app),
  clear: () => selecting.clear(app, () => finding.find(app, '')),
  addNote: () => addNote(app),
  renameNote: (/** @type {number} */ at, /** @type {string} */ text) => renameNote(app, at, text),
  removeNote: (/** @type {number} */ at) => removeNote(app, at),
  goToNote: (/** @type {Note} */ note) => goToNote(app, note),
});

/** @param {App} app */
const pageOf = (app) => ({
  set: (/** @type {Partial<Settings>} */ change) => app.set(change),
  toggleIdle: () => app.set({ tracks: app.state.settings.tracks === 'busy' ? 'all' : 'busy' }),
  nextRowHeight: () => {
    const at = ROW_HEIGHTS.findIndex((px) => px === app.state.settings.rows);
    app.set({ rows: ROW_HEIGHTS[(at + 1) % ROW_HEIGHTS.length] });
  },
  setDock: (/** @type {Partial<import('./dock.js').Dock>} */ change) => app.setDock(change),
  showTab: (/** @type {string} */ tab) => {
    app.set({ tab });
    if (app.state.dock.size === 'tabs') app.setDock({ size: 'part' });
  },
  chooseThread: () => app.host.chooseThread(),
  copyLink: () => copyLink(app),
  copyText: (/** @type {string} */ text, /** @type {string} */ what) => copyText(app, text, what),
  copyEvent: () => copyEvent(app),
  savePicture: () => savePicture(app),
  focusFind: () => {
    const input = /** @type {HTMLInputElement | null} */ (app.find('#find'));
    input?.focus();
    input?.select();
  },
  askAgain: () => app.answers.again(),
  showKeys: () => /** @type {HTMLDialogElement | null} */ (app.find('dialog.keys'))?.showModal(),
  closeMessage: () => app.update({ message: null }),
  changeTheme: () => app.host.changeTheme(),
});
