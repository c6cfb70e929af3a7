/** The style sheets of the element: its own, and that of the plots. */
import { unsafeCSS } from 'lit';
import plots from 'uplot/dist/uPlot.min.css';
import { style } from './style.js';

export const sheets = [unsafeCSS(plots), style];
