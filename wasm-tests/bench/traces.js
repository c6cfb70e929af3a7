/** The traces that the page is measured with: made on the first call, below build/bench, the same in every run. */
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { inProject, nativeProgram } from '../support/paths.js';

const FOLDER = inProject('build/bench');
const THREADS = 4;
const FRAME_EVENTS = 5; // one that holds three, the last of which holds another one
const FRAME_US = 100;
const BATCH_FRAMES = 10_000;

/** @param {string} name @param {(path: string) => void} make */
function made(name, make) {
  const path = `${FOLDER}/${name}`;
  mkdirSync(FOLDER, { recursive: true });
  if (existsSync(path)) return path;
  make(`${path}.tmp`);
  renameSync(`${path}.tmp`, path);
  return path;
}

/** A trace of 50 threads: see native/large_trace.c. @param {number} events @param {'frames' | 'bursts'} [shape] */
export const image = (events, shape = 'frames') => made(`${shape}-${events}.ring`, (path) => void execFileSync(nativeProgram('tests/large_trace'), [path, String(events), shape]));

/** As other tools write it: whole microseconds, and spans that begin before the spans inside them.
 * @param {number} frame */
function frameOf(frame) {
  const tid = 100 + (frame % THREADS), ts = Math.floor(frame / THREADS) * FRAME_US;
  const span = (/** @type {string} */ name, /** @type {number} */ at, /** @type {number} */ dur) =>
    `{"ph":"X","cat":"bench","name":"${name}","pid":1,"tid":${tid},"ts":${ts + at},"dur":${dur},"args":{"detail":"frame ${frame}"}}`;
  const names = frame % 40;
  return [span(`frame ${names}`, 0, 98), span(`input ${names}`, 1, 20), span(`update ${names}`, 22, 30), span(`draw ${names}`, 54, 40), span(`triangle ${names}`, 56, 30)].join(',\n');
}

/** The same as begin and end events, in time order. @param {number} frame */
function pairsOf(frame) {
  const tid = 100 + (frame % THREADS), ts = Math.floor(frame / THREADS) * FRAME_US, names = frame % 40;
  const mark = (/** @type {string} */ ph, /** @type {string} */ name, /** @type {number} */ at) =>
    `{"ph":"${ph}","cat":"bench","name":"${name} ${names}","pid":1,"tid":${tid},"ts":${ts + at}${ph === 'B' ? `,"args":{"detail":"frame ${frame}"}` : ''}}`;
  return [mark('B', 'frame', 0), mark('B', 'input', 1), mark('E', 'input', 21), mark('B', 'update', 22), mark('E', 'update', 52), mark('B', 'draw', 54),
    mark('B', 'triangle', 56), mark('E', 'triangle', 86), mark('E', 'draw', 94), mark('E', 'frame', 98)].join(',\n');
}

/** Trace Event JSON with nested spans on 4 threads. @param {number} events @param {'nested' | 'pairs'} [shape] */
export const json = (events, shape = 'nested') => made(`${shape}-${events}.json`, (path) => {
  const file = openSync(path, 'w'), frames = events / FRAME_EVENTS;
  writeSync(file, '{"traceEvents":[\n');
  for (let first = 0; first < frames; first += BATCH_FRAMES) {
    const batch = Array.from({ length: Math.min(BATCH_FRAMES, frames - first) }, (_, i) => (shape === 'pairs' ? pairsOf : frameOf)(first + i));
    writeSync(file, `${first ? ',\n' : ''}${batch.join(',\n')}`);
  }
  writeSync(file, '\n]}\n');
  closeSync(file);
});
