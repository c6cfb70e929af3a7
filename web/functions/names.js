/** The names that a module gives its functions, and how they change when functions move. */
import { Reader, SECTION, Writer, entries } from './bytes.js';

const FUNCTIONS = 1;
/** Subsections in which a function's index is followed by names of parts of its body: locals, labels. */
const INSIDE_FUNCTIONS = [2, 3];

/** @typedef {import('./bytes.js').Section} Section */

/** @param {Section} section */
function isNames({ id, body }) {
  return id === SECTION.custom && new Reader(body).text() === 'name';
}

/** @param {Section} section of names @returns {{ id: number, body: Reader }[]} */
function subsections({ body }) {
  const reader = new Reader(body), found = [];
  reader.block();
  while (!reader.done) found.push({ id: reader.byte(), body: reader.block() });
  return found;
}

/** @param {Reader} reader at a count of index and text pairs @param {(index: number, text: string) => void} each */
function eachName(reader, each) {
  for (let left = reader.number(); left > 0; left--) each(reader.number(), reader.text());
}

/**
 * By function index: the name from the name section, else the name by which the function is exported or imported.
 * @param {Section[]} sections
 */
export function functionNames(sections) {
  /** @type {Map<number, string>} */
  const names = new Map();
  const { count, reader } = entries(sections, SECTION.export);
  for (let i = 0; i < count; i++) {
    const name = reader.text(), kind = reader.byte(), index = reader.number();
    if (kind === 0 && !names.has(index)) names.set(index, name);
  }
  const section = sections.find(isNames);
  for (const { id, body } of section ? subsections(section) : [])
    if (id === FUNCTIONS) eachName(body, (index, text) => names.set(index, text));
  return names;
}

/** The names as they are, and those of moved bodies, which come after all others. @param {Reader} body @param {Map<number, number>} moves @param {Map<number, string>} names by function */
function renamed(body, moves, names) {
  let count = body.number();
  const writer = new Writer().all(body.rest());
  for (const [index, moved] of moves) {
    const name = names.get(index);
    if (name === undefined) continue;
    writer.number(moved).text(`${name} (body)`);
    count++;
  }
  return new Writer().number(count).all(writer.take()).take();
}

/** @param {Reader} body @param {Map<number, number>} moves */
function movedInside(body, moves) {
  /** @type {{ index: number, bytes: Uint8Array }[]} */
  const all = [];
  for (let left = body.number(); left > 0; left--) {
    const index = body.number(), from = body.at;
    for (let inner = body.number(); inner > 0; inner--) {
      body.skipNumber();
      body.block();
    }
    all.push({ index: moves.get(index) ?? index, bytes: body.bytes.subarray(from, body.at) });
  }
  const writer = new Writer().number(all.length);
  for (const { index, bytes } of all.sort((a, b) => a.index - b.index)) writer.number(index).all(bytes);
  return writer.take();
}

/**
 * Makes names follow bodies that have moved: a body has its function's name and "(body)".
 * @param {Section[]} sections @param {Map<number, number>} moves from the index of a function to that of its body
 * @param {Map<number, string>} names as found before
 */
export function moveNames(sections, moves, names) {
  const at = sections.findIndex(isNames);
  if (at < 0) return;
  const writer = new Writer().text('name');
  for (const { id, body } of subsections(sections[at])) {
    let bytes = body.rest();
    if (id === FUNCTIONS) bytes = renamed(body, moves, names);
    else if (INSIDE_FUNCTIONS.includes(id)) bytes = movedInside(body, moves);
    writer.put(id).block(bytes);
  }
  sections[at] = { id: SECTION.custom, body: writer.take() };
}
