/** Rectangles as pixels in memory: ten times faster than the same number of canvas calls. */

const NARROW_PX = 24; // below this, a call of fill() takes longer than the pixels

export class Pixels {
  image = new ImageData(1, 1);
  pixels = new Uint32Array(this.image.data.buffer);
  // the image's own are slow to ask for
  width = 1;
  height = 1;

  /** @param {number} width @param {number} height @param {number} colour of all of them */
  begin(width, height, colour) {
    if (this.width !== width || this.height !== height) {
      this.image = new ImageData(width, height);
      Object.assign(this, { width, height });
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    this.pixels.fill(colour);
  }

  /**
   * @param {number} left @param {number} top @param {number} right @param {number} bottom
   * @param {number} colour
   */
  fill(left, top, right, bottom, colour) {
    const { pixels, width } = this;
    const from = Math.max(0, left);
    const across = Math.min(width, right) - from;
    const end = Math.min(this.height, bottom) * width + from;
    if (across <= 0) return;
    for (let at = Math.max(0, top) * width + from; at < end; at += width)
      if (across > NARROW_PX) pixels.fill(colour, at, at + across);
      else for (let x = at; x < at + across; x++) pixels[x] = colour;
  }

  /**
   * Fills with a colour that fades to the right.
   * @param {number} left @param {number} top @param {number} right @param {number} bottom
   * @param {number} colour
   */
  fade(left, top, right, bottom, colour) {
    const { width, height } = this;
    const from = Math.max(0, left);
    const to = Math.min(width, right);
    const last = Math.min(height, bottom);
    for (let y = Math.max(0, top); y < last; y++)
      for (let x = from; x < to; x++) {
        const share = (x - left) / Math.max(1, right - left);
        if (((x * 5 + y * 3) % 8) / 8 < share) this.pixels[y * width + x] = colour;
      }
  }
}
