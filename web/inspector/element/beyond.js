/** Items cut off at the end of a scrolling line: the button after the line shows how many. */

const SLACK_PX = 2;

/** @param {EventTarget | null} scrolled the line */
export function showBeyond(scrolled) {
  const line = /** @type {HTMLElement | null} */ (scrolled);
  const button = /** @type {HTMLElement | null | undefined} */ (line?.nextElementSibling);
  if (!line || !button) return;
  const edges = [...line.children].map((each) => each.getBoundingClientRect().right);
  button.hidden = edges.every((edge) => edge <= line.getBoundingClientRect().right + SLACK_PX);
  if (button.hidden) return;
  const { left } = button.getBoundingClientRect(); // items under the button count as cut off
  const beyond = [...line.children].filter((_, at) => edges[at] > left);
  button.textContent = `+${beyond.length}`;
  button.title = beyond.map(({ textContent }) => textContent?.trim()).join('\n');
}

/** Scrolls the line on to the items out of sight. @param {Event} event of the button */
export function scrollOn({ currentTarget }) {
  const line = /** @type {HTMLElement} */ (
    /** @type {Element} */ (currentTarget).previousElementSibling
  );
  line.scrollBy({ left: line.clientWidth / 2 });
}
