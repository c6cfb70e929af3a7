/* Loops inside a module that are measured from JavaScript: each does one thing count times. */
#include <emscripten.h>

#include "platform/platform.h"
#include "ringscope.h"

/* Emscripten's clock in browsers: performance.now() through the global, as in its JavaScript. */
EM_JS(double, bench_emscripten_now, (void), { return performance.now(); })
/* Returns a constant: the bare cost of crossing into JavaScript. */
EM_JS(double, bench_constant, (void), { return 1; })
/* The tracer's import, called directly. */
double tracer_import_now(void);

void bench_init(void);
void bench_enable(bool on);
void bench_empty(uint32_t count);
void bench_constant_import(uint32_t count);
void bench_bare_clock(uint32_t count);
void bench_emscripten_clock(uint32_t count);
void bench_recorder_clock(uint32_t count);
void bench_event(uint32_t count);
void bench_event_detail(uint32_t count);
void bench_span(uint32_t count);
void bench_own_clock_event(uint32_t count);
void bench_plain_ring(uint32_t count);
void bench_plain_site(uint32_t count);

static struct tracer *own_clock_tracer;
static double now_ms = 1000.25; /* a kernel's time advances with its ticks, not with each event */
static volatile double sink;

static double own_clock(void *unused)
{
    (void)unused;
    return *(volatile double *)&now_ms;
}

/* Keeps values read from memory from being carried over to the next iteration. */
static inline void barrier(void)
{
    __asm__ volatile("" : : : "memory");
}

void bench_init(void)
{
    const struct tracer_options options = { .clock = own_clock, .lanes = 1 };
    const struct tracer_options plain = { .lanes = 1 };
    trace_open(&plain, NULL);
    tracer_create(&own_clock_tracer, &options, NULL);
    tracer_enable(own_clock_tracer);
}

void bench_enable(bool on)
{
    if (on)
        trace_enable();
    else
        trace_disable();
}

void bench_empty(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        barrier();
}

void bench_constant_import(uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += bench_constant();
    sink = sum;
}

void bench_bare_clock(uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += tracer_import_now();
    sink = sum;
}

void bench_emscripten_clock(uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += bench_emscripten_now();
    sink = sum;
}

void bench_recorder_clock(uint32_t count)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += platform_monotonic_ns();
    sink = (double)sum;
}

void bench_event(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        trace_event(TRACE_FILE, "open", NULL);
        barrier();
    }
}

void bench_event_detail(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        trace_event(TRACE_FILE, "open", "/etc/passwd");
        barrier();
    }
}

void bench_span(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        TRACE_SPAN (TRACE_FILE, "open")
            barrier();
    }
}

void bench_own_clock_event(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        tracer_event(own_clock_tracer, TRACE_FILE, "open", NULL);
        barrier();
    }
}

/* The same for a single-threaded program without readers: four words in the next slot of a ring. */
void bench_plain_ring(uint32_t count)
{
    static struct {
        uint64_t time_ns, duration_ns, place;
        const char *name;
    } ring[1024];
    static uint64_t head;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t place = head++;
        ring[place % 1024].time_ns = (uint64_t)(own_clock(NULL) * 1e6);
        ring[place % 1024].duration_ns = 0;
        ring[place % 1024].place = place;
        ring[place % 1024].name = "open";
        barrier();
    }
}

/* The minimum for a call site that someone else can switch on: a pointer, a word, a branch. */
void bench_plain_site(uint32_t count)
{
    static volatile uint32_t off;
    static volatile uint32_t *volatile control = &off;
    for (uint32_t i = 0; i < count; i++) {
        if (*control & 1)
            sink = 1;
        barrier();
    }
}
