/* kill -9 at any instant: what it leaves of an image. Guarantee 4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "marked_check.h"

#define WRITERS 2
#define DELAY_US_MAX 3000

/* A child's progress, in memory that its parent sees. */
struct diary {
    uint64_t recorded[WRITERS][8]; /* each in a cache line of its own */
    uint64_t inside[WRITERS][8]; /* 1 between a span's begin and its end */
    uint64_t ready;
};

struct scene {
    struct diary *diary;
    char path[STRESS_PATH_BYTES];
    uint64_t random;
    uint64_t kills, killed; /* to be made, and made */
};

static void note(uint64_t *where, uint64_t value)
{
    __atomic_store_n(where, value, __ATOMIC_RELEASE);
}

static uint64_t noted(const uint64_t *where)
{
    return __atomic_load_n(where, __ATOMIC_ACQUIRE);
}

static int setup(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    MUST(scene, "no memory");
    stress_path(scene->path);
    scene->diary = mmap(NULL, sizeof *scene->diary, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    MUST(scene->diary != MAP_FAILED, "no memory");
    scene->random = stress_seed();
    scene->kills = stress_number("RINGSCOPE_KILLS", STRESS_ASAN || STRESS_TSAN ? 200 : 300);
    *state = scene;
    return 0;
}

static int teardown(void **state)
{
    struct scene *scene = *state;
    printf("%" PRIu64 " kills\n", scene->killed);
    stress_path_remove(scene->path);
    munmap(scene->diary, sizeof *scene->diary);
    free(scene);
    return 0;
}

/* ------------------------------------------------------------- killing */

/* Runs act(scene) in a child, and kills it at a random time after it has reported that it is ready. */
static void kill_during(struct scene *scene, void (*act)(const struct scene *))
{
    int status = 0;
    memset(scene->diary, 0, sizeof *scene->diary);
    fflush(NULL);
    pid_t child = fork();
    MUST(child >= 0, "fork");
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        act(scene);
        _exit(1);
    }
    while (!noted(&scene->diary->ready))
        MUST(waitpid(child, &status, WNOHANG) == 0, "the child ended by itself: %#x", (unsigned)status);
    double until = stress_now_s() + (double)(stress_random(&scene->random) % DELAY_US_MAX) / 1e6;
    while (stress_now_s() < until)
        ;
    MUST(kill(child, SIGKILL) == 0, "kill");
    MUST(waitpid(child, &status, 0) == child && WIFSIGNALED(status), "status %#x", (unsigned)status);
    scene->killed++;
}

/* setup() prints the seed that led here. */
static struct tracer_reader *open_remains(const struct scene *scene)
{
    struct tracer_reader *reader;
    struct tracer_info info;
    struct tracer_message message = { "" };
    MUST(tracer_reader_open(&reader, scene->path, &message) == TRACER_OK, "%s", message.text);
    MUST_WORK(tracer_reader_info(reader, &info));
    MUST(!info.live, "a killed writer is taken for a living one");
    return reader;
}

static struct tracer_snapshot *check_events_left(const struct scene *scene, struct marked_check *check)
{
    struct tracer_snapshot *snapshot;
    struct tracer_reader *reader = open_remains(scene);
    MUST_WORK(tracer_snapshot_create(&snapshot, reader, NULL));
    check_snapshot(check, snapshot);
    MUST(check->skipped == 0, "%" PRIu64 " missing between others", check->skipped);
    tracer_reader_close(reader);
    return snapshot;
}

/* --------------------------------------------------- killed while recording */

struct author {
    const struct scene *scene;
    struct tracer *tracer;
    uint32_t index;
};

/* Every third event is a span; all are inside one that never ends. */
static void *write_diary(void *argument)
{
    const struct author *author = argument;
    struct diary *diary = author->scene->diary;
    tracer_span_begin(author->tracer, TRACE_CUSTOM, "life");
    for (uint64_t number = 0;; number++) {
        char text[MARKED_BYTES];
        if (number % 3) {
            marked_record(author->tracer, author->index, number);
        } else {
            marked_text(text, author->index, number);
            struct trace_span span = tracer_span_begin(author->tracer, marked_category(number), marked_name(number));
            note(&diary->inside[author->index][0], 1);
            trace_span_end_detail(&span, text);
            note(&diary->inside[author->index][0], 0);
        }
        note(&diary->recorded[author->index][0], number + 1);
        note(&diary->ready, 1);
    }
    return NULL;
}

#define KEPT 1000u

static struct tracer *create(const struct scene *scene)
{
    struct tracer *tracer;
    struct tracer_options options = { .capacity_events = KEPT, .path = scene->path, .lanes = 4 };
    struct tracer_message message = { "" };
    MUST(tracer_create(&tracer, &options, &message) == TRACER_OK, "%s", message.text);
    tracer_enable(tracer);
    return tracer;
}

static void record_until_killed(const struct scene *scene)
{
    struct author authors[WRITERS];
    pthread_t thread;
    struct tracer *tracer = create(scene);
    for (uint32_t i = 0; i < WRITERS; i++)
        authors[i] = (struct author){ scene, tracer, i };
    for (uint32_t i = 1; i < WRITERS; i++)
        MUST_EQUAL(pthread_create(&thread, NULL, write_diary, &authors[i]), 0);
    write_diary(&authors[0]);
}

/* Everything recorded before must be there; one more may be complete, and one in flight. */
static void check_newest(const struct diary *diary, const struct marked_check *check)
{
    for (unsigned i = 0; i < WRITERS; i++) {
        uint64_t recorded = noted(&diary->recorded[i][0]);
        if (check->number[i]) {
            MUST(check->number[i] == recorded || check->number[i] == recorded + 1,
                 "writer %u: the newest is %" PRIu64 ", %" PRIu64 " were recorded", i, check->number[i], recorded);
            MUST_EQUAL(check->number[i] - check->oldest[i], check->by_writer[i]);
        }
    }
}

/* Each writer's oldest held event is older than the other's newest, so a writer without any is behind. */
static void check_held(const struct diary *diary, const struct marked_check *check)
{
    uint64_t recorded = 0;
    for (unsigned i = 0; i < WRITERS; i++)
        recorded += noted(&diary->recorded[i][0]);
    uint64_t least = recorded < KEPT ? recorded : KEPT;
    MUST(check->events >= least - (least < WRITERS ? least : WRITERS) && check->events <= KEPT,
         "%" PRIu64 " held of %" PRIu64, check->events, recorded);
    if (recorded < KEPT - WRITERS)
        MUST(check->events >= recorded, "%" PRIu64 " held of %" PRIu64, check->events, recorded);
}

static void check_equations(const struct diary *diary, const struct trace_summary *summary)
{
    uint64_t recorded = 0, counted = sum_categories(summary->losses.recorded);
    for (unsigned i = 0; i < WRITERS; i++)
        recorded += noted(&diary->recorded[i][0]);
    check_losses(&summary->losses);
    MUST(counted >= recorded && counted <= recorded + WRITERS, "%" PRIu64 " counted of %" PRIu64, counted, recorded);
    MUST(summary->losses.missed <= WRITERS, "%" PRIu64 " in flight", summary->losses.missed);
    for (unsigned reason = 0; reason < TRACE_LOSS_COUNT; reason++)
        MUST_EQUAL(sum_categories(summary->losses.lost[reason]), 0);
}

/* For a writer that has recorded, "life" is open, and at most one more span. */
static void check_open_spans(const struct diary *diary, const struct tracer_snapshot *snapshot)
{
    struct trace_open_span span;
    unsigned lives = 0, others = 0, expected = 0, inside = 0;
    for (size_t i = 0; tracer_snapshot_open_span(snapshot, i, &span); i++) {
        if (strcmp(span.name, "life") == 0)
            lives++;
        else
            others++;
        MUST(span.depth == (strcmp(span.name, "life") != 0), "%s is open at depth %u", span.name, span.depth);
    }
    for (unsigned i = 0; i < WRITERS; i++) {
        expected += noted(&diary->recorded[i][0]) > 0;
        inside += noted(&diary->inside[i][0]) == 1;
    }
    MUST(lives >= expected && lives <= WRITERS, "%u of %u lives", lives, expected);
    MUST(others <= WRITERS, "%u open of %u", others, inside);
}

static void check_remains(const struct scene *scene)
{
    struct trace_summary summary;
    struct marked_check check = { 0 };
    struct tracer_snapshot *snapshot = check_events_left(scene, &check);
    tracer_snapshot_summary(snapshot, &summary);
    check_newest(scene->diary, &check);
    check_held(scene->diary, &check);
    check_equations(scene->diary, &summary);
    check_open_spans(scene->diary, snapshot);
    tracer_snapshot_destroy(snapshot);
}

static void the_newest_events_but_those_in_flight_are_left(void **state)
{
    struct scene *scene = *state;
    for (uint64_t i = 0; i < scene->kills; i++) {
        kill_during(scene, record_until_killed);
        check_remains(scene);
    }
}

/* ------------------------------------------------------ killed while clearing */

static void reset_until_killed(const struct scene *scene)
{
    struct tracer *tracer = create(scene);
    for (uint64_t number = 0;; number++) {
        marked_record(tracer, 0, number);
        tracer_op(tracer, "read", 1, true);
        if (number % 64 == 63)
            tracer_reset(tracer);
        note(&scene->diary->recorded[0][0], number + 1);
        note(&scene->diary->ready, 1);
    }
}

/* At most 64 events, since the last reset: it is unknown whether a reset took effect if it was killed. */
static void check_cleared(const struct scene *scene)
{
    struct trace_summary summary;
    struct marked_check check = { 0 };
    uint64_t recorded = noted(&scene->diary->recorded[0][0]);
    struct tracer_snapshot *snapshot = check_events_left(scene, &check);
    tracer_snapshot_summary(snapshot, &summary);
    check_losses(&summary.losses);
    MUST(check.events <= 64, "%" PRIu64 " held", check.events);
    if (recorded % 64)
        MUST(check.events == recorded % 64 || check.events == recorded % 64 + 1 || recorded % 64 == 63,
             "%" PRIu64 " held of %" PRIu64, check.events, recorded);
    MUST(summary.losses.missed <= 1, "%" PRIu64 " in flight", summary.losses.missed);
    tracer_snapshot_destroy(snapshot);
}

static void a_reset_is_whole_or_has_not_been(void **state)
{
    struct scene *scene = *state;
    for (uint64_t i = 0; i < scene->kills / 4; i++) {
        kill_during(scene, reset_until_killed);
        check_cleared(scene);
    }
}

/* ------------------------------------------ killed while creating and closing */

static void create_until_killed(const struct scene *scene)
{
    for (;;) {
        note(&scene->diary->ready, 1);
        struct tracer *tracer = create(scene);
        marked_record(tracer, 0, 0);
        tracer_destroy(tracer);
    }
}

/* A temporary file may be left beside the image until the path is used again, but never half an image at the path
 * itself. */
static void check_that_nothing_is_left(const struct scene *scene)
{
    char directory[STRESS_PATH_BYTES];
    snprintf(directory, sizeof directory, "%s", scene->path);
    *strrchr(directory, '/') = '\0';
    DIR *files = opendir(directory);
    MUST(files, "opendir %s", directory);
    for (const struct dirent *file; (file = readdir(files));) {
        MUST(!strstr(file->d_name, ".tmp"), "%s is left", file->d_name);
    }
    closedir(files);
}

static void open_again_and_look(const struct scene *scene)
{
    struct tracer *tracer;
    MUST(tracer_create(&tracer, &(struct tracer_options){ .path = scene->path, .lanes = 1 }, NULL) == TRACER_OK,
         "%s cannot be opened again", scene->path);
    tracer_destroy(tracer);
    check_that_nothing_is_left(scene);
}

static void an_image_is_there_whole_or_not_at_all(void **state)
{
    struct scene *scene = *state;
    uint64_t absent = 0;
    for (uint64_t i = 0; i < scene->kills / 4; i++) {
        struct stat status;
        unlink(scene->path);
        kill_during(scene, create_until_killed);
        if (stat(scene->path, &status) == 0)
            tracer_reader_close(open_remains(scene));
        else
            absent++;
        open_again_and_look(scene);
    }
    printf("absent %" PRIu64 " times\n", absent);
}

/* ---------------------------------------------------------- killed while sealing */

static struct tracer *create_in_memory(void)
{
    struct tracer *tracer;
    MUST_WORK(tracer_create(&tracer, &(struct tracer_options){ .capacity_events = KEPT, .lanes = 1 }, NULL));
    tracer_enable(tracer);
    return tracer;
}

static void save_until_killed(const struct scene *scene)
{
    struct tracer *tracer = create_in_memory();
    for (uint64_t number = 0;; number++) {
        marked_record(tracer, 0, number);
        note(&scene->diary->recorded[0][0], number + 1);
        MUST_WORK(tracer_save(tracer, scene->path, NULL));
        note(&scene->diary->ready, 1);
    }
}

/* The path has the newest save, or the one before it. */
static void check_saved(const struct scene *scene)
{
    struct marked_check check = { 0 };
    uint64_t recorded = noted(&scene->diary->recorded[0][0]);
    tracer_snapshot_destroy(check_events_left(scene, &check));
    if (recorded <= KEPT)
        MUST(check.events == recorded || check.events + 1 == recorded, "%" PRIu64 " saved of %" PRIu64, check.events,
             recorded);
}

static void a_save_is_whole_or_has_not_been(void **state)
{
    struct scene *scene = *state;
    for (uint64_t i = 0; i < scene->kills / 4; i++) {
        kill_during(scene, save_until_killed);
        check_saved(scene);
        struct tracer *tracer = create_in_memory();
        MUST_WORK(tracer_save(tracer, scene->path, NULL));
        tracer_destroy(tracer);
        check_that_nothing_is_left(scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_newest_events_but_those_in_flight_are_left, setup, teardown),
        cmocka_unit_test_setup_teardown(a_reset_is_whole_or_has_not_been, setup, teardown),
        cmocka_unit_test_setup_teardown(an_image_is_there_whole_or_not_at_all, setup, teardown),
        cmocka_unit_test_setup_teardown(a_save_is_whole_or_has_not_been, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
