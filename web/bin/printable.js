/** Text for a terminal: what it would obey, and what would reorder the line, is shown as \x1b instead. */

const HIDDEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const encoder = new TextEncoder();

/** @param {string} hidden */
const escaped = (hidden) => [...encoder.encode(hidden)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

/** The rule is C's; bytes that were no UTF-8 have come here as U+FFFD already. @param {string} text */
export const printable = (text) => text.replaceAll(HIDDEN, escaped);
