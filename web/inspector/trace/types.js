/**
 * The page's questions to a trace, and their answers. All work is done in a worker (worker.js);
 * every method returns a promise, and a later call of the same method makes the earlier one
 * obsolete: it is then rejected with an AbortError. Times are nanoseconds since the trace's first
 * moment.
 *
 * @typedef {object} Category
 * @property {string} name
 * @property {number} count events with it
 * @property {number} hue which of the page's ten colours, 0 to 9
 *
 * @typedef {object} Process
 * @property {number} pid
 * @property {string} name "" if none was given
 * @property {boolean} numbered false: the trace uses a word instead, and pid is the module's own
 * @property {number} firstTrack
 * @property {number} tracks how many
 * @property {number} [parent] the process that spawned it, or -1, where the trace knows
 * @property {number} [startNs] may precede the trace's first moment; NaN: unknown
 * @property {number} [endNs] NaN: unknown, or it has not ended
 *
 * @typedef {object} Track a thread or, if counter is not null, a counter with that name
 * @property {number} pid
 * @property {number} tid
 * @property {boolean} numbered false: the trace uses a word instead, and tid is the module's own
 * @property {string} name
 * @property {number} process index into processes
 * @property {string | null} counter
 * @property {number} firstRow
 * @property {number} rows one per nesting depth; a counter has one
 * @property {number} ticks rows that follow these and are drawn over the first of them: instants
 *   within spans
 * @property {number} count events
 * @property {boolean} sampled where a thread was, beside what it called
 *
 * @typedef {object} Loss missing events between two times
 * @property {number} startNs
 * @property {number} endNs
 * @property {number} count
 * @property {string} reason "evicted", "torn", "contention", …
 *
 * @typedef {object} Operation as in ringscope's stats, times in ms
 * @property {string} name
 * @property {number} count
 * @property {number} errors
 * @property {number} total_time
 * @property {number} min_time
 * @property {number} avg_time
 * @property {number} max_time
 * @property {number} p50
 * @property {number} p90
 * @property {number} p99
 * @property {number} p999
 * @property {number} success_rate
 * @property {number[]} [log2_buckets] calls that lasted from 2^i ns to less than 2^(i + 1); absent
 *   without percentiles
 *
 * @typedef {object} Overview everything known once a trace is open; changes only in live ones
 * @property {string} format 'ringscope', or the name of the import format: 'chrome', …
 * @property {string} formatTitle the same for people: "Trace Event JSON"
 * @property {string} title the file's name
 * @property {number} events
 * @property {number} shown that pass the filter
 * @property {{ text: string, hits: number }} [search] in a trace that has grown: all hits
 * @property {number} beginNs of the first event; not 0 if a growing trace has dropped others
 * @property {number} durationNs from 0 to the last end
 * @property {number} resolutionNs smallest difference the clock can measure
 * @property {number} rows
 * @property {number} flows how many arrows
 * @property {number} bytes of memory, in the worker
 * @property {Category[]} categories
 * @property {Process[]} processes
 * @property {Track[]} tracks in display order
 * @property {boolean} hasSamples some tracks are of samples
 * @property {Loss[]} losses
 * @property {string[]} names by id
 * @property {string[]} fields of an expression, as typed: "name:"
 * @property {Map<string, string>} sources where functions begin, by function name: "lua.c:317"
 * @property {string[]} notes messages for the person ("An end without a beginning is left out: 12
 *   times, first in event 4 at byte 310")
 * @property {Record<string, unknown> | null} summary CONTRACT.md's summary with its JSON keys;
 *   null for imports
 * @property {string | null} summaryText the same, as printed
 * @property {Operation[]} operations
 *
 * @typedef {object} Filter
 * @property {string[]} hidden categories
 * @property {string} who '': everybody; 'p812': a process, 't812.813': a thread
 * @property {number} minDurationNs
 * @property {string} text name or detail must contain it, ignoring case; '': anything
 * @property {string} [query] an expression (src/timeline/query/expression.h) that must match; '':
 *   anything
 *
 * @typedef {object} HiddenPlaces the same as indices into an overview's lists
 * @property {number[]} hiddenCategories
 * @property {number[]} hiddenTracks
 *
 * @typedef {object} QueryError
 * @property {string} message the error in an expression
 * @property {number} at where, in characters
 * @property {number} length
 *
 * @typedef {object} EventDetails
 * @property {number} event
 * @property {'instant' | 'span' | 'sample'} kind
 * @property {string} name
 * @property {string | null} detail
 * @property {string | null} argumentsText structured arguments, as JSON
 * @property {number[]} [leadsTo] events where its flows arrive; only in answers about a single
 *   event
 * @property {number[]} [comesFrom] events from which flows arrive at it; likewise
 * @property {unknown} [arguments] argumentsText as a value; likewise; null: there are none
 * @property {number} category
 * @property {number} track
 * @property {number} row
 * @property {number} startNs
 * @property {number} durationNs
 * @property {number} selfNs
 * @property {number} value
 * @property {number} parent event, or -1
 * @property {number} flags as in Geometry
 *
 * @typedef {object} How options for a question that may take long
 * @property {(progress: { share: number }) => void} [report] gets the progress
 * @property {AbortSignal} [signal] stops it within 50 ms, with an AbortError
 *
 * @typedef {{ name: string, module: string, address: number }} Frame of a stack; "" and 0: unknown
 *
 * @typedef {{ track: number, fromNs: number, toNs: number }} Gap between two events of a thread
 *
 * @typedef {object} SearchState
 * @property {number} hits so far
 * @property {boolean} done
 *
 * @typedef {object} TableRow
 * @property {number} event
 * @property {number} startNs
 * @property {number} durationNs
 * @property {string} name
 * @property {string | null} detail
 * @property {string | null} argumentsText
 * @property {number} category
 * @property {number} track
 * @property {'instant' | 'span' | 'sample'} kind
 * @property {number} selfNs
 * @property {number} value
 * @property {number} flags
 *
 * @typedef {'start' | 'duration' | 'name' | 'category' | 'track'} SortKey
 *
 * @typedef {object} Live follows a trace that still grows
 * @property {boolean} paused if true nothing changes; missed events are reported after resuming
 * @property {(paused: boolean) => void} setPaused
 * @property {(listener: () => void) => void} onChange called when the trace has grown: overview is
 *   a new one, and the filter, the search and the table's order still apply. Events get new numbers
 *   then
 *
 * @typedef {'chrome' | 'perfetto'} ExportFormat Trace Event JSON, or Perfetto's own format
 * @typedef {'ring' | 'bare' | ExportFormat} SaveFormat an image, another tool's format, or an image
 *   without details, arguments and results
 *
 * @typedef {object} Trace
 * @property {Overview} overview
 * @property {Live | null} live null: it does not change
 * @property {(filter: Filter, how?: How) => Promise<{events: number}>} filter applies to all later
 *   questions; while it is being applied, other questions use the previous filter, which stays if
 *   this is stopped; a new filter stops it, with an AbortError
 * @property {(text: string) => Promise<QueryError | null>} check finds the error in an expression
 * @property {(request: WindowRequest) => Promise<Geometry>} window
 * @property {() => Promise<Gap[]>} gaps the longest ones with no event of the view, one per thread,
 *   if at least 1/500 of the trace
 * @property {(row: number, timeNs: number, toleranceNs: number) => Promise<number>} hit event or -1
 * @property {(event: number) => Promise<EventDetails>} event
 * @property {(event: number) => Promise<Frame[]>} stack where in the program it was recorded,
 *   innermost frame first; empty: unknown
 * @property {(event: number, among: 'row' | 'track' | 'name', direction: -1 | 1) =>
 *   Promise<number>} neighbour event or -1
 * @property {(text: string, report: (state: SearchState) => void) => Promise<SearchState>} search
 *   for an expression: marks hits in geometry from then on; report gets the hits counted so far; ''
 *   ends it
 * @property {(from: {event?: number, timeNs?: number}, direction: -1 | 1) => Promise<{event:
 *   number, rank: number}>} nextHit
 * @property {(fromNs: number, toNs: number, by: GroupKey, how?: How & { hits?: boolean, only?:
 *   Only }) => Promise<Statistic[]>} statistics of events that reach into a range, each clipped to
 *   it; hits: of the search's only. A new filter stops it: AbortError
 * @property {(fromNs: number, toNs: number, hits: boolean) => Promise<Uint8Array>} occupied by
 *   track: 1 if it has events that reach into a range; hits: of the search's only
 * @property {(request: TreeRequest, how?: { report?: (progress: { share: number, nodes?: TreeNode[]
 *   }) => void, signal?: AbortSignal }) => Promise<{ nodes?: TreeNode[], callers?: TreeNode[],
 *   callees?: TreeNode[] }>} tree nodes; for a sandwich callers and callees. While an upright tree
 *   is being made, report gets the nodes so far
 * @property {(request: WorkRequest, how?: How) => Promise<Work>} work
 * @property {(name: number, bins: number) => Promise<{counts: Uint32Array, boundsNs:
 *   Float64Array}>} histogram
 * @property {(fromNs: number, toNs: number, buckets: number) => Promise<{buckets: number,
 *   categories: number, counts: Uint32Array, hits: Uint32Array | null}>} density events of the view
 *   under way: counts[bucket * categories + category]; hits: those of the search, likewise
 * @property {(fromNs: number, toNs: number) => Promise<{ from: EventDetails, to: EventDetails
 *   }[]>} arrows the flows that reach into a range, at most 500, between events of the view
 * @property {(key: SortKey, descending: boolean, how?: How) => Promise<{rows: number}>} sort the
 *   table; a new order or a new filter stops it: AbortError
 * @property {(first: number, count: number, how?: { signal?: AbortSignal }) => Promise<TableRow[]>}
 *   rows of the table, in its order
 * @property {(event: number) => Promise<number>} position of an event in the table, or -1
 * @property {(name: number, durations: boolean) => Promise<{startNs: Float64Array, values:
 *   Float64Array}>} series all events of a name over time, thinned to at most 20,000, keeping the
 *   longest: durations in ns, or values of samples
 * @property {(format: SaveFormat) => Promise<Blob>} save uncompressed, even if the file was
 *   compressed
 * @property {(fromNs: number, toNs: number) => Promise<Blob>} saveRange events that reach into it,
 *   ignoring the filter, as an image; an error in a trace that grows
 * @property {() => void} dispose
 * @property {boolean} ended there are no more answers
 * @property {Promise<Error>} [lost] why it ended, if not by dispose() */
/**
 * @typedef {import('./geometry_types.js').WindowRequest} WindowRequest
 * @typedef {import('./geometry_types.js').Geometry} Geometry
 * @typedef {import('./geometry_types.js').CounterGeometry} CounterGeometry
 * @typedef {import('./counted_types.js').Statistic} Statistic
 * @typedef {import('./counted_types.js').GroupKey} GroupKey
 * @typedef {import('./counted_types.js').StatisticsRequest} StatisticsRequest
 * @typedef {import('./counted_types.js').Only} Only
 * @typedef {import('./counted_types.js').TreeRequest} TreeRequest
 * @typedef {import('./counted_types.js').TreeNode} TreeNode
 * @typedef {import('./counted_types.js').WorkRequest} WorkRequest
 * @typedef {import('./counted_types.js').Work} Work
 */
export {};
