/** What ./dev check asks of the page's JavaScript beside its form and its types. */
import js from '@eslint/js';
import globals from 'globals';

const COLUMNS = 100;

/** Prettier wraps no comment and no text. @type {import('eslint').Rule.RuleModule} */
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
