/** The message shown while something is counted, and after a person has given that up. */
import { html } from 'lit';

/** @param {boolean} givenUp @param {import('../element/actions.js').Actions} actions */
export const counting = (givenUp, actions) =>
  givenUp
    ? html`Counting was cancelled. <button @click=${actions.askAgain}>Count</button>`
    : html`Counting …`;
