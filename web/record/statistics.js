/** Statistics, which are always counted, whether tracing is on or off. */
import { integer } from '../module/checked.js';
import { ImageReader } from '../read/reader.js';

export class Statistics extends ImageReader {
  /** Its address; 0 once it is disposed of. */
  tracer = 0;
  /** @type {import('./names.js').Names} */
  // @ts-expect-error Set by the subclass that records.
  names;
  /** @type {(() => number) | undefined} @protected */
  clock;

  /** @protected */
  live() {
    if (!this.tracer) throw new Error('this tracer has been disposed');
    if (this.clock) this.refresh();
    return this.tracer;
  }

  /**
   * Counts one call of an operation.
   * @param {string} name @param {number} durationMs @param {boolean} [ok]
   */
  op(name, durationMs, ok = true) {
    this.memory.exports.tracer_wasm_op(this.live(), this.names.address(name), durationMs, ok);
  }

  /** @param {number} tasksPolled @param {number} durationMs */
  tick(tasksPolled, durationMs) {
    const error = this.memory.exports.tracer_wasm_tick(this.live(), tasksPolled, durationMs);
    if (error !== 0) integer('tasksPolled', tasksPolled);
    this.memory.checkPlain(error);
  }

  /** @param {number} bytesRead @param {number} bytesWritten */
  io(bytesRead, bytesWritten) {
    const error = this.memory.exports.tracer_wasm_io(this.live(), bytesRead, bytesWritten);
    if (error !== 0) [integer('bytesRead', bytesRead), integer('bytesWritten', bytesWritten)];
    this.memory.checkPlain(error);
  }

  taskSpawned() {
    this.memory.exports.tracer_task_spawned(this.live());
  }

  taskCompleted() {
    this.memory.exports.tracer_task_completed(this.live());
  }

  processSpawned() {
    this.memory.exports.tracer_process_spawned(this.live());
  }

  processExited() {
    this.memory.exports.tracer_process_exited(this.live());
  }

  signalDelivered() {
    this.memory.exports.tracer_signal_delivered(this.live());
  }

  timerFired() {
    this.memory.exports.tracer_timer_fired(this.live());
  }
}
