/**
 * The timeline's elements: created once, measured when the host's size changes. Nothing here knows
 * about traces.
 */
import TIMELINE from '../css/timeline.css';
import LABELS from '../css/timeline_labels.css';
import MINIMAP from '../css/timeline_minimap.css';
import TOOLTIP from '../css/timeline_tooltip.css';

const STYLES = [TIMELINE, MINIMAP, LABELS, TOOLTIP];

/**
 * @param {string} tag @param {Record<string, string>} [attributes]
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, children = []) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * @param {HTMLElement} parent @param {boolean} inMemory drawn by putImageData: kept out of the GPU
 * @returns {CanvasRenderingContext2D}
 */
function canvasIn(parent, inMemory) {
  const canvas = document.createElement('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  parent.append(canvas);
  const context = canvas.getContext('2d', { alpha: !inMemory, willReadFrequently: inMemory });
  if (!context) throw new Error('this browser cannot draw on a canvas');
  return context;
}

/**
 * Sets the canvas's size in device px; true if it changed (which clears it).
 * @param {CanvasRenderingContext2D} context @param {number} width css px @param {number} height
 * @param {number} ratio
 */
function fitCanvas({ canvas }, width, height, ratio) {
  const [deviceWidth, deviceHeight] = [
    Math.max(1, Math.round(width * ratio)),
    Math.max(1, Math.round(height * ratio)),
  ];
  if (canvas.width === deviceWidth && canvas.height === deviceHeight) return;
  canvas.width = deviceWidth;
  canvas.height = deviceHeight;
  canvas.style.width = `${deviceWidth / ratio}px`;
  canvas.style.height = `${deviceHeight / ratio}px`;
}

export class Surface {
  host;
  shell = make('div');
  minimap = make('div', { class: 'minimap' });
  shades = [make('div', { class: 'shade' }), make('div', { class: 'shade' })];
  view = make('div', { class: 'view' });
  handles = ['Start', 'End'].map((end) =>
    make('button', {
      class: 'handle',
      role: 'slider',
      'aria-label': `${end} of the window`,
      'aria-valuenow': '0',
    }),
  );
  corner = make('div', { class: 'corner' });
  ruler = make('div', { class: 'ruler' });
  pins = make('div', { class: 'pins', role: 'list', 'aria-label': 'Pinned tracks' });
  list = make('div', { role: 'list', 'aria-label': 'Tracks' });
  labels = make('div', { class: 'labels' }, [this.list, this.pins]);
  // an application: screen readers leave its keys to it
  area = make('div', {
    class: 'area',
    tabindex: '0',
    role: 'application',
    'aria-label': 'Timeline',
  });
  scrollbar = make('div', { class: 'scrollbar', hidden: '' });
  edge = make('div', {
    class: 'column-edge',
    role: 'separator',
    tabindex: '0',
    'aria-orientation': 'vertical',
    'aria-label': 'Width of the names',
    'aria-valuenow': '248',
  });
  tooltip = make('div', { class: 'tooltip', role: 'tooltip', hidden: '' });
  grid = make('div', { class: 'timeline' });
  #observer;

  /** @param {HTMLElement} host @param {() => void} resized */
  constructor(host, resized) {
    this.host = host;
    const root = this.shell.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES.join('\n'));
    root.adoptedStyleSheets = [sheet];
    this.minimapContext = canvasIn(this.minimap, false);
    /** Its width as measured: asking the element in each frame would lay out the page each time. */
    this.minimapPx = 0;
    this.rulerContext = canvasIn(this.ruler, false);
    this.lanesContext = canvasIn(this.area, true);
    this.overlayContext = canvasIn(this.area, false);
    this.minimap.append(...this.shades, this.view, ...this.handles);
    this.area.append(this.scrollbar);
    this.grid.append(
      this.minimap,
      this.corner,
      this.ruler,
      this.labels,
      this.area,
      this.edge,
      this.tooltip,
    );
    root.append(this.grid);
    host.append(this.shell);
    this.#observer = new ResizeObserver(resized);
    this.#observer.observe(this.area);
  }

  /**
   * Fits every canvas to its element.
   * @returns {{ widthPx: number, heightPx: number, ratio: number }} of the area
   */
  measure() {
    const ratio = globalThis.devicePixelRatio || 1;
    const { clientWidth: widthPx, clientHeight: heightPx } = this.area;
    fitCanvas(this.lanesContext, widthPx, heightPx, ratio);
    fitCanvas(this.overlayContext, widthPx, heightPx, ratio);
    fitCanvas(this.rulerContext, this.ruler.clientWidth, this.ruler.clientHeight, ratio);
    this.minimapPx = this.minimap.clientWidth;
    fitCanvas(this.minimapContext, this.minimapPx, this.minimap.clientHeight, ratio);
    return { widthPx, heightPx, ratio };
  }

  dispose() {
    this.#observer.disconnect();
    this.shell.remove();
  }
}
