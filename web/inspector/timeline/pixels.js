/** Rectangles as pixels in memory: ten times faster than the same number of canvas calls. */

export class Pixels {
  image = new ImageData(1, 1);
  pixels = new Uint32Array(this.image.data.buffer);

  /** @param {number} width @param {number} height @param {number} colour of all of them */
  begin(width, height, colour) {
    if (this.image.width !== width || this.image.height !== height) {
      this.image = new ImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    this.pixels.fill(colour);
  }

  get width() {
    return this.image.width;
  }

  /**
   * @param {number} left @param {number} top @param {number} right @param {number} bottom
   * @param {number} colour
   */
  fill(left, top, right, bottom, colour) {
    const { width, height } = this.image;
    const from = Math.max(0, left);
    const to = Math.min(width, right);
    const last = Math.min(height, bottom);
    if (from >= to) return;
    for (let y = Math.max(0, top); y < last; y++)
      this.pixels.fill(colour, y * width + from, y * width + to);
  }

  /**
   * Fills with a colour that fades to the right.
   * @param {number} left @param {number} top @param {number} right @param {number} bottom
   * @param {number} colour
   */
  fade(left, top, right, bottom, colour) {
    const { width, height } = this.image;
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
