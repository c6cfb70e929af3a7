/** import 'ringscope/auto': traces every module that is instantiated from here on. See begin.js. */
import { begin } from './begin.js';

/**
 * The tracer of this thread; undo() stops tracing; show() opens the inspector in the lower half of the page (with a
 * bundler: show(() => import('ringscope/inspector'))); save() returns one .ring of the page or process and its workers.
 */
export const { tracer, undo, show, save } = begin();
