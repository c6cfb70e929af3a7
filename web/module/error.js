/** An error in C as an exception: the code's name as in ringscope.h, and the message. */
export class TracerError extends Error {
  /**
   * @param {string} code such as 'ERROR_NOT_AN_IMAGE'
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'TracerError';
    this.code = code;
  }
}
