/** import 'ringscope/auto': every module that is instantiated from here on is traced. See begin.js. */
import { begin } from './begin.js';

export const { tracer, undo, show } = begin();
