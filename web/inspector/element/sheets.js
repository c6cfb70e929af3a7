/** The style sheets of the element: tokens, then what stands on them. */
import { unsafeCSS } from 'lit';
import page from '../css/page.css';
import panels from '../css/panels.css';
import tokens from '../css/tokens.css';
import tree from '../css/tree.css';

export const sheets = [tokens, page, panels, tree].map((text) => unsafeCSS(text));
