/** The page's look: ten hues of like lightness and chroma, hairlines, a grid of 4 px; nothing is louder than the trace. */
import { css, unsafeCSS } from 'lit';

const HUES = [255, 25, 145, 75, 310, 200, 110, 345, 175, 50]; // degrees in OKLCH; neighbours in the list lie far apart

/** @param {number} lightness @param {number} chroma */
const hues = (lightness, chroma) => HUES.map((hue, at) => `--hue-${at}: oklch(${lightness} ${chroma} ${hue}); --hue-text-${at}: #14161a;`).join(' ');

const LIGHT = `color-scheme: light; --bg: #ffffff; --fg: #1b1f24; --muted: #59626d; --line: #dde1e6; --soft: #f4f6f8; --accent: #0b5fce;
  --error: #c11d12; --loss: #a34a17; ${hues(0.76, 0.1)}`;
const DARK = `color-scheme: dark; --bg: #14171b; --fg: #e4e7eb; --muted: #98a2ae; --line: #2b3138; --soft: #1c2026; --accent: #6ea8ff;
  --error: #ff6a5e; --loss: #e58a4e; ${hues(0.7, 0.1)}`;

/** The person's own colours; the hues stay those of light or dark. */
const FORCED = '--bg: Canvas; --fg: CanvasText; --muted: CanvasText; --line: GrayText; --soft: Canvas; --accent: Highlight; --error: CanvasText; --loss: CanvasText;';

export const style = css`
  :host { display: block; position: relative; overflow: hidden; isolation: isolate; }
  :host([hidden]) { display: none; }
  .page { all: initial; ${unsafeCSS(LIGHT)} --font-words: system-ui, sans-serif; --font-numbers: ui-monospace, 'SF Mono', 'DejaVu Sans Mono', Consolas, monospace; --labels-width: initial;
    background: var(--bg); color: var(--fg); font: 13px/20px var(--font-words); }
  @media (prefers-color-scheme: dark) { :host(:not([theme='light'])) .page { ${unsafeCSS(DARK)} } }
  :host([theme='dark']) .page { ${unsafeCSS(DARK)} }
  @media (forced-colors: active) {
    :host .page { color-scheme: light dark; ${unsafeCSS(FORCED)} }
    .chip i, .swatch, .bars i { forced-color-adjust: none; }
    [role='tab'][aria-selected='true'], .row[aria-selected='true'] { outline: 2px solid Highlight; outline-offset: -2px; }
  }
  * { box-sizing: border-box; }
  select { max-width: 24ch; } button, input, select { font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--line); border-radius: 4px; height: 26px; padding: 0 8px; }
  button { cursor: pointer; } button:hover:not(:disabled) { background: var(--soft); } button:disabled { color: var(--muted); cursor: default; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
  .page { display: grid; grid-template-columns: minmax(0, 1fr); grid-template-rows: auto auto minmax(360px, 1fr); height: 100%; overflow: auto; }
  header, .filters { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; padding: 6px 12px; border-bottom: 1px solid var(--line); }
  .buttons { display: flex; flex-wrap: wrap; gap: 4px 8px; }
  header h1 { font-size: 13px; line-height: 20px; margin: 0; }
  header .facts { color: var(--muted); font-variant-numeric: tabular-nums; flex: 1; min-width: 160px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  header .facts b { color: var(--fg); font-weight: normal; }
  .chips { display: flex; flex-wrap: wrap; gap: 4px; flex: 1 1 560px; min-width: 0; max-height: 84px; overflow: auto; }
  .chip { display: inline-flex; align-items: center; gap: 6px; height: 24px; padding: 0 8px; font-size: 12px; }
  .chip i { width: 10px; height: 10px; border-radius: 2px; flex: none; }
  .chip span { color: var(--muted); font-variant-numeric: tabular-nums; }
  .chip[aria-pressed='false'] { color: var(--muted); text-decoration: line-through; background: var(--soft); }
  .chip[aria-pressed='false'] i { background: none !important; border: 1px solid var(--muted); }
  .find { display: flex; align-items: center; gap: 4px; } .find input { width: 232px; padding-right: 104px; } .find output { width: 96px; margin: 0 4px 0 -104px; text-align: right; white-space: nowrap; pointer-events: none; font-size: 12px; color: var(--muted); font-variant-numeric: tabular-nums; }
  .least input { width: 64px; } .least input[aria-invalid='true'] { border-color: var(--error); } .hidden-events { min-width: 104px; text-align: right; font-variant-numeric: tabular-nums; }
  input[type='checkbox'] { height: auto; vertical-align: middle; margin: 0 4px; }
  main { grid-row: 3; display: grid; grid-template: minmax(200px, 1fr) 7px var(--panel, min(300px, 40%)) / minmax(0, 1fr); min-height: 0; position: relative; }
  .timeline { position: relative; min-height: 0; min-width: 0; }
  .divider { background: var(--soft); border: solid var(--line); border-width: 1px 0; cursor: row-resize; touch-action: none; padding: 0; height: auto; border-radius: 0; width: 100%; }
  .panels { display: flex; flex-direction: column; min-height: 0; min-width: 0; }
  @container page (min-width: 1400px) {
    main { grid-template: minmax(0, 1fr) / minmax(0, 1fr) 7px var(--side, clamp(480px, 47cqw, 760px)); }
    .divider { cursor: col-resize; border-width: 0 1px; }
  }
  .page { container: page / inline-size; }
  @container page (max-width: 600px) { .chips { flex-wrap: nowrap; flex-basis: 100%; scrollbar-width: none; } .chip { flex: none; } }
  @media (max-height: 500px) { .chips { flex-wrap: nowrap; } .chip { flex: none; } }
  [role='tablist'] { display: flex; border-bottom: 1px solid var(--line); padding: 0 8px; }
  [role='tab'] { border: 0; border-radius: 0; height: 30px; background: none; color: var(--muted); }
  [role='tab'][aria-selected='true'] { color: var(--fg); box-shadow: inset 0 -2px var(--accent); }
  [role='tabpanel'] { flex: 1; min-height: 0; overflow: auto; }
  .pad { padding: 12px; } pre { margin: 0; font: 12px/18px var(--font-numbers); }
  .columns { display: flex; flex-wrap: wrap; gap: 24px; }
  table { border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums; width: 100%; }
  th { position: sticky; top: 0; background: var(--bg); font-weight: normal; color: var(--muted); box-shadow: inset 0 -1px var(--line); z-index: 1; padding: 0; text-align: left; } th.number { text-align: right; font-family: inherit; }
  th button { border: 0; background: none; padding: 4px 6px; width: 100%; text-align: inherit; font-size: 12px; }
  td { padding: 2px 6px; border-bottom: 1px solid var(--line); white-space: nowrap; } .number { text-align: right; font-family: var(--font-numbers); }
  tr.clickable { cursor: pointer; } tr.clickable:hover td { background: var(--soft); } .bad { color: var(--error); }
  dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 16px; margin: 0; font-size: 12px; } dt { color: var(--muted); } dd { margin: 0; font-family: var(--font-numbers); overflow-wrap: anywhere; }
  .note { padding: 6px 12px; border-bottom: 1px solid var(--line); background: var(--soft); display: flex; gap: 12px; align-items: center; } .note.error { border-left: 3px solid var(--error); } .note p { margin: 0; flex: 1; }
  .empty { position: absolute; inset: 0; z-index: 4; background: var(--bg); display: grid; grid-template-columns: minmax(0, 64ch); place-content: safe center; gap: 12px; padding: 24px; overflow: auto; }
  .hides-all { position: absolute; inset: 84px 0 auto; z-index: 3; display: grid; justify-items: center; gap: 8px; padding: 24px; text-align: center; } .hides-all p { margin: 0; }
  .empty p { margin: 0; } .empty code { display: block; margin-top: 4px; padding: 8px; background: var(--soft); font: 12px/18px var(--font-numbers); white-space: pre; overflow: auto; }
  .progress { position: absolute; inset: auto 24px 24px; z-index: 6; display: flex; gap: 12px; align-items: center; padding: 12px; border: 1px solid var(--line); background: var(--bg); border-radius: 4px; } .progress progress { flex: 1; accent-color: var(--accent); }
  .drop { position: absolute; inset: 8px; z-index: 7; border: 2px dashed var(--accent); display: grid; place-content: center; background: color-mix(in srgb, var(--bg) 85%, transparent); pointer-events: none; }
  dialog { border: 1px solid var(--line); border-radius: 4px; background: var(--bg); color: var(--fg); padding: 16px 24px; } dialog h2 { font-size: 13px; margin: 0 0 8px; } dialog dd { font-family: inherit; } kbd { font: 12px var(--font-numbers); } td button { border: 0; background: none; padding: 0; height: auto; text-align: left; }
  .rows { position: relative; height: 100%; overflow: auto; font-size: 12px; font-variant-numeric: tabular-nums; contain: strict; }
  .head, .row { display: grid; grid-template-columns: 120px 96px minmax(90px, 1.2fr) 96px minmax(90px, 1fr) minmax(120px, 3fr); gap: 0 8px; padding: 0 12px; height: 24px; align-items: center; }
  .head { position: sticky; top: 0; background: var(--bg); z-index: 1; box-shadow: inset 0 -1px var(--line); color: var(--muted); } .head > :nth-child(-n + 2) { text-align: right; } .head button { border: 0; background: none; padding: 0; text-align: inherit; height: 22px; font-size: 12px; color: inherit; }
  .row { position: absolute; left: 0; right: 0; cursor: pointer; } .row > * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .row:hover { background: var(--soft); } .row[aria-selected='true'] { box-shadow: inset 2px 0 var(--accent); background: var(--soft); }
  .plot .u-title { font: 600 12px/20px var(--font-words); } .plot .u-label { font-weight: normal; }
  .quiet { color: var(--muted); } [hidden] { display: none !important; } .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .swatch { display: inline-block; width: 8px; height: 8px; border-radius: 2px; margin-right: 6px; } .bars { display: inline-flex; align-items: flex-end; gap: 1px; height: 14px; } .bars i { width: 4px; background: var(--muted); }
`;
