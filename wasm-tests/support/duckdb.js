/** DuckDB, if installed: npm --prefix wasm-tests/duckdb ci. */
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { inProject } from './paths.js';

const FOLDER = 'wasm-tests/duckdb';
const installed = existsSync(inProject(`${FOLDER}/node_modules/@duckdb/node-api`));

/** For test(): false, or the reason to skip. */
export const withoutDuckdb = installed ? false : `DuckDB is not installed: npm --prefix ${FOLDER} ci`;

/** Returns a function that queries a database in memory: it returns the rows, with 64-bit numbers as BigInt. */
export async function duckdb() {
  const { DuckDBInstance } = createRequire(inProject(`${FOLDER}/package.json`))('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create()).connect();
  return async (query) => (await connection.runAndReadAll(query)).getRowObjects();
}
