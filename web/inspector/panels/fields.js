/** What a person has typed or chosen in a field. */

/** @typedef {Event & { target: HTMLInputElement }} FieldEvent */

/** @param {Event} event */
export const valueOf = (event) => /** @type {FieldEvent} */ (event).target.value;

/** @param {Event} event */
export const isChecked = (event) => /** @type {FieldEvent} */ (event).target.checked;
