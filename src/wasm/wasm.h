/*
 * The functions that a WebAssembly module exports: flat, with numbers and addresses only, and without 64-bit integers,
 * which JavaScript would see as BigInts. exports.txt lists them, together with functions of ringscope.h that are flat
 * anyway. They are not an interface for C.
 *
 * A function that returns an enum tracer_error takes the exchange block, and leaves its results there.
 */
#ifndef RINGSCOPE_WASM_H
#define RINGSCOPE_WASM_H

#include "exchange.h"

/* A name allocated by JavaScript: the word of a call site, initially zero, and the text. */
struct wasm_name {
    uint64_t event_site;
    uint64_t operation_site;
    char text[]; /* NUL-terminated */
};

/* A span begun by JavaScript, or a counted call. */
struct wasm_span {
    struct trace_span span;
    struct wasm_name *name;
    uint64_t start_ticks;
    uint64_t async_id; /* 0: not assigned yet */
    uint64_t parent; /* the async id of its parent; 0: none, or unknown */
};

struct wasm_functions;

/* Counters that are incremented by one: tracer_<name>(). */
#define KERNEL_COUNTS(X) \
    X(task_spawned)      \
    X(task_completed)    \
    X(process_spawned)   \
    X(process_exited)    \
    X(signal_delivered)  \
    X(timer_fired)

/* wasm_describe.c. Memory for tracer_wasm_free(); NULL without memory. */
char *tracer_wasm_describe(void);

/* wasm_control.c: a tracer's life. */
void *tracer_wasm_allocate(uint32_t size_bytes);
void tracer_wasm_free(void *memory);
enum tracer_error tracer_wasm_create(const double *clock_cell, struct exchange *exchange);
const void *tracer_wasm_image(const struct tracer *tracer);
double tracer_wasm_image_bytes(const struct tracer *tracer);
void tracer_wasm_thread_end(struct tracer *tracer);
enum tracer_error tracer_wasm_save(struct tracer *tracer, bool without_details, struct exchange *exchange);

/* record.c. A NULL detail means none. */
void tracer_wasm_event(struct tracer *tracer, uint32_t category, struct wasm_name *name, const char *detail,
                       uint32_t bytes);
void tracer_wasm_label(struct tracer *tracer, struct wasm_name *name, const char *label);
void tracer_wasm_counter(struct tracer *tracer, uint32_t category, struct wasm_name *name, double value);
void tracer_wasm_flow(struct tracer *tracer, uint32_t category, struct wasm_name *name, uint32_t low, uint32_t high,
                      bool in);
enum tracer_error tracer_wasm_event_ex(struct tracer *tracer, struct wasm_name *name, struct exchange *exchange);
void tracer_wasm_span_begin(struct tracer *tracer, uint32_t category, struct wasm_name *name, struct wasm_span *span);
void tracer_wasm_span_begin_async(struct tracer *tracer, uint32_t category, struct wasm_name *name,
                                  struct wasm_span *span);
void tracer_wasm_span_detach(struct wasm_span *span);
void tracer_wasm_span_drop(struct wasm_span *span);
void tracer_wasm_span_fail(struct wasm_span *span);
void tracer_wasm_span_end(struct wasm_span *span, const char *detail, uint32_t bytes);
void tracer_wasm_span_end_pid(struct wasm_span *span, const char *detail, uint32_t bytes, uint32_t pid);
double tracer_wasm_span_id(struct wasm_span *span);
void tracer_wasm_span_parent(struct wasm_span *span, double parent);
bool tracer_wasm_call_begin(struct tracer *tracer, uint32_t category, struct wasm_name *name, struct wasm_span *span);
void tracer_wasm_call_end(struct tracer *tracer, struct wasm_span *span, bool ok, const char *detail, uint32_t bytes,
                          const char *arguments, const char *result);
void tracer_wasm_op(struct tracer *tracer, struct wasm_name *name, double duration_ms, bool ok);
enum tracer_error tracer_wasm_tick(struct tracer *tracer, double tasks_polled, double duration_ms);
enum tracer_error tracer_wasm_io(struct tracer *tracer, double bytes_read, double bytes_written);

/* functions.c: called by instrumented modules. The size of the memory that JavaScript allocates for an instance's
 * functions; the names, each with its NUL, are at its end. */
double tracer_wasm_functions_bytes(uint32_t count, uint32_t depth_max, uint32_t name_bytes);
void tracer_wasm_functions_init(struct wasm_functions *functions, struct tracer *tracer, uint32_t count,
                                double min_duration_ns, uint32_t depth_max, uint32_t counted);
/* Returns the depth, to be passed to exit. */
uint32_t tracer_wasm_function_enter(struct wasm_functions *functions, uint32_t number, uint32_t counted);
void tracer_wasm_function_exit(struct wasm_functions *functions, uint32_t depth, uint32_t counted);
/* JavaScript knows that no call is running. */
void tracer_wasm_functions_left(struct wasm_functions *functions, uint32_t counted);

/* read.c. Results are texts for tracer_wasm_free(). */
enum tracer_error tracer_wasm_reader_open(const void *bytes, uint32_t size, struct exchange *exchange);
enum tracer_error tracer_wasm_reader_attach(struct tracer *tracer, struct exchange *exchange);
enum tracer_error tracer_wasm_open_spans(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_processes(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_notes(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_operations(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_summary(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_info(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_cursor(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_read_segment(struct tracer_reader *reader, struct tracer_cursor *cursor,
                                           struct exchange *exchange);

/* events.c. Results are texts for tracer_wasm_free(). */
enum tracer_error tracer_wasm_events(struct tracer_reader *reader, struct exchange *exchange);
/* whose: each line begins with numbers of its track, its process and its duration, for lines.js. */
enum tracer_error tracer_wasm_lines(struct tracer_reader *reader, bool whose, struct exchange *exchange);
enum tracer_error tracer_wasm_export(struct tracer_reader *reader, uint32_t format, struct exchange *exchange);
enum tracer_error tracer_wasm_read_since(struct tracer_reader *reader, struct tracer_cursor *cursor,
                                         struct exchange *exchange);

/* wasm_tables.c. Results are texts in many parts, for tracer_wasm_free(). */
enum tracer_error tracer_wasm_names(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_tracks(struct tracer_reader *reader, struct exchange *exchange);

/* columns.c. Columns of all events, in one block of memory for free(). */
enum tracer_error tracer_wasm_columns(const struct tracer_reader *reader, struct exchange *exchange);

#endif
