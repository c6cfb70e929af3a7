/** The page that shows a trace, as one HTML file: written by `report`, or attached to a failed test. */

const TRACE_HERE = '<!--trace-->';

/** The URL of a file of the package, written so that no bundler recognises it and includes the file. @param {string} name */
const inPackage = (name) => new URL(import.meta.url.replace(/[^/]*\/[^/]*$/, name));

/**
 * Works in Node, from the installed package.
 * @param {Uint8Array} image a .ring @param {string} name its name in the page
 * @returns {Promise<string>}
 */
export async function reportOf(image, name) {
  const files = globalThis.process?.getBuiltinModule?.('node:fs/promises'), zlib = globalThis.process?.getBuiltinModule?.('node:zlib');
  if (!files || !zlib) throw new Error('reports can be made only in Node, from the installed package');
  const [before, after] = (await files.readFile(inPackage('report.html'), 'utf8')).split(TRACE_HERE);
  const title = name.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `${before}<script type="application/octet-stream" id="trace" data-name="${title}">${zlib.gzipSync(image).toString('base64')}</script>${after}`;
}
