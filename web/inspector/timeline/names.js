/** Process names that fit: the program and its arguments, once, without the path. Pure. */

/**
 * "cc1: /usr/lib/gcc/12/cc1 -quiet a.c", as the recorder writes it, becomes "cc1 -quiet a.c".
 * @param {string} name
 */
export const shortName = (name) => namePair(name).join('');

/**
 * The same in two parts: the program, and its arguments, or ''.
 * @param {string} name @returns {[string, string]}
 */
export function namePair(name) {
  const [, called, command, rest] = /^([^:\s]+): (\S+)(.*)$/s.exec(name) ?? [];
  if (called === undefined) return [name, ''];
  const program = command.slice(command.lastIndexOf('/') + 1);
  return program.startsWith(called) ? [program, rest] : [name, '']; // the kernel keeps 15 bytes
}
