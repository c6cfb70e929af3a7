/** Gives back memory in C: when it is disposed of, or when nobody has what it belongs to any more. */

/** @type {FinalizationRegistry<(() => void)[]> | undefined} */
let registry;

/** What is to be done at the end, in order. It must not lead to the owner, which would then never be let go. */
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

  /** Now; harmless when called twice. */
  run() {
    registry?.unregister(this);
    for (const step of this.steps.splice(0)) step();
  }
}
