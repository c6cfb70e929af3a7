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

export default [
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, globals: { ...globals.browser, ...globals.worker } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { page: { rules: { 'line-length': lineLength } } },
    rules: { 'page/line-length': 'error', eqeqeq: 'error', 'no-var': 'error' },
  },
];
