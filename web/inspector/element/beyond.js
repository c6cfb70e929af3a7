/** What of a line that scrolls is out of sight at its end: the button after it says how many. */

const SLACK_PX = 2;

/** @param {EventTarget | null} scrolled the line */
export function showBeyond(scrolled) {
  const line = /** @type {HTMLElement | null} */ (scrolled);
  const button = /** @type {HTMLElement | null | undefined} */ (line?.nextElementSibling);
  if (!line || !button) return;
  const edges = [...line.children].map((each) => each.getBoundingClientRect().right);
  button.hidden = edges.every((edge) => edge <= line.getBoundingClientRect().right + SLACK_PX);
  if (button.hidden) return;
  const { left } = button.getBoundingClientRect(); // what is below it is cut, too
  const beyond = [...line.children].filter((_, at) => edges[at] > left);
  button.textContent = `+${beyond.length}`;
  button.title = beyond.map(({ textContent }) => textContent?.trim()).join('\n');
}

/** The line goes on to what was out of sight. @param {Event} event of the button */
export function scrollOn({ currentTarget }) {
  const line = /** @type {HTMLElement} */ (
    /** @type {Element} */ (currentTarget).previousElementSibling
  );
  line.scrollBy({ left: line.clientWidth / 2 });
}
