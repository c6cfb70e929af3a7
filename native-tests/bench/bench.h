/*
 * The benchmark harness: what a row is, how it is measured in rounds, and how it is reported.
 *
 * The subject and its base run alternately, in short batches over many rounds; a ratio is the median of the rounds'
 * ratios. So neither a changing clock rate nor a neighbour on the same machine decides the result. The best of several
 * such sittings counts.
 */
#ifndef RINGSCOPE_BENCH_H
#define RINGSCOPE_BENCH_H

#include <ringscope.h>

/* What a row's limit bounds. No limit is a time: how long one machine takes says nothing about another. */
enum bench_bound {
    BOUND_NONE, /* for information */
    BOUND_SIZE, /* the value: bytes or events, the same in every run */
    BOUND_RATIO /* the value divided by the base's, measured in the same run */
};

struct bench_result {
    double value; /* median, in the row's unit */
    double spread; /* of the value: its interquartile range */
    double ratio; /* median of the rounds' ratios to the base */
    char error[320]; /* why the row could not be measured */
    bool skipped; /* the thing to compare with is not installed, which is no failure */
};

/* One row. measure fills the result; it returns false if it could not, with the reason in result->error. */
struct bench {
    const char *name;
    const char *unit;
    enum bench_bound bound;
    double limit;
    const char *base; /* the name of the thing compared with; NULL: none */
    bool (*measure)(struct bench_result *result);
};

/* A limit that differs for the shared library. */
#define BENCH_LIMIT(of_static, of_shared) (BENCH_SHARED ? (of_shared) : (of_static))

struct bench_group {
    const struct bench *rows;
    size_t count;
};
#define BENCH_GROUP(rows)                        \
    {                                            \
        (rows), sizeof(rows) / sizeof((rows)[0]) \
    }

extern const struct bench_group site_benches, record_benches, kind_benches, system_clock_benches, program_clock_benches,
    thread_benches, count_benches, image_benches, cold_benches, read_benches, process_benches, functions_benches;

/* Set the reason why a row could not be measured, and return false; the second only if the call failed. */
bool bench_fail(struct bench_result *result, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool bench_ok(struct bench_result *result, enum tracer_error error, const struct tracer_message *message);

/* ------------------------------------------------------------------- time */

double bench_now_ns(void);

/* Pins the calling thread to one processor from now on. 0 and 1 are different processors; false if there is only
 * one. */
bool bench_pin(unsigned which);
void bench_unpin(void);

/* ------------------------------------------------------------------ rounds */

#define BENCH_ROUNDS 201
#define BENCH_ROUNDS_LONG 7 /* for loops that take a tenth of a second or more */
#define BENCH_BATCH 25000 /* iterations a round: short enough to be interrupted rarely */

struct bench_samples {
    double at[BENCH_ROUNDS];
    size_t count;
};
void bench_add(struct bench_samples *samples, double sample);
/* Fills value and spread. */
void bench_conclude(struct bench_samples *samples, struct bench_result *result);

/* Rounds of a value and its base, measured together. */
struct bench_pairs {
    struct bench_samples values, ratios;
};
void bench_add_pair(struct bench_pairs *pairs, double value, double base);
/* Fills ratio as well. */
void bench_conclude_pairs(struct bench_pairs *pairs, struct bench_result *result);

/* Runs the measured code count times. */
struct bench_loop {
    void (*run)(void *context, uint64_t count);
    void *context;
};

/*
 * Ends each iteration of a loop. It emits no instruction, but keeps the compiler from carrying values read from memory
 * over to the next iteration, just as a program's own work between two calls does.
 */
static inline void bench_barrier(void)
{
    __asm__ volatile("" : : : "memory");
}

/* ns per iteration. */
double bench_time(struct bench_loop loop, uint64_t count);

/* Alternates batches of the subject and its base, in several sittings; returns how often the subject was run. */
uint64_t bench_compare(struct bench_loop subject, struct bench_loop base, struct bench_result *result);
uint64_t bench_alone(struct bench_loop subject, struct bench_result *result);

/* The library's name for its clock. */
void bench_clock_name(char *name, size_t size);

/* The same for recording into a tracer, which is warmed up by one lap around its ring. Fails unless every event was
 * recorded. */
bool bench_record(struct tracer *tracer, struct bench_loop subject, struct bench_loop base,
                  struct bench_result *result);

/* --------------------------------------- the things that rows are compared with */

/* An empty loop. */
struct bench_loop bench_empty(void);
/* Reading the clock that the library reads, and clock_gettime(). */
struct bench_loop bench_clock(void);
struct bench_loop bench_system_clock(void);
/* Stores an event as a single-threaded program without readers would: the clock's value and three more words in the
 * next slot of a ring. Stores the text as well, if there is one. */
struct bench_plain_ring {
    double (*clock)(void *argument);
    void *clock_argument;
    const char *text;
};
struct bench_loop bench_plain_ring(const struct bench_plain_ring *ring);
/* Counts a duration in such a program: count, sum, minimum, maximum, and one of 64 buckets by log2. */
struct bench_loop bench_plain_count(const double *durations_ms, uint64_t mask);

/* Time of memcpy() from warm memory into memory that was never touched; 0 if there is no memory. Anything built in such
 * memory pays for page faults, just as a copy into it does. */
double bench_cold_copy_ns(size_t bytes);
void *bench_cold_memory(size_t bytes);
/* Time of memcpy() of the same number of bytes between warm memory. */
double bench_warm_copy_ns(size_t bytes);
/* Time to read a file from beginning to end, in pieces, into the same memory; 0 if it cannot be read. */
double bench_read_file_ns(const char *path);

/* ------------------------------------------------------------------- input */

/* xorshift64*. The state is the seed; it must not be 0. */
uint64_t bench_random(uint64_t *state);

/* Names that are not literals, in an order that no branch predictor learns, the same in every run. */
#define BENCH_NAMES 64
#define BENCH_ORDER 4096 /* a power of two */
struct bench_names {
    char text[BENCH_NAMES][32];
    unsigned char order[BENCH_ORDER];
};
void bench_names_init(struct bench_names *names);

/* Records events of every kind, every fourth with BENCH_COMMON_NAME, from several threads at once. */
#define BENCH_COMMON_NAME "open"
#define BENCH_THREADS_MAX 4
bool bench_record_mixed(struct tracer *tracer, unsigned threads, uint64_t events_each, struct bench_result *result);

/* Writes such events to a closed file image for BENCH_LARGE_EVENTS. */
#define BENCH_LARGE_EVENTS 10000000
bool bench_save_mixed(const char *path, unsigned threads, uint64_t events_each, struct bench_result *result);

#define BENCH_TMPFS "/dev/shm"
#define BENCH_PATH_MAX 4096
/* The directory of this program, assumed to be on a disk. */
bool bench_own_directory(char path[BENCH_PATH_MAX]);
/* A path below the directory that no other process uses. */
void bench_path(char path[BENCH_PATH_MAX], const char *directory);

/* --------------------------------------------------------------- reporting */

/* The work of this program when it is a measured child process: a task of bench_process.c, on an image file. Returns
 * the exit code. */
int bench_child(const char *task, const char *path);

struct bench_options {
    bool json;
    const char *only; /* a prefix of the names of the rows to run */
};

/* Prints one line: the machine, the compiler, the clock, the library. */
void bench_print_machine(FILE *file);

/* Measures and prints the requested rows of the groups, which end in NULL; false if one is not within its limit. */
bool bench_run(const struct bench_group *const *groups, const struct bench_options *options);

#endif
