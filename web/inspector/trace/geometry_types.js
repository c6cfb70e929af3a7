/**
 * What is drawn of a window.
 *
 * @typedef {object} WindowRequest
 * @property {number} fromNs
 * @property {number} toNs
 * @property {number} widthPx device pixels of the drawing area
 * @property {[number, number][]} rows ranges of visible rows: first, count
 * @property {number[]} counters visible counter tracks
 * @property {boolean} [preview] use the filter being applied, if there is one: exact, except that
 *   hits are not marked
 * @property {ArrayBuffer} [room] of an answer that is no longer needed, for this one; given away
 *
 * @typedef {object} Geometry rectangles in columns; in each row by start
 * @property {number} fromNs the window asked for
 * @property {number} toNs
 * @property {number} widthPx
 * @property {number} count
 * @property {Float64Array} startNs since fromNs
 * @property {Float64Array} durationNs 0: an instant
 * @property {Uint32Array} event the event; for a run, the longest
 * @property {Uint32Array} merged number of events in it; above 1: a run, to be drawn as such
 * @property {Uint32Array} row
 * @property {Uint32Array} name id of the event's name
 * @property {Float32Array} busyNs total time of a run's events
 * @property {Uint16Array} hits of the search within it
 * @property {Uint8Array} category
 * @property {Uint8Array} flags 1 error, 2 open, 4 async, 8 detail lost, 16 overlap, 32 waits
 * @property {CounterGeometry[]} counters
 *
 * @typedef {object} CounterGeometry
 * @property {number} track
 * @property {number} low of the whole track
 * @property {number} high
 * @property {Uint32Array} x pixel
 * @property {Float64Array} min
 * @property {Float64Array} max
 * @property {Float64Array} last
 */
export {};
