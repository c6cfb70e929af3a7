/* Damage by others to the file that a program records into: truncating it, and overwriting it with anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "drive.h"
#include "image/image.h"

struct scene {
    char path[STRESS_PATH_BYTES];
    uint64_t random;
    FILE *nowhere;
};

static int setup(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    MUST(scene, "no memory");
    stress_path(scene->path);
    scene->random = stress_seed();
    scene->nowhere = fopen("/dev/null", "w");
    MUST(scene->nowhere, "/dev/null");
    *state = scene;
    return 0;
}

static int teardown(void **state)
{
    struct scene *scene = *state;
    fclose(scene->nowhere);
    stress_path_remove(scene->path);
    free(scene);
    return 0;
}

static struct tracer *create(const struct scene *scene)
{
    struct tracer *tracer;
    struct tracer_options options = { .path = scene->path,
                                      .capacity_events = 500,
                                      .lanes = 3,
                                      .names = 64,
                                      .operations = 64,
                                      .tracks = 16,
                                      .histograms = 8 };
    struct tracer_message message = { "" };
    MUST(tracer_create(&tracer, &options, &message) == TRACER_OK, "%s", message.text);
    tracer_enable(tracer);
    return tracer;
}

/* Everything that a program can do with a tracer, once. */
static void record_everything(struct tracer *tracer, uint64_t i)
{
    char name[32];
    snprintf(name, sizeof name, "name %u", (unsigned)(i % 100));
    tracer_event(tracer, marked_category(i), "literal", i % 2 ? name : NULL);
    tracer_event(tracer, TRACE_CUSTOM, name, name);
    struct trace_span outer = tracer_span_begin(tracer, TRACE_FILE, "outer");
    struct trace_span inner = tracer_span_begin(tracer, TRACE_IPC, name);
    tracer_counter(tracer, TRACE_MEMORY, "bytes", (double)i);
    trace_span_end_detail(&inner, name);
    trace_span_end(&outer);
    tracer_op(tracer, name, 0.01, i % 3 != 0);
    tracer_op(tracer, "read", 0.5, true);
    tracer_tick(tracer, i, 0.25);
    tracer_process_spawned(tracer);
    tracer_process_exited(tracer);
    tracer_io(tracer, i, i);
    struct trace_event given = { .category = TRACE_IPC, .name = name, .pid = (uint32_t)(i % 40), .duration = 0.5 };
    MUST_WORK(tracer_event_ex(tracer, &given));
    if (i % 256 == 0) {
        tracer_reset(tracer);
        tracer_set_filter(tracer, (uint32_t)i);
        tracer_enable(tracer);
    }
}

/* With a reader that was opened before, and one that is opened now. */
static void read_whatever_is_there(const struct scene *scene, struct tracer_reader *opened)
{
    struct tracer_reader *reader;
    struct tracer_message message = { "" };
    drive_reader(opened, scene->nowhere);
    enum tracer_error error = tracer_reader_open(&reader, scene->path, &message);
    if (drive_is_error(error)) {
        MUST(message.text[0] != '\0', "%s without a message", tracer_error_name(error));
        return;
    }
    drive_reader(reader, scene->nowhere);
    tracer_reader_close(reader);
}

/* ----------------------------------------------------------- truncated */

static void every_reader_of_a_file_that_was_cut_short_says_so(void **state)
{
    struct scene *scene = *state;
    struct tracer_reader *reader;
    struct trace_summary summary;
    struct tracer_snapshot *snapshot;
    struct tracer_message message = { "" };
    struct stat whole;
    struct tracer *tracer = create(scene);
    for (uint64_t i = 0; i < 300; i++)
        record_everything(tracer, i);
    tracer_destroy(tracer);
    MUST(stat(scene->path, &whole) == 0, "stat");
    MUST_WORK(tracer_reader_open(&reader, scene->path, NULL));
    for (off_t size = whole.st_size - 1; size >= 0; size -= size > 9000 ? 4099 : 301) {
        MUST(truncate(scene->path, size) == 0, "truncate");
        read_whatever_is_there(scene, reader);
        if (size < 4096)
            MUST(tracer_reader_summary(reader, &summary) == TRACER_ERROR_TRUNCATED, "%lld bytes", (long long)size);
        struct tracer_reader *second;
        enum tracer_error error = tracer_reader_open(&second, scene->path, &message);
        MUST(error == (size < 8 ? TRACER_ERROR_NOT_AN_IMAGE : TRACER_ERROR_TRUNCATED), "%lld bytes: %s: %s",
             (long long)size, tracer_error_name(error), message.text);
    }
    MUST(tracer_snapshot_create(&snapshot, reader, NULL) == TRACER_ERROR_TRUNCATED, "a snapshot of nothing");
    tracer_reader_close(reader);
}

static void record_for_ever(const struct scene *scene, int ready)
{
    signal(SIGBUS, SIG_DFL); /* instead of a sanitizer's report */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct tracer *tracer = create(scene);
    for (uint64_t i = 0;; i++) {
        record_everything(tracer, i);
        if (i == 1000)
            MUST(write(ready, "", 1) == 1, "write");
    }
}

/* The blocks were allocated so that a full disk causes no SIGBUS; if somebody takes them away there is nothing that a
 * program could do, so the system kills it. Its readers carry on. */
static void a_program_whose_file_is_cut_short_gets_sigbus_and_its_readers_do_not(void **state)
{
    struct scene *scene = *state;
    struct tracer_reader *reader;
    int ready[2], status = 0;
    char byte;
    MUST(pipe(ready) == 0, "pipe");
    fflush(NULL);
    pid_t child = fork();
    MUST(child >= 0, "fork");
    if (child == 0)
        record_for_ever(scene, ready[1]);
    MUST(read(ready[0], &byte, 1) == 1, "read");
    MUST_WORK(tracer_reader_open(&reader, scene->path, NULL));
    drive_reader(reader, scene->nowhere);
    MUST(truncate(scene->path, 4096) == 0, "truncate");
    for (int i = 0; i < 20; i++)
        read_whatever_is_there(scene, reader);
    MUST(waitpid(child, &status, 0) == child, "waitpid");
    MUST(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS, "status %#x", (unsigned)status);
    read_whatever_is_there(scene, reader);
    tracer_reader_close(reader);
    close(ready[0]);
    close(ready[1]);
}

/* ----------------------------------------------------------- scribbled upon */

/* When tables are set back or a lane gets a second owner, threads write the same bytes. That does no harm that could
 * not be done directly, but ThreadSanitizer rightly reports it. */
#define VICTIMS (STRESS_TSAN ? 1 : 4)

static bool spared(size_t word)
{
    size_t from = offsetof(struct image_header, names_used) / 8,
           to = offsetof(struct image_header, histograms_used) / 8;
    return STRESS_TSAN && word >= from && word <= to;
}

/* Interesting values: near the current value, near limits, anything. */
static uint64_t scribble_value(uint64_t *random, uint64_t was)
{
    switch (stress_random(random) % 6) {
    case 0:
        return 0;
    case 1:
        return UINT64_MAX - stress_random(random) % 16;
    case 2:
        return was + stress_random(random) % 128 - 64;
    case 3:
        return 1ull << stress_random(random) % 64;
    case 4:
        return was ^ 1ull << stress_random(random) % 64;
    default:
        return stress_random(random);
    }
}

/* Half of the writes go where they hurt most: into the header and the lanes, which come first. */
static void scribble(uint64_t *words, size_t count, uint64_t *random)
{
    size_t first = count < 1200 ? count : 1200;
    size_t at = stress_random(random) % (stress_random(random) % 2 ? count : first);
    uint64_t was = __atomic_load_n(&words[at], __ATOMIC_RELAXED);
    if (!spared(at))
        __atomic_store_n(&words[at], scribble_value(random, was), __ATOMIC_RELAXED);
}

static void scribble_until_told(const struct scene *scene, const bool *stop, uint64_t seed)
{
    struct stat status;
    int file = open(scene->path, O_RDWR);
    MUST(file >= 0 && fstat(file, &status) == 0, "open");
    size_t size = (size_t)status.st_size;
    uint64_t *words = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    MUST(words != MAP_FAILED, "mmap");
    while (!__atomic_load_n(stop, __ATOMIC_ACQUIRE)) {
        for (int i = 0; i < 64; i++)
            scribble(words, size / sizeof *words, &seed);
        if (stress_random(&seed) % 4 == 0)
            usleep(50); /* so that recording overwrites some of it */
    }
    _exit(0);
}

struct victim {
    struct tracer *tracer;
    const bool *stop;
    pthread_t thread;
};

static void *record_until_told(void *argument)
{
    const struct victim *victim = argument;
    for (uint64_t i = 0; !__atomic_load_n(victim->stop, __ATOMIC_ACQUIRE); i++)
        record_everything(victim->tracer, i);
    return NULL;
}

static void look_at_oneself(const struct scene *scene, struct tracer *tracer)
{
    struct tracer_reader *reader;
    struct trace_summary summary;
    if (!drive_is_error(tracer_reader_attach(&reader, tracer))) {
        drive_reader(reader, scene->nowhere);
        tracer_reader_close(reader);
    }
    if (!drive_is_error(tracer_summary(tracer, &summary)))
        drive_summary(&summary, false, scene->nowhere);
}

/* The recording program: threads, and readers of its own. It ends normally, whatever is done to its image. */
static void be_the_victim(const struct scene *scene, const bool *stop, int ready)
{
    struct victim victims[VICTIMS];
    struct tracer *tracer = create(scene);
    MUST(write(ready, "", 1) == 1, "write");
    for (int i = 0; i < VICTIMS; i++) {
        victims[i] = (struct victim){ .tracer = tracer, .stop = stop };
        MUST_EQUAL(pthread_create(&victims[i].thread, NULL, record_until_told, &victims[i]), 0);
    }
    while (!__atomic_load_n(stop, __ATOMIC_ACQUIRE))
        look_at_oneself(scene, tracer);
    for (int i = 0; i < VICTIMS; i++)
        MUST_EQUAL(pthread_join(victims[i].thread, NULL), 0);
    tracer_destroy(tracer);
    _exit(0);
}

static pid_t start_victim(const struct scene *scene, const bool *stop)
{
    int ready[2];
    char byte;
    MUST(pipe(ready) == 0, "pipe");
    fflush(NULL);
    pid_t child = fork();
    MUST(child >= 0, "fork");
    if (child == 0)
        be_the_victim(scene, stop, ready[1]);
    MUST(read(ready[0], &byte, 1) == 1, "read");
    close(ready[0]);
    close(ready[1]);
    return child;
}

static pid_t start_scribbler(const struct scene *scene, const bool *stop, uint64_t seed)
{
    pid_t child = fork();
    MUST(child >= 0, "fork");
    if (child == 0)
        scribble_until_told(scene, stop, seed);
    return child;
}

/* One round: a new image, a program that records, one that scribbles, and readers here. */
static void play_round(struct scene *scene, bool *stop, double seconds)
{
    struct tracer_reader *reader;
    *stop = false;
    pid_t victim = start_victim(scene, stop);
    MUST_WORK(tracer_reader_open(&reader, scene->path, NULL));
    pid_t scribbler = start_scribbler(scene, stop, stress_random(&scene->random));
    double until = stress_now_s() + seconds;
    do {
        read_whatever_is_there(scene, reader);
    } while (stress_now_s() < until);
    __atomic_store_n(stop, true, __ATOMIC_RELEASE);
    stress_wait(scribbler);
    stress_wait(victim);
    read_whatever_is_there(scene, reader);
    tracer_reader_close(reader);
    unlink(scene->path);
}

static void scribbling_over_a_live_image_crashes_nobody(void **state)
{
    struct scene *scene = *state;
    bool *stop = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    double until = stress_now_s() + stress_seconds() / 4;
    uint64_t rounds = 0;
    MUST(stop != MAP_FAILED, "mmap");
    for (; rounds < 3 || stress_now_s() < until; rounds++)
        play_round(scene, stop, 0.3);
    printf("%" PRIu64 " rounds\n", rounds);
    munmap(stop, 4096);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_reader_of_a_file_that_was_cut_short_says_so, setup, teardown),
        cmocka_unit_test_setup_teardown(a_program_whose_file_is_cut_short_gets_sigbus_and_its_readers_do_not, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(scribbling_over_a_live_image_crashes_nobody, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
