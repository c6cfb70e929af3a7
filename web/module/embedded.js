/** Modules that are embedded in the JavaScript itself, in ringscope/inline, which has no files beside it. */

/** As base64, by file name. @type {Map<string, string>} */
const texts = new Map();

/** @param {string} name @param {string} base64 */
export function embed(name, base64) {
  texts.set(name, base64);
}

/** @param {string} name @returns {Uint8Array<ArrayBuffer> | undefined} */
export function embedded(name) {
  const base64 = texts.get(name);
  return base64 === undefined ? undefined : Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
