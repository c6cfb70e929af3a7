/** Names, ruler and tracks as one picture, each where it is on the page. */

/** @param {OffscreenCanvasRenderingContext2D} context @param {DOMRect} box */
function clipTo(context, { left, top, width, height }) {
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
}

/**
 * Draws the names as the browser lays them out. Where they lie over the tracks, they hide them.
 * @param {OffscreenCanvasRenderingContext2D} context in the page's coordinates
 * @param {HTMLElement} grid @param {string} background
 */
function drawNames(context, grid, background) {
  context.textBaseline = 'middle';
  for (const name of grid.querySelectorAll('.name')) {
    const box = name.getBoundingClientRect();
    context.save();
    clipTo(context, box);
    context.fillStyle = background;
    context.fillRect(box.left, box.top, box.width, box.height);
    for (const part of name.querySelectorAll('b, span:not(.text)')) {
      const place = part.getBoundingClientRect();
      const { fontWeight, fontSize, fontFamily, color } = getComputedStyle(part);
      context.save();
      clipTo(context, place);
      context.font = `${fontWeight} ${fontSize} ${fontFamily}`;
      context.fillStyle = color;
      context.fillText(part.textContent ?? '', place.left, (place.top + place.bottom) / 2);
      context.restore();
    }
    context.restore();
  }
}

/**
 * @param {import('./surface.js').Surface} surface @param {string} background
 * @param {number} ratio device px per css px
 */
export function pictureOf(surface, background, ratio) {
  const { lanesContext, overlayContext, rulerContext, labels, area, grid } = surface;
  const { width, height } = lanesContext.canvas;
  const left = Math.round(area.offsetLeft * ratio);
  const top = rulerContext.canvas.height;
  const canvas = new OffscreenCanvas(left + width, top + height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.fillStyle = background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(rulerContext.canvas, left, 0);
  for (const { canvas: part } of [lanesContext, overlayContext]) context.drawImage(part, left, top);
  const column = labels.getBoundingClientRect();
  context.scale(ratio, ratio);
  context.translate(-column.left, top / ratio - column.top);
  clipTo(context, column);
  drawNames(context, grid, background);
  return canvas;
}
