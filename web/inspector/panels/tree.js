/**
 * Call trees of a scope: by path, inverted, or both ways from one name; as a flame graph or an
 * indented table.
 */
import { html, nothing } from 'lit';
import { pathTo } from './call_tree.js';
import { renderFlame } from './flame.js';
import { scopeButton } from './groups.js';
import { renderTreeTable } from './tree_table.js';
import { valueOf } from './fields.js';

/**
 * @typedef {import('./call_tree.js').Cell} Cell
 * @typedef {import('../element/settings.js').TreeWay} Way
 */
/** @typedef {import('../element/settings.js').Scope} Scope */
/** @typedef {import('../element/settings.js').Settings} Settings */
/** @typedef {{ label: string, focus: Cell, upwards?: boolean, from?: number }} Part */

const WAYS = /** @type {[Way, string, string][]} */ ([
  ['upright', 'by path', 'Callers above their callees; width is total time'],
  ['inverted', 'inverted', 'Names above their callers; width is self time'],
  ['sandwich', 'sandwich', 'Callers and callees of one name; width is total time'],
]);
const KINDS = /** @type {[string, string, string][]} */ ([
  ['calls', 'calls', ''],
  ['samples', 'samples', 'Where threads were when they were sampled'],
]);
const NAMES_OFFERED = 500;

/**
 * @template {string} Id
 * @param {string} label @param {[Id, string, string][]} choices id, text and help
 * @param {Id} chosen @param {(id: Id) => void} choose
 */
const choice = (label, choices, chosen, choose) =>
  html`<span class="switch" role="radiogroup" aria-label=${label}>
    ${choices.map(
      ([id, words, help]) =>
        html`<button
          role="radio"
          aria-checked=${id === chosen}
          title=${help || nothing}
          @click=${() => choose(id)}
        >
          ${words}
        </button>`,
    )}
  </span>`;

/** @param {string} of @param {string[]} names @param {(of: string) => void} onName */
const nameField = (of, names, onName) =>
  html`<label
      >of
      <input
        list="tree-names"
        .value=${of}
        @change=${(/** @type {Event} */ event) => onName(valueOf(event))}
    /></label>
    <datalist id="tree-names">
      ${names.slice(0, NAMES_OFFERED).map((name) => html`<option value=${name}></option>`)}
    </datalist>`;

/**
 * The path to the focused cell, and the questions it can answer.
 * @param {Cell} focus @param {On} on
 */
function trail(focus, on) {
  if (!focus.parent) return nothing;
  const named = focus.id >= 0;
  return html`<nav class="trail" aria-label="Focused">
    ${pathTo(focus).map(
      (cell) =>
        html`${cell.parent ? '›' : nothing}<button
            aria-current=${cell === focus ? 'true' : nothing}
            @click=${() => on.cell(cell.key)}
          >
            ${cell.name}
          </button>`,
    )}
    ${
      named
        ? html`<button @click=${() => on.sandwich(focus.name)}>Callers and callees</button>`
        : nothing
    }
    ${
      focus.longest >= 0
        ? html`<button @click=${() => on.longest(focus)}>Go to the longest</button>`
        : nothing
    }
  </nav>`;
}

/**
 * @typedef {object} On
 * @property {(change: Partial<Settings>) => void} set
 * @property {(name: string) => void} sandwich
 * @property {(key: string) => void} cell
 * @property {(key: string) => void} close
 * @property {(cell: Cell) => void} longest
 */

/**
 * @param {object} given
 * @param {Way} given.way
 * @param {boolean} given.threads
 * @param {boolean | undefined} given.samples undefined: there are none
 * @param {boolean} given.asTable
 * @param {{ id: Scope, words: string, count: number | undefined, enabled: boolean }[]} given.scopes
 * @param {Scope} given.scope
 * @param {string} given.of
 * @param {string[]} given.names
 * @param {Part[] | undefined} given.parts
 * @param {unknown} given.words shown in place of parts, or ''
 * @param {ReadonlySet<number>} given.found
 * @param {ReadonlySet<string>} given.closed
 * @param {On} on
 */
export function renderTree(given, on) {
  const { way, threads, samples, asTable, scopes, scope, parts, found, closed } = given;
  const one = way !== 'sandwich' && parts?.[0];
  const forms = /** @type {[string, string, string][]} */ ([
    ['flame', 'flame graph', ''],
    ['table', 'table', ''],
  ]);
  const show = (/** @type {Part} */ part) =>
    asTable
      ? html`${one ? nothing : html`<p class="pad quiet">${part.label}</p>`}
        ${renderTreeTable({ ...part, closed, found }, on)}`
      : renderFlame(
          { ...part, label: `${part.label}, a flame graph; also as a table`, found },
          on.cell,
        );
  return html`<div class="bar">
      ${choice('Tree', WAYS, way, (tree) => on.set({ tree }))}
      ${
        way === 'sandwich'
          ? nameField(given.of, given.names, on.sandwich)
          : html`<label
              ><input
                type="checkbox"
                .checked=${threads}
                @change=${() => on.set({ threads: !threads })}
              />
              per thread</label
            >`
      }
      <span class="switch" role="radiogroup" aria-label="Scope">
        ${scopes.map((each) => scopeButton(each, scope, (id) => on.set({ scope: id })))}
      </span>
      ${
        samples === undefined
          ? nothing
          : choice('Kind', KINDS, samples ? 'samples' : 'calls', (id) =>
              on.set({ samples: id === 'samples' }),
            )
      }
      ${choice('Form', forms, asTable ? 'table' : 'flame', (id) =>
        on.set({ asTable: id === 'table' }),
      )}
      ${found.size > 0 ? html`<span class="quiet">Names with hits stand out.</span>` : nothing}
    </div>
    ${one ? trail(one.focus, on) : nothing}
    ${given.words ? html`<p class="pad quiet">${given.words}</p>` : parts?.map(show)}`;
}
