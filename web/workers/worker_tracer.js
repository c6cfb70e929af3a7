/** Another thread's tracer, into which a worker records. */
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

  /** Reading allocates memory, which only one thread may do. @returns {never} */
  handle() {
    throw new Error('events are read on the thread that made the tracer');
  }

  /** Call it before the worker ends, so that another one can take its lane. Harmless when called twice. */
  dispose() {
    if (this.tracer) this.memory.exports.tracer_wasm_thread_end(this.tracer);
    super.dispose();
  }
}
