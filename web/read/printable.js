/** Text for a terminal: control characters and characters that reorder the line are shown as escapes such as \x1b. */

const HIDDEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const encoder = new TextEncoder();

/** @param {string} hidden */
const escaped = (hidden) => [...encoder.encode(hidden)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

/** The same rule as in C; invalid UTF-8 has already become U+FFFD. @param {string} text */
export const printable = (text) => text.replaceAll(HIDDEN, escaped);
