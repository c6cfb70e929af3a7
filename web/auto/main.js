/** import 'ringscope/auto': every module that is instantiated from here on is traced. See begin.js. */
import { begin } from './begin.js';

/**
 * The tracer of this thread; undo() ends tracing; show() opens the inspector in the lower half of the page, under a bundler
 * by show(() => import('ringscope/inspector')); save() is one .ring of the page, or the process, and its workers.
 */
export const { tracer, undo, show, save } = begin();
