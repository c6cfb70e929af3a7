/*
 * ringscope: a flight recorder for C and C++ programs, native and in WebAssembly.
 *
 *     trace_enable();
 *     trace_event(TRACE_FILE, "open", "/etc/passwd");
 *     TRACE_SCOPE(TRACE_FILE, "load config");
 *     load_config();
 *     trace_op("read", 0.25, true);
 *
 * A tracer keeps the last N events in a bounded ring and counts operations all the time. trace_* functions act on the
 * process's default tracer, tracer_* functions on a given one. NULL means the default tracer there too, except that
 * tracer_destroy(NULL) does nothing. All recording functions may be called from any thread and from signal handlers.
 * They never wait, and after a thread's first event (or its first since a reset) they neither allocate nor make system
 * calls.
 *
 * This interface has times in milliseconds, as double, counted from the tracer's creation or by the program's own
 * clock. Internally they are integers in nanoseconds.
 *
 * Unless a function says otherwise:
 * - Any thread may call it.
 * - NULL for a tracer means the default tracer. NULL for another object means an empty one: its functions return false,
 *   0 or NULL, or TRACER_ERROR_ARGUMENT, as they do for a NULL result or other required pointer. NULL for options or a
 *   query means the defaults or everything; NULL for a message means that it is not wanted.
 * - A function's comment names its errors. After an error, the object to be created is NULL.
 * - Arguments are borrowed for the call. Objects that the caller owns are freed by the destroy or close function of
 *   their kind, or by free(), all of which accept NULL. Borrowed text ends in NUL.
 *
 * Compile with -DTRACE_DISABLED to remove every recording call; its arguments are not evaluated.
 */
#ifndef RINGSCOPE_H
#define RINGSCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* g++ warns that a C++ function shadows a struct of the same name (trace_summary, trace_event). */
#if defined(__cplusplus) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Avoid g++'s and clang's warnings -Wold-style-cast and -Wzero-as-null-pointer-constant. */
#ifdef __cplusplus
#define TRACE_CAST_(type, value) static_cast<type>(value)
#define TRACE_NULL_ nullptr
#else
#define TRACE_CAST_(type, value) ((type)(value))
#define TRACE_NULL_ NULL
#endif

#define TRACER_API __attribute__((visibility("default")))

/* ------------------------------------------------------------------ version */

#define TRACER_VERSION_MAJOR 0
#define TRACER_VERSION_MINOR 2
#define TRACER_VERSION_PATCH 0
#define TRACER_VERSION "0.2.0"

/* The version of the library in use, which may be newer than this header. Static text. */
TRACER_API const char *tracer_version(void);

/* ------------------------------------------------------------------- errors */

/* Every error: its name and meaning. Its code is its position in this list. */
#define TRACER_ERRORS(X)                                                                \
    X(OK, "success")                                                                    \
    X(ERROR_ARGUMENT, "invalid argument")                                               \
    X(ERROR_MEMORY, "not enough memory")                                                \
    X(ERROR_TOO_LARGE, "the requested sizes exceed what an image can hold")             \
    X(ERROR_OPEN, "the file cannot be opened")                                          \
    X(ERROR_READ, "the file cannot be read")                                            \
    X(ERROR_WRITE, "the output cannot be written")                                      \
    X(ERROR_NO_SPACE, "no space left for the file")                                     \
    X(ERROR_NOT_A_FILE, "not a regular file")                                           \
    X(ERROR_NOT_AN_IMAGE, "not a ringscope image")                                      \
    X(ERROR_BYTE_ORDER, "the image was written on a machine with the other byte order") \
    X(ERROR_VERSION, "this reader does not know the image's format version")            \
    X(ERROR_TRUNCATED, "the image is cut off")                                          \
    X(ERROR_DAMAGED, "the image is inconsistent")                                       \
    X(ERROR_LIVE, "the image has a living writer")                                      \
    X(ERROR_NOT_LIVE, "the image has no living writer")                                 \
    X(ERROR_PERMISSION, "permission denied")                                            \
    X(ERROR_UNKNOWN, "no such name")                                                    \
    X(ERROR_UNSUPPORTED, "not available on this platform")                              \
    X(ERROR_CANCELLED, "cancelled")                                                     \
    X(ERROR_FORMAT, "not in the expected format")

enum tracer_error {
#define TRACER_ERROR_CODE(name, text) TRACER_##name,
    TRACER_ERRORS(TRACER_ERROR_CODE)
#undef TRACER_ERROR_CODE
        TRACER_ERROR_COUNT
};

/* Return an error's name, "TRACER_ERROR_OPEN", and its meaning. Static text, for unknown codes too. */
TRACER_API const char *tracer_error_name(enum tracer_error error);
TRACER_API const char *tracer_error_text(enum tracer_error error);

/* The exact reason for a failure, with the values: "format version 3, this reader knows 1". Functions that take one
 * accept NULL, and write it only if they fail. */
struct tracer_message {
    char text[256];
};

/* -------------------------------------------------------------------- types */

/* Every category: constant, printed name, long name. */
#define TRACE_CATEGORIES(X)             \
    X(SYSCALL, "SYSCALL", "Syscall")    \
    X(PROCESS, "PROCESS", "Process")    \
    X(MEMORY, "MEMORY", "Memory")       \
    X(TIMER, "TIMER", "Timer")          \
    X(SIGNAL, "SIGNAL", "Signal")       \
    X(SCHEDULER, "SCHED", "Scheduler")  \
    X(FILE, "FILE", "File")             \
    X(IPC, "IPC", "Ipc")                \
    X(COMPOSITOR, "COMP", "Compositor") \
    X(CUSTOM, "CUSTOM", "Custom")

enum trace_category {
#define TRACE_CATEGORY_CODE(name, printed, long_name) TRACE_##name,
    TRACE_CATEGORIES(TRACE_CATEGORY_CODE)
#undef TRACE_CATEGORY_CODE
        TRACE_CATEGORY_COUNT
};

/* A set of categories, for filters and queries: TRACE_MASK(TRACE_FILE) | TRACE_MASK(TRACE_IPC). */
#define TRACE_MASK(category) (1u << (category))
#define TRACE_MASK_ALL ((1u << TRACE_CATEGORY_COUNT) - 1)

/* The printed name ("SCHED"); "?" for an unknown category. Static text. */
TRACER_API const char *trace_category_name(enum trace_category category);

/* Accepts the printed and the long name in any case. For other text, returns false and leaves *category alone. */
TRACER_API bool trace_category_parse(const char *text, enum trace_category *category);

enum trace_kind {
    TRACE_KIND_INSTANT, /* a point in time */
    TRACE_KIND_SPAN, /* start and duration; recorded when it ends */
    TRACE_KIND_SAMPLE, /* a counter's value at a point in time */
    TRACE_KIND_FLOW, /* one end of an arrow, which leads from a flow out to the flow in with the same id */
    TRACE_KIND_COUNT
};

/* Why an attempted event was not recorded. */
enum trace_loss {
    TRACE_LOSS_CONTENTION, /* the thread had no lane of its own, and the shared one was in use */
    TRACE_LOSS_INVALID, /* a time or value that is NaN or infinite, a negative time, or an invalid category */
    TRACE_LOSS_ORPHANED, /* a span that ended after disable or reset, or on another thread */
    TRACE_LOSS_OVERRUN, /* `ringscope record`: the kernel produced events faster than they could be read */
    TRACE_LOSS_COUNT
};

/* Fields of struct trace_event that can be absent. */
enum trace_field {
    TRACE_HAS_TIMESTAMP = 1,
    TRACE_HAS_PID = 2,
    TRACE_HAS_DURATION = 4,
    TRACE_HAS_TRACK = 8, /* recording only: .track says which track the event belongs to */
    /* Flags that only readers set. */
    TRACE_DETAIL_LOST = 16, /* newer details have overwritten this one */
    TRACE_DETAIL_TRUNCATED = 32, /* it was longer than the image keeps */
    TRACE_BELOW_RESOLUTION = 64, /* the duration is below the clock's resolution */
    /* Properties of the event, for recording and reading. */
    TRACE_FAILED = 128, /* it failed */
    TRACE_FLOW_IN = 256, /* the flow arrives here; otherwise it leaves */
    TRACE_HAS_ASYNC_ID = 512,
    TRACE_HAS_PARENT = 1024,
    TRACE_HAS_STACK = 2048
};

/*
 * An event, as given to trace_event_ex() and as returned by readers. In this struct, struct trace_span and struct
 * tracer_query, an optional field counts as present if it is not zero, or if its bit in .has or its .has_... member is
 * set, so that a pid or a timestamp can be 0. Readers set .has exactly.
 */
struct trace_event {
    double timestamp; /* ms; the start of a span. Recording: if absent, now (a span ends now) */
    const char *name; /* at most 255 bytes are kept */
    const char *detail; /* NULL: none. "": an empty one */
    const char *label; /* your own category, stored with the name while its table has room; NULL: none */
    double duration; /* ms, >= 0; makes the event a span */
    double value; /* of a counter sample */
    uint64_t flow_id; /* of a flow: the same where it leaves and where it arrives */
    uint64_t async_id; /* joins events that belong together across threads and awaits */
    uint64_t parent; /* the async id of the parent */
    uint64_t stack; /* an id from tracer_add_stack(), or from another recorder of stacks */
    const char *arguments, *result; /* of a call, each as JSON text below 4096 bytes; NULL: none */
    size_t detail_size; /* bytes of detail; recording: 0 means strlen(detail) */
    uint64_t time_ns; /* readers only: timestamp as an exact integer */
    uint64_t duration_ns; /* readers only */
    uint32_t pid; /* as given by the caller */
    uint32_t track; /* id for tracer_snapshot_track(); 0: unknown */
    enum trace_category category;
    enum trace_kind kind; /* SAMPLE to record a value, FLOW a flow; the others follow from duration */
    uint32_t has; /* bits of enum trace_field */
    uint32_t lane; /* readers only: its writer */
    uint64_t sequence; /* readers only: its number within the lane, from 0 */
};

/* The subject of events: a thread, or a process that the program itself manages. */
struct trace_track {
    const char *name; /* "" if none was given */
    uint32_t pid;
    uint32_t tid;
};

#define TRACE_LOG2_BUCKETS 42 /* the last one has everything longer than 36 minutes */

/* A frame of a stack: a function's name, or an address in a module, or both. */
struct trace_frame {
    const char *name; /* the function's; NULL for none when recording, then "" when reading */
    const char *module; /* its build id, path or URL; likewise */
    uint64_t address; /* in the module, or in memory if there is none */
};

/* Statistics of one operation. Times are in ms; *_ns are the same as exact integers. Sums stop at UINT64_MAX. */
struct trace_perf {
    const char *name;
    uint64_t count; /* all calls, including failed ones */
    uint64_t errors;
    double total_time;
    double min_time; /* meaningful only if count > 0 */
    double max_time;
    uint64_t total_ns, min_ns, max_ns;
    bool has_percentiles; /* they cover all calls; false: there are no calls, or some are in no histogram */
    uint64_t without_histogram; /* calls for which the pool of histograms had no room */
    double p50, p90, p99, p999; /* relative error at most 1/16 */
    /* Calls that lasted at least 2^i ns and less than 2^(i + 1); [0] includes 0 ns. All 0 without percentiles. */
    uint64_t log2_buckets[TRACE_LOG2_BUCKETS];
};

/* total_time / count, or 0 without calls. */
static inline double perf_avg_time(const struct trace_perf *perf)
{
    return perf->count ? perf->total_time / TRACE_CAST_(double, perf->count) : 0;
}

/* (count - errors) / count, or 1 without calls. */
static inline double perf_success_rate(const struct trace_perf *perf)
{
    return perf->count ? TRACE_CAST_(double, perf->count - perf->errors) / TRACE_CAST_(double, perf->count) : 1;
}

/*
 * What happened to the events of each category, exact when no writer is recording: attempted = lost + recorded, and
 * recorded = held + evicted + left_out. Events that the filter excludes are not attempts.
 */
struct trace_losses {
    uint64_t attempted[TRACE_CATEGORY_COUNT];
    uint64_t recorded[TRACE_CATEGORY_COUNT];
    uint64_t held[TRACE_CATEGORY_COUNT];
    uint64_t evicted[TRACE_CATEGORY_COUNT];
    uint64_t left_out[TRACE_CATEGORY_COUNT]; /* held when the image was saved, but not selected by the query */
    uint64_t lost[TRACE_LOSS_COUNT][TRACE_CATEGORY_COUNT];
    uint64_t names_overflowed; /* events whose name did not fit in the table and went to the detail, and threads and
                                * processes that stay without a name for lack of room */
    uint64_t tracks_overflowed; /* events whose track did not fit in the table */
    uint64_t processes_overflowed; /* processes that did not fit in the table */
    uint64_t stacks_overflowed; /* stacks that did not fit in their table or that of names, and are not kept */
    uint64_t details_truncated;
    uint64_t operations_overflowed; /* calls counted in "(other)" */
    uint64_t histograms_missing; /* calls missing from percentiles because the pool was full */
    uint64_t counts_lost; /* statistics of threads that had no lane to count in */
    uint64_t open_spans_overflowed; /* async spans that were recorded, but not listed while they were open */
    uint64_t without_category; /* attempts lost because their category is not in the list */
    uint64_t missed; /* events that could not be read because they were being written */
};

/* An overview. Times are in ms. The JSON keys are the field names. */
struct trace_summary {
    double uptime; /* since trace_enable(); stops at trace_disable() */
    bool enabled;
    uint32_t filter; /* categories recorded while enabled */
    uint64_t event_count; /* in the ring */
    uint64_t capacity; /* events that the ring keeps */
    uint64_t syscall_count, syscall_errors; /* of all operations */
    uint64_t tick_count, tasks_polled, tasks_completed, tasks_spawned;
    double total_tick_time, max_tick_time, avg_tick_time, avg_tasks_per_tick;
    uint64_t processes_spawned, processes_exited, current_process_count, peak_process_count;
    uint64_t signals_delivered, timers_fired, bytes_read, bytes_written;
    uint64_t clock_resolution_ns;
    /* Whether the clock was set or re-scaled while recording, as when a virtual machine is suspended, moved or
     * restored: how often, and the time and size of the largest step (ms; negative: back). Times around a step are
     * interpolated; all others are right. */
    uint64_t clock_steps;
    double clock_step_at, clock_step_by;
    uint64_t clock_step_at_ns;
    int64_t clock_step_by_ns;
    uint64_t uptime_ns, total_tick_ns, max_tick_ns; /* the times above as exact integers */
    struct trace_losses losses;
};

/* A tracer, which records into one image. Opaque. */
struct tracer;

/* Returns the time in ms. Called with the given argument, from any recording thread. */
typedef double (*tracer_clock_function)(void *argument);

/* The source of the machine's time. By default it is the processor's counter if that is invariant and the kernel reads
 * its own clock from it in user space, and otherwise CLOCK_MONOTONIC. */
enum tracer_clock_source {
    TRACER_CLOCK_DEFAULT = 0,
    TRACER_CLOCK_TSC = 1, /* the counter, trusted or not; if there is none, CLOCK_MONOTONIC */
    TRACER_CLOCK_MONOTONIC = 2
};

/* Options of a new tracer. Zero always means the default. */
struct tracer_options {
    uint64_t capacity_events; /* N, default 1000; at most 2^30 */
    const char *path; /* keep the image in this file, in which %p becomes the process id; default: on the heap */
    void *memory; /* or in this memory, 4096-aligned, tracer_image_size() bytes; borrowed */
    size_t memory_size;
    uint64_t detail_bytes; /* text kept per lane, default 64 * N, at least 4096 */
    uint32_t lanes; /* concurrent writers, default processors + 2 up to 16 (1 in WebAssembly without threads), at
                       most 512. The last is shared by threads beyond them; with one, only the thread that has it
                       records */
    uint32_t names; /* distinct event names, and frames of stacks, default 2048 of each, at most 65535. A reset that
                       finds the names full makes room for as many again, up to eight times as many and 65535 */
    uint32_t operations; /* distinct operations, default 256, at most 65535 */
    uint32_t tracks; /* distinct (pid, tid), and processes, default 1024 of each, at most 65535 */
    uint32_t histograms; /* operations times lanes that have percentiles, default operations * min(lanes, 4) */
    bool without_details; /* keep no details, which may hold secrets */
    bool prefault; /* touch all pages now; otherwise, a file's pages for a lane when a thread first records into it */
    bool survive_truncation; /* for an image in a file: see tracer_create() */
    tracer_clock_function clock; /* the program's own time, in ms; default: the machine's */
    void *clock_argument;
    enum tracer_clock_source clock_source; /* RINGSCOPE_CLOCK=tsc|monotonic in the environment overrides it */
};

/* ---------------------------------------------------------------- lifecycle */

/* The size in bytes of an image with these options, by the formula in src/README.md. TRACER_ERROR_ARGUMENT,
 * TRACER_ERROR_TOO_LARGE. Any thread. */
TRACER_API enum tracer_error tracer_image_size(const struct tracer_options *options, uint64_t *size_bytes);

/* Creates a tracer, disabled. NULL options: the defaults. The caller owns *tracer and frees it with tracer_destroy().
 * After an error *tracer is NULL, which means the default tracer. A file image replaces an older image at its path; one
 * that was not closed properly is kept as path.1. A file that is not an image (TRACER_ERROR_NOT_AN_IMAGE) or has a
 * living writer (TRACER_ERROR_LIVE) is left alone. TRACER_ERROR_ARGUMENT, TRACER_ERROR_MEMORY, TRACER_ERROR_TOO_LARGE,
 * TRACER_ERROR_OPEN, TRACER_ERROR_NO_SPACE, TRACER_ERROR_PERMISSION. Any thread.
 *
 * If somebody truncates a file image, or punches a hole into it on a full disk, its program ends with SIGBUS. With
 * survive_truncation, the image is in memory, and a thread of the library copies it to the file about once a second if
 * there is anything new, and in tracer_destroy(). The file is then a saved image, always complete, and written anew
 * each time, whatever happened to it. Others cannot control or follow it, and if the program is killed, everything
 * after the last copy is lost. A failed copy leaves the previous one and is tried again, with a note of the failure.
 * Forked children record into the image as long as their parent lives. */
TRACER_API enum tracer_error tracer_create(struct tracer **tracer, const struct tracer_options *options,
                                           struct tracer_message *message);

/* Ends a tracer. A file image stays, closed. Does nothing for NULL. No other thread may be using the tracer. */
TRACER_API void tracer_destroy(struct tracer *tracer);

/*
 * Creates the default tracer with these options; without this call, it is created on the heap at its first use.
 * TRACER_ERROR_LIVE if it exists already; other errors as for tracer_create().
 *
 * RINGSCOPE=app.ring,events=100000,filter=file+ipc in the environment (also lanes=N, names=N, details=no and
 * survive_truncation=yes; everything but the path is optional) creates it before main() and enables it, so that a
 * program need not call this or trace_enable(). The first call of this function then succeeds and changes nothing. The
 * variable is ignored in programs with more rights than their user.
 */
TRACER_API enum tracer_error trace_open(const struct tracer_options *options, struct tracer_message *message);

/* Ends the default tracer, if there is one. No other thread may be recording. */
TRACER_API void trace_close(void);

/* The default tracer, created if necessary; NULL only without memory. Borrowed until trace_close(). */
TRACER_API struct tracer *trace_default(void);

/* ------------------------------------------------------------------ control */

/* Enabling a disabled tracer starts its uptime; enabling an enabled one changes nothing. Fails only if the default
 * tracer cannot be created (TRACER_ERROR_MEMORY). Any thread. */
TRACER_API enum tracer_error trace_enable(void);
TRACER_API enum tracer_error tracer_enable(struct tracer *tracer);
TRACER_API void trace_disable(void);
TRACER_API void tracer_disable(struct tracer *tracer);
TRACER_API bool trace_enabled(void);
TRACER_API bool tracer_enabled(const struct tracer *tracer);

/* Records only these categories; 0 or TRACE_MASK_ALL: all. Unknown bits are ignored. */
TRACER_API void trace_set_filter(uint32_t mask);
TRACER_API void tracer_set_filter(struct tracer *tracer, uint32_t mask);

/* Clears events, losses and statistics; keeps enabled, filter, names, operations and the start. If the table of names
 * is full, it gets more room: see tracer_options.names. */
TRACER_API void trace_reset(void);
TRACER_API void tracer_reset(struct tracer *tracer);
/* The two halves of a reset: events and losses; statistics. */
TRACER_API void trace_clear_events(void);
TRACER_API void tracer_clear_events(struct tracer *tracer);
TRACER_API void trace_reset_stats(void);
TRACER_API void tracer_reset_stats(struct tracer *tracer);

/* Takes the time from function(argument) from now on (NULL: the machine's clock again). Clears the events, because
 * times of two clocks cannot be compared. No other thread may be recording. */
TRACER_API void trace_set_clock(tracer_clock_function function, void *argument);
TRACER_API void tracer_set_clock(struct tracer *tracer, tracer_clock_function function, void *argument);

/* Sets the time from which uptime counts. TRACER_ERROR_ARGUMENT for NaN, infinite and negative times. */
TRACER_API enum tracer_error trace_set_start_time(double ms);
TRACER_API enum tracer_error tracer_set_start_time(struct tracer *tracer, double ms);

/* The tracer's time now, in ms. Any thread. */
TRACER_API double trace_now(void);
TRACER_API double tracer_now(const struct tracer *tracer);

/* Requests that another process may make of a live file image. */
struct tracer_command {
    bool enable, disable; /* at most one */
    bool reset;
    bool set_filter;
    uint32_t filter; /* as for trace_set_filter() */
    bool snapshot; /* asks triggers with .on_request, and any running ringscope watch, to save the trace */
};

/* Controls the tracer, in another process or this one, that writes the image at path. It must be a regular file of the
 * caller (for root, of anybody), and its writer must be alive. TRACER_ERROR_ARGUMENT, TRACER_ERROR_OPEN,
 * TRACER_ERROR_NOT_A_FILE, TRACER_ERROR_PERMISSION, TRACER_ERROR_NOT_LIVE, TRACER_ERROR_UNSUPPORTED (nobody would save:
 * nothing is done), and errors of tracer_reader_open(). */
TRACER_API enum tracer_error tracer_control_file(const char *path, const struct tracer_command *command,
                                                 struct tracer_message *message);

/* ------------------------------------------------------------------- record */

/*
 * trace_event(category, name, detail)           an instant; detail may be NULL
 * trace_eventf(category, name, format, ...)     the same, with a detail formatted as by printf()
 * trace_counter(category, name, value)          a counter's value now
 * trace_flow_out(category, name, id)            the beginning of an arrow, in the thread's innermost open span
 * trace_flow_in(category, name, id)             its end: caused by the flow out with the same id
 * TRACE_SCOPE(category, name);                  a span from here to the end of the enclosing block
 * TRACE_OP(category, name);                     the same, and also one call of the operation of that name
 *
 * A scope ends however its block is left: by break, continue, goto, return, or an exception. A goto or switch must not
 * jump past it into its block (clang and C++ refuse that, gcc does not). TRACE_SCOPE_AS(span, category, name) and
 * TRACE_OP_AS(span, category, name) name the variable, for trace_span_fail(&span) and trace_span_detail(&span, text).
 *
 * TRACE_SPAN(category, name) { ... } is a span of the block that follows. It is a `for` that runs once: break and
 * continue in it leave only the span, not a loop around it. Use TRACE_SCOPE in loops.
 *
 * Each has a form for a given tracer: tracer_event(tracer, ...), TRACER_SCOPE(tracer, ...), and so on. Names are cut to
 * 255 bytes. A literal name is looked up once per call site. Memory that arguments point to is not used after the
 * statement. Each argument is evaluated at most once, and only if the event is wanted; an operation always is. All
 * arguments except category and tracer may contain commas. Any thread, and signal handlers too (trace_eventf() only if
 * the C library's vsnprintf() may be called in handlers). In C, an `inline` function that uses one of them with a
 * literal name must also be `static`, because the call site has its own memory.
 */

/* Inlined even without optimization, because a call site has its own memory, and arguments live as long as the call. */
#define TRACE_INLINE_ static inline __attribute__((always_inline))

#ifndef TRACE_DISABLED

extern TRACER_API const uint64_t *trace_control_word;

/* The low bits of a control word are the wanted categories. All unknown categories share bit 15, which is set while
 * tracing is on, so that each such attempt is counted as invalid. */
TRACE_INLINE_ bool trace_control_wants_(const uint64_t *control, enum trace_category category)
{
    const uint32_t number = TRACE_CAST_(uint32_t, category);
    return ((__atomic_load_n(control, __ATOMIC_RELAXED) >> (number < 15 ? number : 15)) & 1) != 0;
}

/* Whether an event of this category would be recorded: two loads and a test. Any thread. */
TRACE_INLINE_ bool trace_wants(enum trace_category category)
{
    return trace_control_wants_(__atomic_load_n(&trace_control_word, __ATOMIC_RELAXED), category);
}

/* The same for a given tracer, whose first word points to its control word. NULL: the default one. */
TRACE_INLINE_ bool tracer_wants(const struct tracer *tracer, enum trace_category category)
{
    const void *const first = tracer;
    return first ? trace_control_wants_(*TRACE_CAST_(const uint64_t *const *, first), category) : trace_wants(category);
}

#else

static inline bool trace_wants(enum trace_category category)
{
    (void)category;
    return false;
}

static inline bool tracer_wants(const struct tracer *tracer, enum trace_category category)
{
    (void)tracer, (void)category;
    return false;
}

#endif

/* A span that has begun, as returned by trace_span_begin(). Before it ends, you may set pid (and has_pid, if that is 0)
 * to the process it is about, and track (from trace_add_track()) to move it off its thread's track; leave the rest
 * alone. */
struct trace_span {
    struct tracer *tracer; /* NULL: the default */
    uint64_t start;
    uint64_t detail; /* where trace_span_detail() has stored it; 0: nowhere */
    uint64_t span_bits; /* 0: not wanted, or ended. Apart from start, or compilers would join them in a vector */
    uint64_t operation; /* of TRACE_OP(); 0: none */
    uint32_t pid;
    uint32_t has_pid;
    uint32_t track; /* 0: the thread's own */
};

/* The beginning of a span in two words, so that it is passed in registers. */
struct trace_token {
    uint64_t start;
    uint64_t span_bits;
};

#define TRACE_PRINTF_(text, first) __attribute__((__format__(__printf__, text, first)))

/* The functions behind the macros. tracer: NULL means the default. site: the call site's memory of its literal name, or
 * NULL. The macros check whether the event is wanted, and pass a detail's length, which the compiler often knows. */
TRACER_API void tracer_event_at(struct tracer *tracer, uint64_t *site, enum trace_category category, const char *name,
                                const char *detail, size_t detail_bytes);
TRACER_API void tracer_event_format(struct tracer *tracer, enum trace_category category, const char *name,
                                    const char *format, ...) TRACE_PRINTF_(4, 5);
TRACER_API void tracer_counter_at(struct tracer *tracer, uint64_t *site, enum trace_category category, const char *name,
                                  double value);
TRACER_API void tracer_flow_at(struct tracer *tracer, uint64_t *site, enum trace_category category, const char *name,
                               uint64_t id, bool in);
TRACER_API struct trace_token tracer_span_begin_at(struct tracer *tracer, uint64_t *site, enum trace_category category,
                                                   const char *name);
TRACER_API void tracer_span_end_at(struct tracer *tracer, uint64_t start, uint64_t span_bits, const char *detail,
                                   size_t detail_bytes);
/* Ends any other span, such as one whose name found the table full: span_bits is then negative. */
TRACER_API void tracer_span_end_ex(const struct trace_span *span, const char *detail, size_t detail_bytes);
TRACER_API void tracer_span_put_detail(struct trace_span *span, const char *detail, size_t detail_bytes);
TRACER_API void tracer_op_at(struct tracer *tracer, uint64_t *site, const char *name, double duration_ms, bool ok);
/* For TRACE_OP(): the span's site, then the operation's. */
TRACER_API void tracer_op_begin_at(struct trace_span *span, uint64_t *site, uint64_t *operation_site,
                                   enum trace_category category, const char *name);

/* Used by libringscope_functions. The first makes the site know the name with this label, unless a table is full. The
 * second begins a span of category CUSTOM in the default tracer, which must exist. The third ends a span that has
 * lasted at least min_duration_ns; for any other it returns false, as if it had never begun. */
TRACER_API void tracer_name_at(struct tracer *tracer, uint64_t *site, const char *name, const char *label);
TRACER_API void tracer_function_begin(struct trace_token *token, uint64_t *site, const char *name);
/* From this bit on, a site other than 0 says which tracer it knows. */
#define TRACE_SITE_GENERATION_SHIFT_ 38
TRACER_API bool tracer_span_end_least(struct tracer *tracer, struct trace_token token, uint64_t min_duration_ns,
                                      const char *detail, size_t detail_bytes);

/* Records the event if tracing is on and its category passes the filter. event is borrowed for the call. A negative,
 * NaN or infinite time or value, or a NULL name, is counted as lost (TRACE_LOSS_INVALID) and reported as
 * TRACER_ERROR_ARGUMENT. */
TRACER_API enum tracer_error trace_event_ex(const struct trace_event *event);
TRACER_API enum tracer_error tracer_event_ex(struct tracer *tracer, const struct trace_event *event);

/* The id, for trace_event.track, of the track for pid and tid, which gets this name (NULL: keeps its name). 0 if the
 * table is full. Any thread. */
TRACER_API uint32_t trace_add_track(uint32_t pid, uint32_t tid, const char *name);
TRACER_API uint32_t tracer_add_track(struct tracer *tracer, uint32_t pid, uint32_t tid, const char *name);

/* An id, for trace_event_ex(), of a stack of count frames, the innermost first; the same stack always gets the same id.
 * Frames and their names are stored in bounded tables as long as the tracer lives; stacks with the same outer frames
 * share them. 0 if there is no frame, or a table is full, which is counted. */
TRACER_API uint64_t trace_add_stack(const struct trace_frame *frames, size_t count);
TRACER_API uint64_t tracer_add_stack(struct tracer *tracer, const struct trace_frame *frames, size_t count);

/* Names the calling thread's track, which otherwise has the thread's name in the system. */
TRACER_API void trace_thread_name(const char *name);
TRACER_API void tracer_thread_name(struct tracer *tracer, const char *name);

TRACE_INLINE_ size_t trace_length_(const char *detail)
{
    return detail ? __builtin_strlen(detail) : 0;
}

/* A span that is not wanted: ending it does nothing. */
static inline struct trace_span trace_span_none(void)
{
    const struct trace_span span = { TRACE_NULL_, 0, 0, 0, 0, 0, 0, 0 };
    return span;
}

/* Ends a span from trace_span_begin(), with an optional detail. Does nothing if the span was not wanted or has ended.
 * Must be called on the thread that began it (async spans: on any). */
static inline void trace_span_end_detail(struct trace_span *span, const char *detail)
{
#ifdef TRACE_DISABLED
    (void)span, (void)detail;
#else
    const uint64_t span_bits = span->span_bits;
    const bool plain = TRACE_CAST_(int64_t, span_bits) > 0 && !(span->pid | span->has_pid | span->track) &&
                       !(span->detail | span->operation);
    if (plain) {
        span->span_bits = 0;
        tracer_span_end_at(span->tracer, span->start, span_bits, detail, trace_length_(detail));
    } else if (span_bits | span->operation) {
        const struct trace_span ended = *span; /* a copy, so that the span itself can stay in registers */
        span->span_bits = span->operation = 0;
        tracer_span_end_ex(&ended, detail, trace_length_(detail));
    }
#endif
}

static inline void trace_span_end(struct trace_span *span)
{
    trace_span_end_detail(span, TRACE_NULL_);
}

#define TRACE_SPAN_FAILED_ (1ull << 36) /* in span_bits */
#define TRACE_OP_FAILED_ (1ull << 31) /* in operation */

/* Marks a span as failed: its event gets the flag when it ends, and the call of TRACE_OP() counts as an error. May be
 * called more than once. */
static inline void trace_span_fail(struct trace_span *span)
{
    if (span->span_bits)
        span->span_bits |= TRACE_SPAN_FAILED_;
    if (span->operation)
        span->operation |= TRACE_OP_FAILED_;
}

/* Sets the detail of the span's event, copied now; the last one counts, and NULL is none. Does nothing if the span was
 * not wanted or has ended. Must be called on the thread that ends it. */
static inline void trace_span_detail(struct trace_span *span, const char *detail)
{
#ifdef TRACE_DISABLED
    (void)span, (void)detail;
#else
    if (span->span_bits)
        tracer_span_put_detail(span, detail, trace_length_(detail));
#endif
}

/* --------------------------------------------------------------- statistics */

/*
 * Always counted, whether tracing is on or off. Durations are in ms. NaN, infinite and negative ones are reported as
 * TRACER_ERROR_ARGUMENT; trace_op() counts them with a duration of 0, and as TRACE_LOSS_INVALID. Sums of durations,
 * bytes and tasks stop at UINT64_MAX.
 *
 * trace_op(name, duration_ms, ok)          one call of an operation; !ok counts it as an error
 */
TRACER_API enum tracer_error trace_tick(uint64_t tasks_polled, double duration_ms);
TRACER_API enum tracer_error tracer_tick(struct tracer *tracer, uint64_t tasks_polled, double duration_ms);
TRACER_API void trace_task_spawned(void);
TRACER_API void tracer_task_spawned(struct tracer *tracer);
TRACER_API void trace_task_completed(void);
TRACER_API void tracer_task_completed(struct tracer *tracer);
TRACER_API void trace_process_spawned(void);
TRACER_API void tracer_process_spawned(struct tracer *tracer);
TRACER_API void trace_process_exited(void);
TRACER_API void tracer_process_exited(struct tracer *tracer);
TRACER_API void trace_signal_delivered(void);
TRACER_API void tracer_signal_delivered(struct tracer *tracer);
TRACER_API void trace_timer_fired(void);
TRACER_API void tracer_timer_fired(struct tracer *tracer);
TRACER_API void trace_io(uint64_t bytes_read, uint64_t bytes_written);
TRACER_API void tracer_io(struct tracer *tracer, uint64_t bytes_read, uint64_t bytes_written);

/* --------------------------------------------------- the macros that record */

/* Unique names, so that a macro within another's argument shadows nothing. */
#define TRACE_JOIN_(name, number) TRACE_JOIN_TEXT_(name, number)
#define TRACE_JOIN_TEXT_(name, number) name##number

#ifndef TRACE_DISABLED

/* The memory of a call site whose name is a literal, else NULL. The argument's text decides (a literal begins and ends
 * with a quote), because __builtin_constant_p() alone is also true for a parameter after inlining, where one call site
 * has many names. */
#define TRACE_SITE_(name, site)                                                                                     \
    __extension__({                                                                                                 \
        static uint64_t site;                                                                                       \
        (#name)[0] == '"' && (#name)[sizeof(#name) - 2] == '"' && __builtin_constant_p(name) ? &site : TRACE_NULL_; \
    })
#define TRACE_SITE_OF_FIRST_(name, ...) TRACE_SITE_(name, TRACE_JOIN_(trace_site_, __COUNTER__))
#define TRACE_NO_SITE_(...) TRACE_NULL_

/* The same for the first of one, two or three arguments. If there are more, one argument contains commas, and it is
 * unknown which one, so the name is looked up. */
#define TRACE_17TH_(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, chosen, ...) chosen
#define TRACE_SITE_OF_1_(...)                                                                                   \
    TRACE_17TH_(__VA_ARGS__, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_,    \
                TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, \
                TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_SITE_OF_FIRST_, )         \
    (__VA_ARGS__, )
#define TRACE_SITE_OF_2_(...)                                                                                   \
    TRACE_17TH_(__VA_ARGS__, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_,    \
                TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, \
                TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_SITE_OF_FIRST_, TRACE_NO_SITE_, )         \
    (__VA_ARGS__, )
#define TRACE_SITE_OF_3_(...)                                                                                   \
    TRACE_17TH_(__VA_ARGS__, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_,    \
                TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_NO_SITE_, \
                TRACE_NO_SITE_, TRACE_NO_SITE_, TRACE_SITE_OF_FIRST_, TRACE_NO_SITE_, TRACE_NO_SITE_, )         \
    (__VA_ARGS__, )

/* These functions take the arguments, instead of variables, because a C++ temporary is destroyed at the end of the full
 * expression. */
TRACE_INLINE_ void trace_event_put_(struct tracer *tracer, uint64_t *site, enum trace_category category,
                                    const char *name, const char *detail)
{
    tracer_event_at(tracer, site, category, name, detail, trace_length_(detail));
}

TRACE_INLINE_ void trace_span_put_(struct trace_span *span, uint64_t *site, enum trace_category category,
                                   const char *name)
{
    const struct trace_token token = tracer_span_begin_at(span->tracer, site, category, name);
    span->start = token.start;
    span->span_bits = token.span_bits;
}

TRACE_INLINE_ struct trace_span trace_span_for_(struct tracer *tracer)
{
    struct trace_span span = trace_span_none();
    span.tracer = tracer;
    return span;
}

/* Calls put with the tracer and the category, each evaluated once, if the category is wanted. */
#define TRACE_PUT_(number, to, category, put, ...)                                            \
    do {                                                                                      \
        struct tracer *const TRACE_JOIN_(trace_to_, number) = (to);                           \
        const enum trace_category TRACE_JOIN_(trace_in_, number) = (category);                \
        if (tracer_wants(TRACE_JOIN_(trace_to_, number), TRACE_JOIN_(trace_in_, number)))     \
            put(TRACE_JOIN_(trace_to_, number), TRACE_JOIN_(trace_in_, number), __VA_ARGS__); \
    } while (0)
#define TRACE_EVENT_AT_(to, category, ...) trace_event_put_(to, TRACE_SITE_OF_2_(__VA_ARGS__), category, __VA_ARGS__)
#define TRACE_COUNTER_AT_(to, category, ...) tracer_counter_at(to, TRACE_SITE_OF_2_(__VA_ARGS__), category, __VA_ARGS__)
#define TRACE_FLOW_OUT_AT_(to, category, ...) \
    tracer_flow_at(to, TRACE_SITE_OF_2_(__VA_ARGS__), category, __VA_ARGS__, false)
#define TRACE_FLOW_IN_AT_(to, category, ...) \
    tracer_flow_at(to, TRACE_SITE_OF_2_(__VA_ARGS__), category, __VA_ARGS__, true)
#define TRACER_EVENT_(to, category, ...) TRACE_PUT_(__COUNTER__, to, category, TRACE_EVENT_AT_, __VA_ARGS__)
#define TRACER_EVENT_FORMAT_(to, category, ...) TRACE_PUT_(__COUNTER__, to, category, tracer_event_format, __VA_ARGS__)
#define TRACER_COUNTER_(to, category, ...) TRACE_PUT_(__COUNTER__, to, category, TRACE_COUNTER_AT_, __VA_ARGS__)
#define TRACER_FLOW_OUT_(to, category, ...) TRACE_PUT_(__COUNTER__, to, category, TRACE_FLOW_OUT_AT_, __VA_ARGS__)
#define TRACER_FLOW_IN_(to, category, ...) TRACE_PUT_(__COUNTER__, to, category, TRACE_FLOW_IN_AT_, __VA_ARGS__)
#define TRACER_OP_(to, ...) tracer_op_at((to), TRACE_SITE_OF_3_(__VA_ARGS__), __VA_ARGS__)

#define TRACE_SPAN_BEGIN_(span, in, to, category, ...)                              \
    __extension__({                                                                 \
        struct trace_span span = trace_span_for_(to);                               \
        const enum trace_category in = (category);                                  \
        if (tracer_wants(span.tracer, in))                                          \
            trace_span_put_(&span, TRACE_SITE_OF_1_(__VA_ARGS__), in, __VA_ARGS__); \
        span;                                                                       \
    })
#define TRACE_SPAN_BEGIN_NUMBERED_(number, ...) \
    TRACE_SPAN_BEGIN_(TRACE_JOIN_(trace_begun_, number), TRACE_JOIN_(trace_in_, number), __VA_ARGS__)
#define TRACER_SPAN_BEGIN_(to, category, ...) TRACE_SPAN_BEGIN_NUMBERED_(__COUNTER__, to, category, __VA_ARGS__)

#define TRACE_OP_BEGIN_(span, to, category, ...)                                                            \
    __extension__({                                                                                         \
        struct trace_span span = trace_span_for_(to);                                                       \
        tracer_op_begin_at(&span, TRACE_SITE_OF_1_(__VA_ARGS__), TRACE_SITE_OF_1_(__VA_ARGS__), (category), \
                           __VA_ARGS__);                                                                    \
        span;                                                                                               \
    })
#define TRACER_OP_BEGIN_(to, category, ...) \
    TRACE_OP_BEGIN_(TRACE_JOIN_(trace_begun_, __COUNTER__), to, category, __VA_ARGS__)

#else /* TRACE_DISABLED: type-checked, never evaluated, and without the library */

#define TRACE_NOT_(call) TRACE_OFF_(call, (void)0)
/* The result of a function that is not called. */
#define TRACE_OFF_(call, result) \
    __extension__({              \
        if (0)                   \
            (call);              \
        result;                  \
    })

static inline int trace_check_event_(const struct tracer *tracer, enum trace_category category, const char *name,
                                     const char *detail)
{
    (void)tracer, (void)category, (void)name, (void)detail;
    return 0;
}
static inline int trace_check_format_(const struct tracer *tracer, enum trace_category category, const char *name,
                                      const char *format, ...) TRACE_PRINTF_(4, 5);
static inline int trace_check_format_(const struct tracer *tracer, enum trace_category category, const char *name,
                                      const char *format, ...)
{
    return trace_check_event_(tracer, category, name, format);
}
static inline int trace_check_value_(const struct tracer *tracer, enum trace_category category, const char *name,
                                     double value)
{
    (void)value;
    return trace_check_event_(tracer, category, name, TRACE_NULL_);
}
static inline int trace_check_flow_(const struct tracer *tracer, enum trace_category category, const char *name,
                                    uint64_t id)
{
    (void)id;
    return trace_check_event_(tracer, category, name, TRACE_NULL_);
}
static inline int trace_check_op_(const struct tracer *tracer, const char *name, double duration_ms, bool ok)
{
    (void)tracer, (void)name, (void)duration_ms, (void)ok;
    return 0;
}
static inline struct trace_span trace_check_span_(const struct tracer *tracer, enum trace_category category,
                                                  const char *name)
{
    trace_check_event_(tracer, category, name, TRACE_NULL_);
    return trace_span_none();
}
#define TRACER_EVENT_(to, ...) TRACE_NOT_(trace_check_event_(to, __VA_ARGS__))
#define TRACER_EVENT_FORMAT_(to, ...) TRACE_NOT_(trace_check_format_(to, __VA_ARGS__))
#define TRACER_COUNTER_(to, ...) TRACE_NOT_(trace_check_value_(to, __VA_ARGS__))
#define TRACER_FLOW_OUT_(to, ...) TRACE_NOT_(trace_check_flow_(to, __VA_ARGS__))
#define TRACER_FLOW_IN_(to, ...) TRACE_NOT_(trace_check_flow_(to, __VA_ARGS__))
#define TRACER_OP_(to, ...) TRACE_NOT_(trace_check_op_(to, __VA_ARGS__))
#define TRACER_SPAN_BEGIN_(to, ...) TRACE_OFF_(trace_check_span_(to, __VA_ARGS__), trace_span_none())
#define TRACER_OP_BEGIN_(to, ...) TRACER_SPAN_BEGIN_(to, __VA_ARGS__)

#endif

/* The same as functions, for foreign-function interfaces and function pointers. */
TRACER_API void(trace_event)(enum trace_category category, const char *name, const char *detail);
TRACER_API void(trace_counter)(enum trace_category category, const char *name, double value);
TRACER_API void(trace_flow_out)(enum trace_category category, const char *name, uint64_t id);
TRACER_API void(trace_flow_in)(enum trace_category category, const char *name, uint64_t id);
TRACER_API void(trace_op)(const char *name, double duration_ms, bool ok);

/* One more level, so that a name given as a macro is expanded before its text is examined. */
#define trace_event(category, ...) TRACER_EVENT_(TRACE_NULL_, category, __VA_ARGS__)
#define tracer_event(tracer, category, ...) TRACER_EVENT_(tracer, category, __VA_ARGS__)
#define trace_eventf(category, ...) TRACER_EVENT_FORMAT_(TRACE_NULL_, category, __VA_ARGS__)
#define tracer_eventf(tracer, category, ...) TRACER_EVENT_FORMAT_(tracer, category, __VA_ARGS__)
#define trace_counter(category, ...) TRACER_COUNTER_(TRACE_NULL_, category, __VA_ARGS__)
#define tracer_counter(tracer, category, ...) TRACER_COUNTER_(tracer, category, __VA_ARGS__)
#define trace_flow_out(category, ...) TRACER_FLOW_OUT_(TRACE_NULL_, category, __VA_ARGS__)
#define tracer_flow_out(tracer, category, ...) TRACER_FLOW_OUT_(tracer, category, __VA_ARGS__)
#define trace_flow_in(category, ...) TRACER_FLOW_IN_(TRACE_NULL_, category, __VA_ARGS__)
#define tracer_flow_in(tracer, category, ...) TRACER_FLOW_IN_(tracer, category, __VA_ARGS__)
#define trace_op(...) TRACER_OP_(TRACE_NULL_, __VA_ARGS__)
#define tracer_op(tracer, ...) TRACER_OP_(tracer, __VA_ARGS__)

/* Begins a span; end it with trace_span_end(). A thread's open spans nest. If one ends while others are open inside it
 * (after longjmp or an exception), those stay listed, with .parent_ended, until the thread begins a span at the same
 * depth as the ended one, or above. */
#define trace_span_begin(category, ...) TRACER_SPAN_BEGIN_(TRACE_NULL_, category, __VA_ARGS__)
#define tracer_span_begin(tracer, category, ...) TRACER_SPAN_BEGIN_(tracer, category, __VA_ARGS__)

/* Begins a span that may end on another thread, or after later ones began (an await): it does not nest. */
TRACER_API struct trace_span trace_span_begin_async(enum trace_category category, const char *name);
TRACER_API struct trace_span tracer_span_begin_async(struct tracer *tracer, enum trace_category category,
                                                     const char *name);

#ifdef __cplusplus
} /* extern "C" */

/* A span that ends when its scope is left, even by an exception. */
class trace_scope : public trace_span {
  public:
    explicit trace_scope(const trace_span &begun) : trace_span(begun) {}
    ~trace_scope() { trace_span_end(this); }
    trace_scope(const trace_scope &) = delete;
    trace_scope &operator=(const trace_scope &) = delete;
};

/* The same for a `for` that runs once. */
class trace_block_ : public trace_scope {
  public:
    explicit trace_block_(const trace_span &begun) : trace_scope(begun), again(true) {}
    bool again;
};

#define TRACE_SCOPE_OF_(span, begun) \
    trace_scope span                 \
    {                                \
        begun                        \
    }
#define TRACE_SPAN_OF_(span, begun) for (trace_block_ span{ begun }; span.again; span.again = false)

extern "C" {
#else
#define TRACE_SCOPE_OF_(span, begun) struct trace_span span __attribute__((cleanup(trace_span_end), unused)) = begun
#define TRACE_SPAN_OF_(span, begun)                                                                          \
    for (struct trace_span span __attribute__((cleanup(trace_span_end))) = begun, *span##_ = &span; span##_; \
         span##_ = TRACE_NULL_)
#endif
#define TRACE_SPAN_NAMED_(span, begun) TRACE_SPAN_OF_(span, begun)
#define TRACE_SCOPE_NAMED_(span, begun) TRACE_SCOPE_OF_(span, begun)
#define TRACE_UNIQUE_(name) TRACE_JOIN_(name, __COUNTER__)

#define TRACE_SCOPE_AS(span, category, ...) \
    TRACE_SCOPE_OF_(span, TRACER_SPAN_BEGIN_(TRACE_NULL_, category, __VA_ARGS__))
#define TRACER_SCOPE_AS(span, tracer, category, ...) \
    TRACE_SCOPE_OF_(span, TRACER_SPAN_BEGIN_(tracer, category, __VA_ARGS__))
#define TRACE_OP_AS(span, category, ...) TRACE_SCOPE_OF_(span, TRACER_OP_BEGIN_(TRACE_NULL_, category, __VA_ARGS__))
#define TRACER_OP_AS(span, tracer, category, ...) TRACE_SCOPE_OF_(span, TRACER_OP_BEGIN_(tracer, category, __VA_ARGS__))
#define TRACE_SCOPE(category, ...) TRACER_SCOPE(TRACE_NULL_, category, __VA_ARGS__)
#define TRACER_SCOPE(tracer, category, ...) \
    TRACE_SCOPE_NAMED_(TRACE_UNIQUE_(trace_scope_), TRACER_SPAN_BEGIN_(tracer, category, __VA_ARGS__))
#define TRACE_OP(category, ...) TRACER_OP(TRACE_NULL_, category, __VA_ARGS__)
#define TRACER_OP(tracer, category, ...) \
    TRACE_SCOPE_NAMED_(TRACE_UNIQUE_(trace_scope_), TRACER_OP_BEGIN_(tracer, category, __VA_ARGS__))
#define TRACE_SPAN(category, ...) TRACER_SPAN (TRACE_NULL_, category, __VA_ARGS__)
#define TRACER_SPAN(tracer, category, ...) \
    TRACE_SPAN_NAMED_(TRACE_UNIQUE_(trace_scope_), TRACER_SPAN_BEGIN_(tracer, category, __VA_ARGS__))

/* --------------------------------------------------------------------- read */

/*
 * A reader reads one image: a tracer of this process, a file that another process is writing, or a saved one. It trusts
 * nothing in it. Only one thread at a time may use a reader.
 */
struct tracer_reader;

/* Opens the image file at path for reading; it is not mapped. TRACER_ERROR_OPEN, TRACER_ERROR_NOT_A_FILE,
 * TRACER_ERROR_PERMISSION, TRACER_ERROR_NOT_AN_IMAGE, TRACER_ERROR_BYTE_ORDER, TRACER_ERROR_VERSION,
 * TRACER_ERROR_TRUNCATED, TRACER_ERROR_DAMAGED, TRACER_ERROR_READ, TRACER_ERROR_MEMORY. The caller owns *reader. */
TRACER_API enum tracer_error tracer_reader_open(struct tracer_reader **reader, const char *path,
                                                struct tracer_message *message);
/* The same for bytes in memory, borrowed until tracer_reader_close(). */
TRACER_API enum tracer_error tracer_reader_open_memory(struct tracer_reader **reader, const void *bytes,
                                                       size_t size_bytes, struct tracer_message *message);
/* The same for a tracer of this process, which must outlive the reader. TRACER_ERROR_MEMORY. */
TRACER_API enum tracer_error tracer_reader_attach(struct tracer_reader **reader, struct tracer *tracer);
TRACER_API void tracer_reader_close(struct tracer_reader *reader);

/* A description of an image. Text is borrowed until tracer_reader_close(). */
struct tracer_info {
    uint32_t format_version;
    uint64_t size_bytes; /* of the image */
    uint64_t capacity_events;
    uint32_t lanes, lanes_used;
    uint32_t tracks, tracks_used;
    uint32_t processes, processes_used;
    uint32_t names, names_used;
    uint32_t operations, operations_used;
    uint32_t histograms, histograms_used;
    uint64_t slots_per_lane, detail_bytes_per_lane, detail_bytes_max;
    const char *clock; /* "tsc", "monotonic", "performance.now", "program" */
    const char *clock_reason; /* why that one: "invariant; clocksource tsc"; "" if there was no choice */
    uint64_t clock_resolution_ns;
    uint32_t calibration_pairs; /* from which times are computed; 0 if the clock needs none */
    uint64_t clock_steps; /* these three as in struct trace_summary */
    uint64_t clock_step_at_ns;
    int64_t clock_step_by_ns;
    uint32_t pid; /* the writer's */
    const char *program; /* its name */
    const char *boot_id;
    uint64_t created_realtime_ns; /* since 1970 */
    bool live; /* the writer is alive and has not closed the image */
    bool closed; /* it was closed properly */
    bool sealed; /* it holds exactly what was recorded, without rings: see src/README.md */
    bool enabled;
    bool without_details;
    uint32_t filter;
    /* For a segment, which is a saved result of tracer_read_since(); in other images, cursor is 0. The segments of one
     * cursor have the same id and are numbered from 0; together they hold each event once. */
    uint64_t cursor, segment;
    uint64_t missed_before; /* events evicted unread between the previous segment and this one */
};
TRACER_API enum tracer_error tracer_reader_info(struct tracer_reader *reader, struct tracer_info *info);

/* The summary, without reading all events into memory. TRACER_ERROR_READ, TRACER_ERROR_TRUNCATED,
 * TRACER_ERROR_MEMORY. */
TRACER_API enum tracer_error tracer_reader_summary(struct tracer_reader *reader, struct trace_summary *summary);
TRACER_API enum tracer_error trace_summary(struct trace_summary *summary);
TRACER_API enum tracer_error tracer_summary(struct tracer *tracer, struct trace_summary *summary);

/* Prints CONTRACT.md's text and, if events were lost or evicted, a section with their numbers. TRACER_ERROR_WRITE. */
TRACER_API enum tracer_error trace_summary_print(const struct trace_summary *summary, FILE *file);

/* Statistics of one operation. TRACER_ERROR_UNKNOWN for a name that is not in the table (known ones without calls are,
 * with a count of 0). perf->name is borrowed from name. Any thread. */
TRACER_API enum tracer_error trace_op_stats(const char *name, struct trace_perf *perf);
TRACER_API enum tracer_error tracer_op_stats(struct tracer *tracer, const char *name, struct trace_perf *perf);

/* Selects events; zero selects all. */
struct tracer_query {
    uint32_t categories; /* mask; 0: all */
    uint32_t pid; /* given by the caller, or the track's, or the program's */
    uint32_t tid; /* the track's */
    bool has_pid, has_tid, has_since, has_until; /* for values that may be 0 */
    bool failed; /* only failed events */
    bool pid_given; /* with has_pid: only events to which their recorder gave that pid */
    bool without_details; /* removes details, arguments and results, but not names */
    bool without_events; /* no events, only the rest of a snapshot: its summary, operations, open spans */
    const char *name; /* the whole name, in which * matches any text; ASCII case is ignored */
    const char *text; /* anywhere in name or detail; case likewise */
    const char *process, *thread; /* with this name, matched as .name is; the program's if the event has no track */
    double since, until; /* ms, inclusive; a span is selected if any part of it is inside */
    double min_duration; /* ms; above 0: only spans that last at least this long */
    uint64_t last; /* only the newest n; 0: all */
    /* NULL, or a test of the caller's own: only events whose detail it takes. Called while a snapshot is taken. */
    bool (*takes_detail)(void *argument, const char *detail, size_t bytes);
    void *takes_argument;
};

/*  A snapshot: the newest N events (or the query's selection of them), oldest first, and the counters, as they were at
 * one time. It is independent of its reader, and immutable, so any thread may use it.
 */
struct tracer_snapshot;

/* NULL query: all. The caller owns *snapshot. TRACER_ERROR_READ, TRACER_ERROR_TRUNCATED, TRACER_ERROR_DAMAGED,
 * TRACER_ERROR_MEMORY. */
TRACER_API enum tracer_error tracer_snapshot_create(struct tracer_snapshot **snapshot, struct tracer_reader *reader,
                                                    const struct tracer_query *query);
TRACER_API void tracer_snapshot_destroy(struct tracer_snapshot *snapshot);

/* Snapshots of a tracer of this process; NULL without memory. NULL query: all. The caller owns it. */
TRACER_API struct tracer_snapshot *trace_events(const struct tracer_query *query);
TRACER_API struct tracer_snapshot *tracer_events(struct tracer *tracer, const struct tracer_query *query);
TRACER_API struct tracer_snapshot *trace_events_by_category(enum trace_category category);
TRACER_API struct tracer_snapshot *tracer_events_by_category(struct tracer *tracer, enum trace_category category);
/* Events to which their recorder gave this pid; the operating system's pid belongs to the track. */
TRACER_API struct tracer_snapshot *trace_events_by_pid(uint32_t pid);
TRACER_API struct tracer_snapshot *tracer_events_by_pid(struct tracer *tracer, uint32_t pid);

/* The number of events. */
TRACER_API size_t tracer_snapshot_count(const struct tracer_snapshot *snapshot);

/* Fills *event with the event at index, whose text is borrowed until tracer_snapshot_destroy() and ends in NUL. False
 * beyond the end, so that
 *     for (size_t i = 0; tracer_snapshot_get(events, i, &event); i++)
 * visits all; a NULL snapshot has none. */
TRACER_API bool tracer_snapshot_get(const struct tracer_snapshot *snapshot, size_t index, struct trace_event *event);

/* False for track 0 and beyond the table. */
TRACER_API bool tracer_snapshot_track(const struct tracer_snapshot *snapshot, uint32_t track, struct trace_track *out);

/* A process that has events. Like the table of tracks, that of processes is bounded. Unknown values are 0, and their
 * .has_... is not set; a start before the trace is unknown. If processes had the same pid one after the other, each is
 * listed. */
struct trace_process {
    const char *name; /* "" if none was given */
    uint32_t pid;
    uint32_t parent; /* the pid of the process that started it */
    double start, end; /* ms */
    uint64_t start_ns, end_ns;
    uint32_t exit_code; /* has_exit_code */
    uint32_t signal; /* that ended it */
    bool has_start, has_end, has_exit_code;
};
/* The process at index, in the order of first appearance; in a saved snapshot, only those of its events and their
 * ancestors. False beyond the last. Text is borrowed from the snapshot. */
TRACER_API bool tracer_snapshot_process(const struct tracer_snapshot *snapshot, size_t index,
                                        struct trace_process *out);

/* Fills in at most capacity frames of an event's stack, the innermost first, and returns how many it has, or 0 if the
 * image does not have it. Text is borrowed from the snapshot. */
TRACER_API size_t tracer_snapshot_stack(const struct tracer_snapshot *snapshot, uint64_t stack,
                                        struct trace_frame *frames, size_t capacity);

/* Something that a saved trace lacks because its maker left it out, in plain words, and how often: "An end without a
 * beginning is left out", 12. A running program's trace has such a note of the saves that its triggers failed to make;
 * what tracer_read_since() returns has it of the new ones. */
struct trace_note {
    const char *text;
    uint64_t count;
};
/* False beyond the last. Text is borrowed from the snapshot. */
TRACER_API bool tracer_snapshot_note(const struct tracer_snapshot *snapshot, size_t index, struct trace_note *note);

/* The operation at index in the table, false beyond its end. Text is borrowed from the snapshot. */
TRACER_API bool tracer_snapshot_op(const struct tracer_snapshot *snapshot, size_t index, struct trace_perf *perf);

/* The summary at the time of the snapshot, of the whole image whatever the query. */
TRACER_API void tracer_snapshot_summary(const struct tracer_snapshot *snapshot, struct trace_summary *summary);

/* A span that had begun but not ended, as recorded by the thread inside it. */
struct trace_open_span {
    const char *name;
    enum trace_category category;
    uint32_t track;
    uint32_t lane;
    uint32_t depth; /* 0: outermost */
    bool parent_ended; /* the span in which it began has ended */
    bool async; /* on no thread's stack: its lane and depth are 0 */
    double start; /* ms */
    uint64_t start_ns;
};
/* The span at index of those open at the time of the snapshot: lane by lane, outermost first, then async ones. False
 * beyond the last. Text is borrowed from the snapshot. */
TRACER_API bool tracer_snapshot_open_span(const struct tracer_snapshot *snapshot, size_t index,
                                          struct trace_open_span *span);

/* Prints "[1.00] FILE open: /etc/passwd" and a newline. TRACER_ERROR_WRITE. */
TRACER_API enum tracer_error trace_event_print(const struct trace_event *event, FILE *file);

/* Follows a live image: each call returns the events since the previous one. */
struct tracer_cursor;

/* A cursor at the oldest event held. The caller owns *cursor. TRACER_ERROR_MEMORY. */
TRACER_API enum tracer_error tracer_cursor_create(struct tracer_cursor **cursor, struct tracer_reader *reader);
TRACER_API void tracer_cursor_destroy(struct tracer_cursor *cursor);

/* Selects only the query's events from now on; its .last applies only to the first read. The query's texts are borrowed
 * until the cursor is destroyed. NULL: all. */
TRACER_API void tracer_cursor_select(struct tracer_cursor *cursor, const struct tracer_query *query);

/* Creates a snapshot of the events after the cursor, and moves the cursor past them. *missed (NULL: not wanted) is how
 * many were evicted before they could be read. In its losses, left_out counts the events of earlier calls. Saved by
 * tracer_snapshot_save(), it is a segment: see struct tracer_info. A call that finds nothing new, neither events nor
 * counts nor open spans, has the same number as the next. Errors as for tracer_snapshot_create(). */
TRACER_API enum tracer_error tracer_read_since(struct tracer_snapshot **snapshot, struct tracer_reader *reader,
                                               struct tracer_cursor *cursor, uint64_t *missed);

/* ------------------------------------------------------------------- export */

/* The destination of exported bytes. write returns false to stop (TRACER_ERROR_WRITE). */
struct tracer_sink {
    bool (*write)(void *argument, const char *bytes, size_t size);
    void *argument;
};

/* Writes the snapshot in a format: "json", "ndjson", "chrome" (Trace Event Format), "perfetto" (its protocol buffers,
 * which are not text), "otlp" or "folded" (stacks of spans); ringscope.wasm lacks the last three. TRACER_ERROR_UNKNOWN,
 * TRACER_ERROR_WRITE, TRACER_ERROR_MEMORY. */
TRACER_API enum tracer_error tracer_export(const struct tracer_snapshot *snapshot, const char *format,
                                           const struct tracer_sink *sink);
TRACER_API enum tracer_error tracer_export_file(const struct tracer_snapshot *snapshot, const char *format, FILE *file);
/* The name of the format at index; NULL beyond the last. Static text. */
TRACER_API const char *tracer_export_format(size_t index);

/*
 * One event, a summary, or operations as one line of JSON (without a newline), to be freed with free(); NULL without
 * memory. Times are in ms with six decimals, so that ns are exact.
 *
 * An event: timestamp, category (printed name) and name; if present, label, detail, pid, duration, value, flow_id and
 * flow ("in", "out"), async_id, parent, stack, arguments and result (as JSON); and as true, if set, failed, detail_lost
 * and detail_truncated. An open span, in exports: timestamp, category, name, open, and as true, if set, async and
 * parent_ended. A process: pid, parent, name, start, end, exit_code and signal, if known. A note: text, count. A frame:
 * id, caller (another frame's id, if it has one), and if known, name, module and address ("0x1f"). An event's stack is
 * the id of its innermost frame. A summary: the fields of struct trace_summary. filter is an array of printed names.
 * losses is an object with the fields of struct trace_losses; counts by category are objects that omit those that are
 * 0, and lost_contention, lost_invalid, lost_orphaned and lost_overrun are the rows of .lost. Operations: an array of
 * those with calls: name, count, errors, total_time, min_time, avg_time, max_time, success_rate; and p50, p90, p99,
 * p999 and log2_buckets up to the last that is not 0, or, if some calls are in no histogram, without_histogram.
 */
TRACER_API char *tracer_event_json(const struct trace_event *event);
TRACER_API char *tracer_summary_json(const struct trace_summary *summary);
/* The same for a snapshot's summary, with open_spans, processes, notes and frames as arrays. */
TRACER_API char *tracer_snapshot_summary_json(const struct tracer_snapshot *snapshot);
TRACER_API char *tracer_operations_json(const struct tracer_snapshot *snapshot);

/* Writes the snapshot as a sealed image: exactly its events, and the counts of the whole, as the bytes of a file for
 * tracer_reader_open(). TRACER_ERROR_WRITE if the sink stops, TRACER_ERROR_MEMORY. */
TRACER_API enum tracer_error tracer_snapshot_save(const struct tracer_snapshot *snapshot,
                                                  const struct tracer_sink *sink);

/* Saves a tracer's events and counts as a sealed image at path. Replaces an older image there, unless somebody is
 * writing it. Errors as for tracer_create(). */
TRACER_API enum tracer_error trace_save(const char *path, struct tracer_message *message);
TRACER_API enum tracer_error tracer_save(struct tracer *tracer, const char *path, struct tracer_message *message);

/* An event that makes a tracer save its events and counts. It must meet every given condition; without .on_request, at
 * least one of name, categories, failed and longer_than_ms must be given. */
struct tracer_trigger {
    const char *directory; /* where saves go; must exist */
    const char *name; /* the whole name, in which * matches any text; at most 255 bytes; NULL: any */
    uint32_t categories; /* mask; 0: all */
    uint32_t keep; /* the newest n saves; 0: 5 */
    double longer_than_ms; /* above 0: only spans that last at least this long */
    double after_ms; /* delay from the event to the save, which then includes what followed */
    bool failed; /* only failed events */
    bool on_request; /* also when ringscope ctl FILE snapshot asks; without a condition, only then */
};

/* Saves everything the tracer holds whenever such an event occurs, as DIRECTORY/PROGRAM.N.ring, N from 1 to .keep; if
 * all of these exist, replaces the oldest. A thread of the library, which the first trigger starts and which receives
 * no signals, looks for events 20 times a second; recording threads never wait for it. Saves of a trigger are at least
 * a second apart; events in between are in the next save. A save that is still due when the tracer ends is made then.
 * An event that is overwritten before the thread sees it causes no save. A failed save is not retried, but counted:
 * snapshots have a note of it, and so do the saves that succeed. Events of forked children are seen if they record into
 * the same file; a child cannot add triggers to its parent's tracer. To save on a signal, record an event in its
 * handler. A relative directory is resolved against the working directory at each save. TRACER_ERROR_ARGUMENT,
 * TRACER_ERROR_MEMORY, TRACER_ERROR_UNSUPPORTED (WebAssembly, where the host saves), and for the directory, the errors
 * for files of tracer_create(). Any thread, but only one at a time. */
TRACER_API enum tracer_error trace_add_trigger(const struct tracer_trigger *trigger, struct tracer_message *message);
TRACER_API enum tracer_error tracer_add_trigger(struct tracer *tracer, const struct tracer_trigger *trigger,
                                                struct tracer_message *message);

/* ----------------------------------------------------------- TRACE_DISABLED */

/* Functions that act on a tracer of this program do nothing and are not linked: there is no tracer. Images can still be
 * read. In parentheses, (trace_enable)() calls the real function. */
#ifdef TRACE_DISABLED
static inline enum tracer_error trace_no_tracer_(struct tracer **tracer)
{
    if (tracer)
        *tracer = TRACE_NULL_;
    return TRACER_OK;
}
static inline enum tracer_error trace_no_reader_(struct tracer_reader **reader)
{
    if (reader)
        *reader = TRACE_NULL_;
    return TRACER_ERROR_UNSUPPORTED;
}
static inline enum tracer_error trace_no_bytes_(uint64_t *size_bytes)
{
    if (size_bytes)
        *size_bytes = 0;
    return TRACER_OK;
}
static inline enum tracer_error trace_no_summary_(struct trace_summary *summary)
{
    if (summary)
        __builtin_memset(summary, 0, sizeof *summary);
    return TRACER_OK;
}
static inline enum tracer_error trace_no_op_stats_(struct trace_perf *perf)
{
    if (perf)
        __builtin_memset(perf, 0, sizeof *perf);
    return TRACER_ERROR_UNKNOWN;
}

#define tracer_version(...) TRACE_OFF_((tracer_version)(__VA_ARGS__), TRACER_VERSION)
#define tracer_image_size(options, size_bytes) \
    TRACE_OFF_((tracer_image_size)(options, size_bytes), trace_no_bytes_(size_bytes))
#define tracer_create(tracer, ...) TRACE_OFF_((tracer_create)(tracer, __VA_ARGS__), trace_no_tracer_(tracer))
#define tracer_destroy(...) TRACE_NOT_((tracer_destroy)(__VA_ARGS__))
#define trace_open(...) TRACE_OFF_((trace_open)(__VA_ARGS__), TRACER_OK)
#define trace_close(...) TRACE_NOT_((trace_close)(__VA_ARGS__))
#define trace_default(...) TRACE_OFF_((trace_default)(__VA_ARGS__), TRACE_NULL_)
#define trace_enable(...) TRACE_OFF_((trace_enable)(__VA_ARGS__), TRACER_OK)
#define tracer_enable(...) TRACE_OFF_((tracer_enable)(__VA_ARGS__), TRACER_OK)
#define trace_disable(...) TRACE_NOT_((trace_disable)(__VA_ARGS__))
#define tracer_disable(...) TRACE_NOT_((tracer_disable)(__VA_ARGS__))
#define trace_enabled(...) TRACE_OFF_((trace_enabled)(__VA_ARGS__), false)
#define tracer_enabled(...) TRACE_OFF_((tracer_enabled)(__VA_ARGS__), false)
#define trace_set_filter(...) TRACE_NOT_((trace_set_filter)(__VA_ARGS__))
#define tracer_set_filter(...) TRACE_NOT_((tracer_set_filter)(__VA_ARGS__))
#define trace_reset(...) TRACE_NOT_((trace_reset)(__VA_ARGS__))
#define tracer_reset(...) TRACE_NOT_((tracer_reset)(__VA_ARGS__))
#define trace_clear_events(...) TRACE_NOT_((trace_clear_events)(__VA_ARGS__))
#define tracer_clear_events(...) TRACE_NOT_((tracer_clear_events)(__VA_ARGS__))
#define trace_reset_stats(...) TRACE_NOT_((trace_reset_stats)(__VA_ARGS__))
#define tracer_reset_stats(...) TRACE_NOT_((tracer_reset_stats)(__VA_ARGS__))
#define trace_set_clock(...) TRACE_NOT_((trace_set_clock)(__VA_ARGS__))
#define tracer_set_clock(...) TRACE_NOT_((tracer_set_clock)(__VA_ARGS__))
#define trace_set_start_time(...) TRACE_OFF_((trace_set_start_time)(__VA_ARGS__), TRACER_OK)
#define tracer_set_start_time(...) TRACE_OFF_((tracer_set_start_time)(__VA_ARGS__), TRACER_OK)
#define trace_now(...) TRACE_OFF_((trace_now)(__VA_ARGS__), 0)
#define tracer_now(...) TRACE_OFF_((tracer_now)(__VA_ARGS__), 0)
#define trace_event_ex(...) TRACE_OFF_((trace_event_ex)(__VA_ARGS__), TRACER_OK)
#define tracer_event_ex(...) TRACE_OFF_((tracer_event_ex)(__VA_ARGS__), TRACER_OK)
#define trace_add_track(...) TRACE_OFF_((trace_add_track)(__VA_ARGS__), 0)
#define tracer_add_track(...) TRACE_OFF_((tracer_add_track)(__VA_ARGS__), 0)
#define trace_add_stack(...) TRACE_OFF_((trace_add_stack)(__VA_ARGS__), 0)
#define tracer_add_stack(...) TRACE_OFF_((tracer_add_stack)(__VA_ARGS__), 0)
#define trace_thread_name(...) TRACE_NOT_((trace_thread_name)(__VA_ARGS__))
#define tracer_thread_name(...) TRACE_NOT_((tracer_thread_name)(__VA_ARGS__))
#define trace_tick(...) TRACE_OFF_((trace_tick)(__VA_ARGS__), TRACER_OK)
#define tracer_tick(...) TRACE_OFF_((tracer_tick)(__VA_ARGS__), TRACER_OK)
#define trace_task_spawned(...) TRACE_NOT_((trace_task_spawned)(__VA_ARGS__))
#define tracer_task_spawned(...) TRACE_NOT_((tracer_task_spawned)(__VA_ARGS__))
#define trace_task_completed(...) TRACE_NOT_((trace_task_completed)(__VA_ARGS__))
#define tracer_task_completed(...) TRACE_NOT_((tracer_task_completed)(__VA_ARGS__))
#define trace_process_spawned(...) TRACE_NOT_((trace_process_spawned)(__VA_ARGS__))
#define tracer_process_spawned(...) TRACE_NOT_((tracer_process_spawned)(__VA_ARGS__))
#define trace_process_exited(...) TRACE_NOT_((trace_process_exited)(__VA_ARGS__))
#define tracer_process_exited(...) TRACE_NOT_((tracer_process_exited)(__VA_ARGS__))
#define trace_signal_delivered(...) TRACE_NOT_((trace_signal_delivered)(__VA_ARGS__))
#define tracer_signal_delivered(...) TRACE_NOT_((tracer_signal_delivered)(__VA_ARGS__))
#define trace_timer_fired(...) TRACE_NOT_((trace_timer_fired)(__VA_ARGS__))
#define tracer_timer_fired(...) TRACE_NOT_((tracer_timer_fired)(__VA_ARGS__))
#define trace_io(...) TRACE_NOT_((trace_io)(__VA_ARGS__))
#define tracer_io(...) TRACE_NOT_((tracer_io)(__VA_ARGS__))
#define trace_events(...) TRACE_OFF_((trace_events)(__VA_ARGS__), TRACE_NULL_)
#define tracer_events(...) TRACE_OFF_((tracer_events)(__VA_ARGS__), TRACE_NULL_)
#define trace_events_by_category(...) TRACE_OFF_((trace_events_by_category)(__VA_ARGS__), TRACE_NULL_)
#define tracer_events_by_category(...) TRACE_OFF_((tracer_events_by_category)(__VA_ARGS__), TRACE_NULL_)
#define trace_events_by_pid(...) TRACE_OFF_((trace_events_by_pid)(__VA_ARGS__), TRACE_NULL_)
#define tracer_events_by_pid(...) TRACE_OFF_((tracer_events_by_pid)(__VA_ARGS__), TRACE_NULL_)
#define trace_save(...) TRACE_OFF_((trace_save)(__VA_ARGS__), TRACER_ERROR_UNSUPPORTED)
#define tracer_save(...) TRACE_OFF_((tracer_save)(__VA_ARGS__), TRACER_ERROR_UNSUPPORTED)
#define trace_add_trigger(...) TRACE_OFF_((trace_add_trigger)(__VA_ARGS__), TRACER_OK)
#define tracer_add_trigger(...) TRACE_OFF_((tracer_add_trigger)(__VA_ARGS__), TRACER_OK)
#define trace_span_begin_async(...) TRACE_OFF_((trace_span_begin_async)(__VA_ARGS__), trace_span_none())
#define tracer_span_begin_async(...) TRACE_OFF_((tracer_span_begin_async)(__VA_ARGS__), trace_span_none())
#define trace_summary(summary) TRACE_OFF_((trace_summary)(summary), trace_no_summary_(summary))
#define tracer_summary(tracer, summary) TRACE_OFF_((tracer_summary)(tracer, summary), trace_no_summary_(summary))
#define trace_op_stats(name, perf) TRACE_OFF_((trace_op_stats)(name, perf), trace_no_op_stats_(perf))
#define tracer_op_stats(tracer, name, perf) TRACE_OFF_((tracer_op_stats)(tracer, name, perf), trace_no_op_stats_(perf))
#define tracer_reader_attach(reader, tracer) \
    TRACE_OFF_((tracer_reader_attach)(reader, tracer), trace_no_reader_(reader))
#endif

#ifdef __cplusplus
}
#endif

#if defined(__cplusplus) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#endif
