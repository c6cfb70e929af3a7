/** The style sheets of the element: tokens, then what stands on them, and that of the plots. */
import { unsafeCSS } from 'lit';
import plots from 'uplot/dist/uPlot.min.css';
import page from '../css/page.css';
import panels from '../css/panels.css';
import tokens from '../css/tokens.css';

export const sheets = [plots, tokens, page, panels].map((text) => unsafeCSS(text));
