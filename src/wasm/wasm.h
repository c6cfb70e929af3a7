/*
 * The functions that a WebAssembly module exports: flat, of numbers and addresses alone, and without
 * 64-bit integers, which JavaScript would have to make BigInts of. exports.txt lists them, together
 * with those of ringscope.h that are like that anyway. They are no interface for C.
 *
 * A function that answers an enum tracer_error takes the exchange block, and leaves there what
 * it has to say.
 */
#ifndef RINGSCOPE_WASM_H
#define RINGSCOPE_WASM_H

#include "exchange.h"

/* A name that JavaScript records with, and makes: what call sites remember, zero at first, and the text. */
struct wasm_name {
    uint64_t event_site;
    uint64_t operation_site;
    char text[]; /* ends in NUL */
};

/* A span that JavaScript has begun, or a call that it makes and counts. */
struct wasm_span {
    struct trace_span span;
    struct wasm_name *name;
    uint64_t start_ticks;
    uint64_t async_id; /* 0: none needs it yet */
    uint64_t parent; /* the id of what it is a part of; 0: of nothing, or nobody knows */
};

struct wasm_functions;

/* What is counted by one: tracer_<name>(). */
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

/* record.c. A detail of NULL is none. */
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

/* functions.c: what instrumented modules call. The bytes of memory that an instance's functions take, to be allocated by
 * JavaScript; the names, each with its NUL, stand at its end. */
double tracer_wasm_functions_bytes(uint32_t count, uint32_t depth_max, uint32_t name_bytes);
void tracer_wasm_functions_init(struct wasm_functions *functions, struct tracer *tracer, uint32_t count,
                                double min_duration_ns, uint32_t depth_max);
/* The depth, for exit. */
uint32_t tracer_wasm_function_enter(struct wasm_functions *functions, uint32_t number);
void tracer_wasm_function_exit(struct wasm_functions *functions, uint32_t depth);

/* read.c. Results are texts for tracer_wasm_free(). */
enum tracer_error tracer_wasm_reader_open(const void *bytes, uint32_t size, struct exchange *exchange);
enum tracer_error tracer_wasm_reader_attach(struct tracer *tracer, struct exchange *exchange);
enum tracer_error tracer_wasm_events(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_lines(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_open_spans(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_processes(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_notes(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_operations(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_summary(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_info(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_export(struct tracer_reader *reader, uint32_t format, struct exchange *exchange);
enum tracer_error tracer_wasm_cursor(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_read_since(struct tracer_reader *reader, struct tracer_cursor *cursor,
                                         struct exchange *exchange);
enum tracer_error tracer_wasm_read_segment(struct tracer_reader *reader, struct tracer_cursor *cursor,
                                           struct exchange *exchange);

/* wasm_tables.c. Results are texts for tracer_wasm_free(), of many parts. */
enum tracer_error tracer_wasm_names(struct tracer_reader *reader, struct exchange *exchange);
enum tracer_error tracer_wasm_tracks(struct tracer_reader *reader, struct exchange *exchange);

/* columns.c. Columns of all events, in one block of memory for free(). */
enum tracer_error tracer_wasm_columns(const struct tracer_reader *reader, struct exchange *exchange);

#endif
