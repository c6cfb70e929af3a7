/**
 * The timeline's state at one moment: plain values, changed by TimelineView alone and read by the
 * parts that draw.
 */

/**
 * Parts to redraw. window: everything that depends on time; tracks: on the tracks' positions.
 * @typedef {'all' | 'window' | 'tracks' | 'geometry' | 'density' | 'overlay' | 'labels'} Stale
 *
 * @typedef {object} Pointer where the mouse is, over the area
 * @property {number} x css px within the area
 * @property {number} y
 * @property {number} timeNs
 *
 * @typedef {object} Density of the whole trace
 * @property {number} fromNs
 * @property {number} toNs
 * @property {number} buckets
 * @property {number} categories
 * @property {Uint32Array} counts
 * @property {Uint32Array | null} hits of the search; null: there is none
 *
 * @typedef {object} Busy how busy the processes are
 * @property {(process: number) => string} share as text, or ''
 * @property {string} words what is counted
 * @property {() => readonly number[]} order busiest first
 *
 * @typedef {object} ViewState
 * @property {import('../trace/types.js').Trace | null} trace
 * @property {import('./scale.js').Limits} limits
 * @property {import('./scale.js').TimeWindow} window
 * @property {number} widthPx of the area, css px
 * @property {number} heightPx
 * @property {number} ratio device px per css px
 * @property {number} scrollPx
 * @property {import('./layout.js').Layout} layout
 * @property {ReadonlySet<number>} collapsed
 * @property {ReadonlySet<number>} collapsedProcesses
 * @property {ReadonlySet<number>} pinned
 * @property {ReadonlySet<number>} hidden
 * @property {number} rowPx row height
 * @property {readonly number[] | null} order of the processes; null: the trace's own
 * @property {Busy | null} busy
 * @property {import('./colouring.js').Colouring | ''} colour '': whichever fits the trace
 * @property {readonly { fromNs: number, toNs: number, text: string }[]} notes
 * @property {readonly import('./flows.js').Flow[]} flows drawn as arrows
 * @property {import('../trace/types.js').Geometry | null} geometry the newest answer
 * @property {Density | null} density
 * @property {number} changes counts changes of the filter, search or trace
 * @property {boolean} searching
 * @property {Pointer | null} pointer
 * @property {number} hovered index into the geometry, or -1
 * @property {import('../trace/types.js').EventDetails | null} selected
 * @property {import('./scale.js').TimeWindow | null} range
 * @property {import('./scale.js').TimeWindow | null} other a second range
 * @property {number} track the current one, or -1
 * @property {Set<Stale>} stale
 */

/** @returns {ViewState} */
export function emptyState() {
  return {
    trace: null,
    limits: { beginNs: 0, durationNs: 1e9, minSpanNs: 100 },
    window: { fromNs: 0, toNs: 1e9 },
    widthPx: 0,
    heightPx: 0,
    ratio: 1,
    scrollPx: 0,
    layout: { pinned: [], items: [], pinnedHeight: 0, height: 0, rowPx: 18 },
    rowPx: 18,
    order: null,
    busy: null,
    colour: '',
    notes: [],
    flows: [],
    collapsed: new Set(),
    collapsedProcesses: new Set(),
    pinned: new Set(),
    hidden: new Set(),
    geometry: null,
    density: null,
    changes: 0,
    searching: false,
    pointer: null,
    hovered: -1,
    selected: null,
    range: null,
    other: null,
    track: -1,
    stale: new Set(),
  };
}
