/** Frees memory in C: when its owner is disposed of, or has been garbage-collected. */

/** @type {FinalizationRegistry<(() => void)[]> | undefined} */
let registry;

/** Clean-up steps, run in order. They must not refer to the owner, which would then never be collected. */
export class Release {
  /** @type {(() => void)[]} */
  steps = [];

  /** @param {object} owner */
  constructor(owner) {
    registry ??= new FinalizationRegistry((steps) => steps.splice(0).forEach((step) => step()));
    registry.register(owner, this.steps, this);
  }

  /** @param {() => void} step */
  add(step) {
    this.steps.push(step);
  }

  /** Runs the steps now; harmless when called twice. */
  run() {
    registry?.unregister(this);
    for (const step of this.steps.splice(0)) step();
  }
}
