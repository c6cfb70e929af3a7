/** The page's script: defines the element, for this page or any other. */
import { Inspector } from '../element/inspector.js';

customElements.define('ringscope-inspector', Inspector);
