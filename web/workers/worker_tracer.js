/** The tracer of another thread, as a worker records into it. */
import { Recorder } from '../record/recorder.js';
import { ARENA_BYTES, joinMemory } from './shared.js';

const NAMES_BYTES = ARENA_BYTES / 2; // the rest is for spans and texts

export class WorkerTracer extends Recorder {
  /** Joins a tracer whose share() was posted to this worker. @param {import('./shared.js').Shared} shared */
  static async join(shared) {
    const memory = await joinMemory(shared);
    const tracer = new WorkerTracer(memory, shared.tracer, { reader: 0, scratchBytes: shared.scratchBytes, namesBytes: NAMES_BYTES });
    if (shared.name !== undefined) tracer.nameThread(shared.name);
    return tracer;
  }

  /** Names this worker's track. @param {string} name */
  nameThread(name) {
    const { address } = this.memory.copyText(name);
    this.memory.exports.tracer_thread_name(this.live(), address);
    this.memory.free(address);
  }

  /** Reading takes memory, which only one thread may allocate. @returns {never} */
  handle() {
    throw new Error('events are read on the thread that made the tracer');
  }

  /** Before the worker ends: another one may then have its place. Harmless when called twice. */
  dispose() {
    if (this.tracer) this.memory.exports.tracer_wasm_thread_end(this.tracer);
    super.dispose();
  }
}
