/** The page that shows a trace, as one HTML file: what `report` writes, and what a test that failed has attached. */

const TRACE_HERE = '<!--trace-->';

/** A file of the package's. No bundler is to take it along, which a URL beside a name would make it do. @param {string} name */
const inPackage = (name) => new URL(import.meta.url.replace(/[^/]*\/[^/]*$/, name));

/**
 * In Node, from the package as it is installed.
 * @param {Uint8Array} image a .ring @param {string} name what the page calls it
 * @returns {Promise<string>}
 */
export async function reportOf(image, name) {
  const files = globalThis.process?.getBuiltinModule?.('node:fs/promises'), zlib = globalThis.process?.getBuiltinModule?.('node:zlib');
  if (!files || !zlib) throw new Error('a report is made in Node, of the package as it is installed');
  const [before, after] = (await files.readFile(inPackage('report.html'), 'utf8')).split(TRACE_HERE);
  const title = name.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `${before}<script type="application/octet-stream" id="trace" data-name="${title}">${zlib.gzipSync(image).toString('base64')}</script>${after}`;
}
