/** Parses the short text with which a table names a call's arguments. */

/** @typedef {import('./guest.js').Guest} Guest */
/** @typedef {import('../record/fields.js').Key & { value: (guest: Guest, args: any[]) => any }} Param */

/** How an argument is read: as it is, as a text with a length (two arguments), or as a text that ends in NUL. @type {Record<string, { takes: number, read: (index: number) => Param['value'] }>} */
const KINDS = {
  '': { takes: 1, read: (index) => (_, args) => args[index] },
  '~': { takes: 2, read: (index) => (guest, args) => guest.text(args[index], args[index + 1]) },
  $: { takes: 1, read: (index) => (guest, args) => guest.string(args[index]) },
};

/** "fd path~ flags -": name, $ for a text that ends in NUL, ~ for one with a length; - is left out. @type {Map<string, { params: Param[], arity: number }>} */
const parsed = new Map();

/** @param {string} text */
export function paramsOf(text) {
  const known = parsed.get(text);
  if (known) return known;
  /** @type {Param[]} */
  const params = [];
  let arity = 0;
  for (const word of text.split(' ').filter(Boolean)) {
    const [, name, mark] = /** @type {RegExpExecArray} */ (/^(.*?)([~$]?)$/.exec(word)), kind = KINDS[mark];
    if (name !== '-') params.push({ key: `${JSON.stringify(name)}:`, value: kind.read(arity) });
    arity += kind.takes;
  }
  const found = { params, arity };
  parsed.set(text, found);
  return found;
}
