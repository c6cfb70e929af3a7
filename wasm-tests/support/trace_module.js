/** The timeline module without a worker and without a page. */
import { readFileSync } from 'node:fs';
import { inProject } from './paths.js';
import { ToyKernel } from './tracer.js';

/** One of the page's modules that work without a page. @param {string} name @returns {Promise<any>} */
export const traceModule = (name) => import(inProject(`build/web/inspector/trace/${name}.js`));

/** @type {Promise<WebAssembly.Module> | undefined} */ let wasm;

/** A module without a trace. */
export async function createModule() {
  const { TraceModule } = await traceModule('module');
  wasm ??= WebAssembly.compile(readFileSync(inProject('build/web/timeline.wasm')));
  return TraceModule.create(await wasm);
}

/** The source that the module reads from. @param {Uint8Array} bytes */
export const sourceOf = (bytes) => ({
  read: (/** @type {number} */ offset, /** @type {Uint8Array} */ to) => offset + to.length <= bytes.length && (to.set(bytes.subarray(offset, offset + to.length)), true),
});

const ALL_EVENTS = 0xffffffff;

/** Loads the image that the module's source has. @param {any} module @param {number} size */
export function loadImage(module, size) {
  module.loadBegin(size);
  module.loadStep(ALL_EVENTS);
}

/** A module with a sealed image or one with rings. @param {Uint8Array} image */
export async function openImage(image) {
  const module = await createModule();
  module.source = sourceOf(image);
  loadImage(module, image.length);
  module.build();
  return module;
}

/** A module with a text that arrives in pieces. @param {string | Uint8Array} text @param {number} [pieceBytes] */
export async function openText(text, pieceBytes = 1e6) {
  const module = await createModule(), bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  for (let at = 0; at < bytes.length; at += pieceBytes) module.feed(bytes.subarray(at, at + pieceBytes));
  module.end();
  module.build();
  return { module, notes: module.overview().notes };
}

/** All rows from beginning to end, without counters. @param {any} overview */
export const wholeWindow = (overview) => ({ fromNs: 0, toNs: overview.durationNs + 1, widthPx: 500, rows: [[0, overview.rows]], counters: [] });

/** The toy kernel's run: its tracer, its image, its events. */
export async function runToy() {
  const kernel = await ToyKernel.boot({ seed: 1, capacityEvents: 20000 }), { tracer } = kernel;
  tracer.enable();
  while (kernel.step());
  return { tracer, image: tracer.save(), events: tracer.events() };
}
