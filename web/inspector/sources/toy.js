/** The toy kernel, running in the page at a speed that the person chooses. */
import { ToyKernel } from '../../toy-kernel/toy_kernel.js';

const CAPACITY_EVENTS = 20_000;
const FRAME_MS_MAX = 100; // if the page was hidden, the kernel resumes where it was
const STEPS_PER_FRAME_MAX = 200;

export class Toy {
  /** @param {ToyKernel} kernel */
  constructor(kernel) {
    this.kernel = kernel;
    this.running = true;
    this.ended = false;
    /** Called when the kernel has nothing more to run. */
    this.onEnd = () => {};
    /** Kernel time per second of real time. */
    this.speed = 1;
    this.owed = 0; // kernel time
    this.seenMs = performance.now();
    this.frame = requestAnimationFrame((nowMs) => this.#tick(nowMs));
  }

  static async boot() {
    const seed = 1 + Math.floor(Math.random() * 1e6);
    const kernel = await ToyKernel.boot({
      seed,
      capacityEvents: CAPACITY_EVENTS,
      wasm: new URL('./toy_kernel.wasm', import.meta.url),
    });
    kernel.tracer.enable();
    return new Toy(kernel);
  }

  /** Runs one tick of the kernel. */
  step() {
    if (this.ended || this.kernel.step()) return;
    this.ended = true;
    this.running = false;
    this.onEnd();
  }

  /** Runs as much kernel time as has passed, at any frame rate. @param {number} nowMs */
  #tick(nowMs) {
    this.frame = requestAnimationFrame((next) => this.#tick(next));
    const passedMs = Math.max(0, Math.min(FRAME_MS_MAX, nowMs - this.seenMs));
    this.seenMs = nowMs;
    if (!this.running) return;
    const until = this.kernel.now() + this.owed + this.speed * passedMs;
    let steps = 0;
    while (this.running && this.kernel.now() < until && steps++ < STEPS_PER_FRAME_MAX) this.step();
    // negative if a step went too far
    this.owed = Math.min(until - this.kernel.now(), this.speed * FRAME_MS_MAX);
  }

  dispose() {
    cancelAnimationFrame(this.frame);
    this.kernel.dispose();
  }
}
