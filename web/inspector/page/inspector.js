/** The page's script: defines the element, for this page or any other. */
import { Inspector } from '../element/inspector.js';
import { openReport, restoreView } from './report.js';

restoreView(); // before the element reads the address
if (!customElements.get('ringscope-inspector'))
  customElements.define('ringscope-inspector', Inspector);
openReport();
