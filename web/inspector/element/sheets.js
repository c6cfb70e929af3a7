/** The element's style sheets: tokens first, then those that use them. */
import { unsafeCSS } from 'lit';
import cards from '../css/cards.css';
import empty from '../css/empty.css';
import lines from '../css/lines.css';
import narrow from '../css/narrow.css';
import over from '../css/over.css';
import page from '../css/page.css';
import panels from '../css/panels.css';
import selection from '../css/selection.css';
import tables from '../css/tables.css';
import tokens from '../css/tokens.css';
import tree from '../css/tree.css';

export const sheets = [
  ...[tokens, page, lines, panels, cards, tables, selection, tree, over, empty, narrow],
].map((text) => unsafeCSS(text));
