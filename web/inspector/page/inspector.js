/** The page's script: defines the element, which the page, or any other one, then uses. */
import { Inspector } from '../element/inspector.js';

customElements.define('ringscope-inspector', Inspector);
