/**
 * What is counted of a scope: statistics, call trees, and work.
 *
 * @typedef {object} Statistic of events with one name or category; times in ns, of spans, each
 *   clipped to the range
 * @property {number} key the group: name id, category, index of a process or track; otherwise an
 *   arbitrary number
 * @property {string} text the name, detail or error ("" for events that did not fail); for a
 *   process or thread, its name
 * @property {number} category
 * @property {number} count
 * @property {number} spans
 * @property {number} errors
 * @property {number} totalNs of nested spans, only the outermost
 * @property {number} sumNs of all
 * @property {number} selfNs
 * @property {number} minNs
 * @property {number} avgNs
 * @property {number} maxNs
 * @property {number} p50Ns
 * @property {number} p90Ns
 * @property {number} p99Ns
 * @property {number} longest event
 * @property {number} track of the longest
 *
 * @typedef {'name' | 'category' | 'process' | 'thread' | 'work' | 'detail' | 'error'} GroupKey
 *   work: by name, with waiting calls apart; keys are 2 * id, + 1 for those
 *
 * @typedef {object} StatisticsRequest
 * @property {number} fromNs
 * @property {number} toNs
 * @property {GroupKey} by
 * @property {boolean} [hits] of the search's hits only
 * @property {Only} [only] by default of all events
 *
 * @typedef {'all' | 'calls' | 'samples'} Only calls: without tracks of samples, which are beside
 *   them; samples: these alone
 *
 * @typedef {object} TreeRequest
 * @property {number} fromNs
 * @property {number} toNs
 * @property {boolean} [hits] of the search's hits only
 * @property {Only} [only] by default of all spans
 * @property {boolean} [perThread] each thread has a tree of its own
 * @property {'upright' | 'inverted' | 'callees' | 'sandwich'} [way] by call path (the default);
 *   names with their callers below them; the callees of a name; both of these
 * @property {number} [name] id, for all but upright; inverted without it: of all names
 *
 * @typedef {object} TreeNode spans called by the same path of names; times are those within the
 *   range
 * @property {number} parent index of the parent node, which comes earlier; -1 for the root, which
 *   is the first
 * @property {number} name id; -1 for the root and for threads
 * @property {number} track for a thread's node; else -1
 * @property {number} count
 * @property {number} errors
 * @property {number} totalNs inverted: of the name below the root, by this path; in a recursion
 *   only the outermost
 * @property {number} selfNs likewise
 * @property {number} waitNs of those that waited, according to the recorder
 * @property {number} longest event, or -1
 *
 * @typedef {object} WorkRequest
 * @property {number} fromNs
 * @property {number} toNs
 * @property {'process' | 'thread'} by process: of the whole trace
 *
 * @typedef {object} Work how long processes or threads worked: without waiting, on processors where
 *   the trace has that; columns, of those that did
 * @property {string} words what was measured
 * @property {Uint32Array} keys indices of processes or tracks
 * @property {Float64Array} ns
 * @property {Uint32Array} longest an event of the part that took most of it
 */
export {};
