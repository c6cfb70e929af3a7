/** Whose events lines of text are about, and how long these took: for traces of other programs, as `ringscope events` prints it. */
import { printable } from './printable.js';

/** Clocks of traces that a program did not record itself. */
const OUTSIDE = ["the kernel's", 'imported'];
const LINE = /^(\d+) (-?\d+) (-?\d+) (\[[^\]]*\] )/gm;

/** @typedef {{ pid: number, tid: number, name: string }} Track */

/** @param {Record<string, any>} info of the image */
export const isOutside = ({ clock_reason: reason }) => OUTSIDE.includes(reason);

/** Three digits and a unit. @param {number} ns */
function duration(ns) {
  if (ns < 999.5) return `${ns}ns`;
  const [value, unit] = ns < 999.5e3 ? [ns / 1e3, 'us'] : ns < 999.5e6 ? [ns / 1e6, 'ms'] : [ns / 1e9, 's'];
  return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)}${unit}`;
}

class Whose {
  /** @type {Map<number, number>} */
  threads = new Map();
  /** @type {Map<number, string>} */
  processes = new Map();

  /** @param {Track[]} tracks by id; the first is none @param {Record<string, any>[]} processes @param {number} numberedFrom ids from there on stand for words */
  constructor(tracks, processes, numberedFrom) {
    this.tracks = tracks;
    this.numberedFrom = numberedFrom;
    for (const { pid, tid, name } of tracks.slice(1)) {
      this.threads.set(pid, (this.threads.get(pid) ?? 0) + 1);
      if (tid === pid) this.processes.set(pid, name);
    }
    for (const { pid, name } of processes) if (name) this.processes.set(pid, name);
  }

  /** @param {number} id @param {string} name */
  isWord(id, name) {
    return id >= this.numberedFrom && name !== '';
  }

  /** @param {number} id @param {string} name */
  shown(id, name) {
    return this.isWord(id, name) ? printable(name) : String(id);
  }

  /** "812 ", or of a thread among others "812/815 worker ". @param {number} track @param {number} pid -1: unknown */
  of(track, pid) {
    const known = this.tracks[track || -1] ?? (pid < 0 ? undefined : { pid, tid: pid, name: '' });
    if (!known) return '';
    const process = this.shown(known.pid, this.processes.get(known.pid) ?? '');
    if ((this.threads.get(known.pid) ?? 0) < 2) return `${process} `;
    const named = known.name && !this.isWord(known.tid, known.name);
    return `${process}/${this.shown(known.tid, known.name)} ${named ? `${printable(known.name.split(':', 1)[0])} ` : ''}`;
  }
}

/**
 * @param {string} text lines that begin with the number of a track, a pid and a duration
 * @param {Track[]} tracks @param {Record<string, any>[]} processes @param {number} numberedFrom
 */
export function withThreads(text, tracks, processes, numberedFrom) {
  const whose = new Whose(tracks, processes, numberedFrom);
  return text.replace(LINE, (_, track, pid, ns, time) => `${time}${whose.of(Number(track), Number(pid))}${ns < 0 ? '' : `${duration(Number(ns))} `}`);
}
