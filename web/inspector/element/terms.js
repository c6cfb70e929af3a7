/**
 * The find field's language, as far as the page itself writes it (src/timeline/query/expression.h).
 * Pure.
 */

const NAMES_OFFERED = 12;

/** A term that matches exactly this text. @param {string} field @param {string} text */
export const term = (field, text) => `${field}:"${text.replaceAll(/[\\"]/g, '\\$&')}"`;

/** Adds a condition. @param {string} text @param {string} more */
export const and = (text, more) => (text.includes(more) ? text : `${text} ${more}`.trim());

/**
 * Completions of the last word, as whole texts for the field.
 * @param {string} text
 * @param {Pick<import('../trace/types.js').Overview, 'names' | 'fields'>} overview
 */
export function completionsOf(text, { names, fields }) {
  const [, before, minus, word] = /^(.*?)(-?)([^\s"]*)$/s.exec(text) ?? [];
  if (!word) return [];
  const typed = word.toLowerCase();
  const offered = fields.filter((field) => field.startsWith(typed) && field !== typed);
  const name = typed.replace(/^name:/, '');
  const found = name ? names.filter((each) => each.toLowerCase().startsWith(name)) : [];
  const terms = found
    .slice(0, NAMES_OFFERED)
    .map((each) => (/^[\w.-]+$/.test(each) ? `name:${each}` : term('name', each)));
  return [...offered, ...terms].map((each) => `${before}${minus}${each}`);
}
