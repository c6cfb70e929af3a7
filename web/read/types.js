/** The results of reading, as C prints them in JSON; times are ms. */

/** @typedef {import('../record/category.js').CategoryName} CategoryName */

/**
 * @typedef {object} OperationStats
 * @property {string} name
 * @property {number} count @property {number} errors @property {number} success_rate 0 to 1
 * @property {number} total_time @property {number} min_time @property {number} avg_time @property {number} max_time
 * @property {number} [p50] @property {number} [p90] @property {number} [p99] @property {number} [p999] if it has a histogram
 * @property {number[]} [log2_buckets]
 */

/** By category; zeros are left out. @typedef {Partial<Record<CategoryName, number>>} ByCategory */

/**
 * @typedef {object} Losses
 * @property {ByCategory} attempted @property {ByCategory} recorded @property {ByCategory} held @property {ByCategory} evicted
 * @property {ByCategory} left_out @property {ByCategory} lost_contention @property {ByCategory} lost_invalid
 * @property {ByCategory} lost_orphaned @property {ByCategory} lost_overrun @property {number} without_category
 * @property {number} names_overflowed @property {number} tracks_overflowed @property {number} details_truncated
 * @property {number} operations_overflowed @property {number} histograms_missing @property {number} counts_lost
 * @property {number} open_spans_overflowed @property {number} missed
 */

/**
 * @typedef {object} Summary
 * @property {number} uptime @property {boolean} enabled @property {number} event_count @property {number} capacity
 * @property {number} syscall_count @property {number} syscall_errors
 * @property {number} tick_count @property {number} avg_tick_time @property {number} max_tick_time @property {number} total_tick_time
 * @property {number} tasks_polled @property {number} tasks_completed @property {number} tasks_spawned @property {number} avg_tasks_per_tick
 * @property {number} processes_spawned @property {number} processes_exited @property {number} current_process_count
 * @property {number} peak_process_count @property {number} signals_delivered @property {number} timers_fired
 * @property {number} bytes_read @property {number} bytes_written
 * @property {number} clock_resolution @property {number} clock_steps @property {number} clock_step_at @property {number} clock_step_by
 * @property {CategoryName[]} filter @property {Losses} losses
 */

/**
 * @typedef {object} OpenSpan
 * @property {string} name @property {CategoryName} category @property {number} start @property {number} depth
 * @property {number} lane @property {number} track @property {boolean} async @property {boolean} parent_ended
 */

export {};
