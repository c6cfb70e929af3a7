/** How the timeline's own elements look. Colours are the host's custom properties; the fallbacks make it work alone. */
export const STYLE = `
:host { position: absolute; inset: 0; display: block; }
* { box-sizing: border-box; }
.timeline {
  --_bg: var(--bg, Canvas); --_fg: var(--fg, CanvasText); --_muted: var(--muted, GrayText);
  --_line: var(--line, color-mix(in srgb, CanvasText 14%, Canvas)); --_accent: var(--accent, Highlight);
  --_numbers: var(--font-numbers, ui-monospace, 'SF Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace);
  display: grid; grid-template: 48px 36px minmax(0, 1fr) / var(--labels-width, 200px) minmax(0, 1fr);
  height: 100%; overflow: hidden; background: var(--_bg); color: var(--_fg);
  font: 12px/16px var(--font-words, system-ui, sans-serif); user-select: none; -webkit-user-select: none;
  container-type: size;
}
canvas { position: absolute; left: 0; top: 0; display: block; pointer-events: none; }
.minimap { position: relative; grid-column: 1 / -1; border-bottom: 1px solid var(--_line); overflow: hidden; touch-action: none; cursor: pointer; }
.shade { position: absolute; top: 0; bottom: 0; background: var(--_bg); opacity: 0.6; pointer-events: none; }
.view { position: absolute; top: 0; bottom: 0; border: solid var(--_accent); border-width: 1px 0; cursor: grab; }
.view:active { cursor: grabbing; }
.handle { position: absolute; top: 0; bottom: 0; width: 12px; cursor: ew-resize; padding: 0; border: 0; background: none; touch-action: none; }
.handle::after { content: ''; position: absolute; inset: 0 5px; background: var(--_accent); }
.handle::before { content: ''; position: absolute; left: 3px; right: 3px; top: 14px; height: 20px; border-radius: 2px; background: var(--_accent); }
.handle:focus-visible { outline: 2px solid var(--_accent); outline-offset: -1px; }
.corner { display: flex; flex-direction: column; justify-content: space-between; padding: 2px 8px; border: solid var(--_line); border-width: 0 1px 1px 0;
  overflow: hidden; font: 11px/16px var(--_numbers); font-variant-numeric: tabular-nums; color: var(--_muted); white-space: nowrap; }
.corner b { font-weight: normal; color: var(--_fg); }
.ruler { position: relative; border-bottom: 1px solid var(--_line); overflow: hidden; cursor: col-resize; touch-action: none; }
.labels { position: relative; border-right: 1px solid var(--_line); overflow: hidden; touch-action: none; }
.area { position: relative; overflow: hidden; cursor: default; touch-action: none; outline: none; }
.area:focus-visible::after { content: ''; position: absolute; inset: 0; border: 2px solid var(--_accent); pointer-events: none; }
.area[data-dragging] { cursor: grabbing; }
.pins { position: absolute; left: 0; right: 0; top: 0; z-index: 1; overflow: hidden; background: var(--_bg); }
.pins[data-any] { border-bottom: 1px solid var(--_line); }
.label { position: absolute; left: 0; right: 0; display: flex; align-items: flex-start; padding-right: 2px; overflow: hidden; }
.label[data-kind='process'] { border-top: 1px solid var(--_line); font-weight: 600; align-items: center; }
.label[aria-current='true'] { box-shadow: inset 2px 0 var(--_accent); }
.label:not([data-kind='process']) .name { padding-left: 8px; }
.label button { flex: none; width: 20px; height: 20px; padding: 0; border: 0; background: none; color: var(--_muted); font: inherit; line-height: 20px; cursor: pointer; }
.label button:hover { color: var(--_fg); }
.label button:focus-visible { outline: 2px solid var(--_accent); outline-offset: -2px; border-radius: 2px; }
.label svg { width: 10px; height: 10px; vertical-align: -1px; fill: currentColor; }
.label .toggle[aria-expanded='true'] svg { transform: rotate(90deg); }
.label .toggle[data-none] { visibility: hidden; }
.label .pin { opacity: 0; }
.label:hover .pin, .label .pin:focus-visible, .label .pin[aria-pressed='true'] { opacity: 1; }
.label .pin[aria-pressed='true'] { color: var(--_accent); }
.label .name { flex: 1; display: flex; min-width: 0; line-height: 20px; height: 20px; overflow: hidden; white-space: nowrap; }
.label .text { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
.label .id { flex: 0 9999 auto; min-width: 0; overflow: hidden; text-overflow: ellipsis; margin-left: 6px; color: var(--_muted); font: 11px/20px var(--_numbers); font-variant-numeric: tabular-nums; font-weight: normal; }
.label .scale { position: absolute; right: 24px; bottom: 6px; color: var(--_muted); font: 11px/14px var(--_numbers); font-variant-numeric: tabular-nums; }
.scrollbar { position: absolute; right: 0; width: 10px; z-index: 2; opacity: 0.5; cursor: default; touch-action: none; }
.scrollbar::after { content: ''; position: absolute; inset: 1px 2px; border-radius: 3px; background: var(--_muted); }
.scrollbar:hover { opacity: 1; }
.tooltip { position: absolute; z-index: 3; max-width: min(420px, 90%); padding: 6px 8px; border: 1px solid var(--_line); border-radius: 3px; background: var(--_bg);
  pointer-events: none; overflow: hidden; overflow-wrap: anywhere; }
.tooltip .title { font-weight: 600; }
.tooltip .numbers { font: 11px/16px var(--_numbers); font-variant-numeric: tabular-nums; }
.tooltip .detail { color: var(--_muted); font: 11px/16px var(--_numbers); display: -webkit-box; -webkit-line-clamp: 4; -webkit-box-orient: vertical; overflow: hidden; }
.tooltip .swatch { display: inline-block; width: 8px; height: 8px; margin-right: 6px; }
@media (forced-colors: active) {
  .handle::after, .handle::before, .scrollbar::after, .tooltip .swatch { forced-color-adjust: none; }
  .label[aria-current='true'] { outline: 2px solid var(--_accent); outline-offset: -2px; }
}
[hidden] { display: none !important; }
@container (max-width: 600px) { .timeline { --labels-width: 112px; } }
`;
