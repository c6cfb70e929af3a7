/** The rules that ./dev check applies to the page's JavaScript, beyond form and types. */
import js from '@eslint/js';
import globals from 'globals';

const COLUMNS = 100;

/** Prettier does not wrap comments or strings. @type {import('eslint').Rule.RuleModule} */
const lineLength = {
  create: ({ sourceCode, report }) => ({
    Program: () =>
      sourceCode.lines.forEach(({ length }, at) => {
        if (length <= COLUMNS) return;
        const message = `This line has ${length} columns of ${COLUMNS}.`;
        report({ loc: { line: at + 1, column: COLUMNS }, message });
      }),
  }),
};

/**
 * Types are written in comments, where the rules for TypeScript do not look: finds `any` within the
 * braces of one. @type {import('eslint').Rule.RuleModule}
 */
const noAny = {
  create: ({ sourceCode, report }) => ({
    Program: () =>
      sourceCode
        .getAllComments()
        .filter(({ value }) => value.startsWith('*') && hasAny(value))
        .forEach((node) => report({ node, message: 'A type must say more than `any`.' })),
  }),
};

/** @param {string} comment */
function hasAny(comment) {
  let depth = 0;
  for (const [word] of comment.matchAll(/[{}]|\bany\b/g)) {
    if (word === 'any' && depth > 0) return true;
    depth += { '{': 1, '}': -1 }[word] ?? 0;
  }
  return false;
}

export default [
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, globals: { ...globals.browser, ...globals.worker } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { page: { rules: { 'line-length': lineLength, 'no-any': noAny } } },
    rules: {
      'page/line-length': 'error',
      'page/no-any': 'error',
      eqeqeq: 'error',
      'no-var': 'error',
    },
  },
];
