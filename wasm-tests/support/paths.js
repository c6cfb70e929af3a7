/** The paths of everything that is tested. */
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

/** @param {string} path below the project */
export const inProject = (path) => fileURLToPath(new URL(path, root));

/** @param {string} path below build/web, where the package is put together */
export const inPackage = (path) => inProject(`build/web/${path}`);

/** @param {string} name of a program of the plain native build */
export const nativeProgram = (name) => inProject(`build/native/${name}`);

/** The bytes that a server has for a path; none for a folder. @param {string} file */
export const served = (file) => (statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file) : undefined);
