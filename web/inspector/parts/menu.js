/** A button with a menu: the browser's own popover, which Esc or a click elsewhere closes. */
import { html, nothing } from 'lit';

/** @typedef {{ words: string, act: () => unknown, help?: string, checked?: boolean }} Item */

const GAP_PX = 4;
const STEPS = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1 });

/** @param {Event} event */
const menuOf = ({ currentTarget }) => /** @type {HTMLElement} */ (currentTarget);

/** Places the menu below its button, within the window. @param {ToggleEvent} event */
function place(event) {
  const menu = menuOf(event);
  const button = /** @type {HTMLElement} */ (menu.previousElementSibling);
  button.setAttribute('aria-expanded', String(event.newState === 'open'));
  if (event.newState !== 'open') return;
  const { left, bottom, top } = button.getBoundingClientRect();
  const { innerWidth, innerHeight } = globalThis;
  const fits = bottom + GAP_PX + menu.offsetHeight <= innerHeight;
  menu.style.left = `${Math.max(0, Math.min(left, innerWidth - menu.offsetWidth - GAP_PX))}px`;
  menu.style.top = `${fits ? bottom + GAP_PX : Math.max(0, top - GAP_PX - menu.offsetHeight)}px`;
  /** @type {HTMLElement | null} */ (menu.querySelector('button'))?.focus();
}

/** @param {KeyboardEvent} event */
function move(event) {
  const items = [...menuOf(event).querySelectorAll('button')];
  const at = items.indexOf(/** @type {HTMLButtonElement} */ (event.target));
  const step = STEPS[event.key];
  if (event.key === 'Escape' || event.key === 'Enter' || event.key === ' ') event.stopPropagation();
  if (!step || at < 0) return;
  event.preventDefault();
  event.stopPropagation();
  items[(at + step + items.length) % items.length].focus();
}

/**
 * @param {string} id unique @param {unknown} words on the button
 * @param {string} label of the menu @param {Item[]} items @param {0 | -1} [tabindex]
 */
export function menu(id, words, label, items, tabindex = 0) {
  const chosen = (/** @type {Event} */ event, /** @type {Item} */ { act }) => {
    const list = /** @type {HTMLElement} */ (
      /** @type {Element} */ (event.target).closest('[popover]')
    );
    list.hidePopover();
    act();
  };
  return html`<button
      tabindex=${tabindex}
      aria-haspopup="menu"
      aria-expanded="false"
      popovertarget=${id}
    >
      ${words} ▾
    </button>
    <div
      popover
      role="menu"
      id=${id}
      class="menu"
      aria-label=${label}
      @toggle=${place}
      @keydown=${move}
    >
      ${items.map(
        (item) =>
          html`<button
            role=${item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
            aria-checked=${item.checked === undefined ? nothing : String(item.checked)}
            tabindex="-1"
            @click=${(/** @type {Event} */ event) => chosen(event, item)}
          >
            ${
              item.checked === undefined
                ? ''
                : html`<span aria-hidden="true">${item.checked ? '✓ ' : '  '}</span>`
            }${item.words}${item.help ? html`<span class="quiet">${` ${item.help}`}</span>` : ''}
          </button>`,
      )}
    </div>`;
}
