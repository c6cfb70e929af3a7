/* The toy kernel's system calls, one by one: bytes arrive, and invalid calls are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "toy_internal.h"

struct machine {
    struct tracer *tracer;
    struct toy_kernel *kernel;
    struct toy_process *self; /* the first process, which never gets to run */
    struct toy_process *other; /* a child of it */
};

static int machine_up(void **state)
{
    struct machine *machine = calloc(1, sizeof *machine);
    if (!machine || tracer_create(&machine->tracer, NULL, NULL) != TRACER_OK ||
        toy_kernel_create(&machine->kernel, machine->tracer, 1) != TRACER_OK)
        return -1;
    tracer_enable(machine->tracer);
    machine->self = toy_process_find(machine->kernel, 1);
    int pid = toy_spawn(machine->self, &(struct toy_launch){ { "cat" }, 0, 1 });
    machine->other = toy_process_find(machine->kernel, (uint32_t)pid);
    *state = machine;
    return machine->self && machine->other ? 0 : -1;
}

static int machine_down(void **state)
{
    struct machine *machine = *state;
    tracer_destroy(machine->tracer);
    toy_kernel_destroy(machine->kernel);
    free(machine);
    return 0;
}

/* The detail of the newest event with that name. */
static void assert_last_detail(const struct machine *machine, const char *name, const char *detail)
{
    struct tracer_query query = { .name = name, .last = 1 };
    struct tracer_snapshot *events = tracer_events(machine->tracer, &query);
    struct trace_event event;
    assert_true(tracer_snapshot_get(events, 0, &event));
    assert_string_equal(event.detail, detail);
    tracer_snapshot_destroy(events);
}

/* ------------------------------------------------------------------- files */

static void file_gives_back_what_was_written(void **state)
{
    struct machine *machine = *state;
    struct toy_process *self = machine->self;
    char bytes[3000], back[3000] = "";
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7 % 127);
    int file = toy_open(self, "/data", TOY_WRITE);
    assert_int_equal(toy_write(self, file, bytes, 1500), 1500);
    assert_int_equal(toy_write(self, file, bytes + 1500, 1500), 1500);
    assert_int_equal(toy_read(self, file, back, 10), TOY_EBADF);
    assert_int_equal(toy_close(self, file), 0);
    file = toy_open(self, "/data", TOY_READ);
    assert_int_equal(toy_write(self, file, bytes, 1), TOY_EBADF);
    assert_int_equal(toy_read(self, file, back, 2000), 2000);
    assert_int_equal(toy_read(self, file, back + 2000, 2000), 1000);
    assert_int_equal(toy_read(self, file, back, 1), 0);
    assert_memory_equal(bytes, back, sizeof bytes);
    assert_int_equal(toy_seek(self, file, 1022), 1022);
    assert_int_equal(toy_read(self, file, back, 4), 4);
    assert_memory_equal(bytes + 1022, back, 4);
}

static void hole_in_a_file_reads_as_zeros(void **state)
{
    struct machine *machine = *state;
    char back[4];
    int file = toy_open(machine->self, "/sparse", TOY_WRITE);
    assert_int_equal(toy_seek(machine->self, file, 5000), 5000);
    assert_int_equal(toy_write(machine->self, file, "end", 3), 3);
    file = toy_open(machine->self, "/sparse", TOY_READ);
    assert_int_equal(toy_seek(machine->self, file, 4998), 4998);
    assert_int_equal(toy_read(machine->self, file, back, 4), 4);
    assert_memory_equal(back, "\0\0en", 4);
}

static void append_and_write_differ(void **state)
{
    struct machine *machine = *state;
    char back[8] = "";
    for (int i = 0; i < 2; i++) {
        int file = toy_open(machine->self, "/log", TOY_APPEND);
        assert_int_equal(toy_write(machine->self, file, "ab", 2), 2);
    }
    int file = toy_open(machine->self, "/log", TOY_READ);
    assert_int_equal(toy_read(machine->self, file, back, 8), 4);
    assert_string_equal(back, "abab");
    toy_open(machine->self, "/log", TOY_WRITE);
    assert_int_equal(toy_read(machine->self, file, back, 8), 0);
}

static void full_file_and_full_disk_are_errors(void **state)
{
    struct machine *machine = *state;
    static char block[NODE_PAGES * PAGE_BYTES + 1];
    int file = toy_open(machine->self, "/full", TOY_WRITE);
    assert_int_equal(toy_write(machine->self, file, block, sizeof block), sizeof block - 1);
    assert_int_equal(toy_write(machine->self, file, block, 1), TOY_ENOSPC);
    int address = toy_mem_alloc(machine->self, machine->kernel->free_pages * PAGE_BYTES);
    assert_true(address > 0);
    file = toy_open(machine->self, "/more", TOY_WRITE);
    assert_int_equal(toy_write(machine->self, file, block, 1), TOY_ENOSPC);
    assert_int_equal(toy_mem_free(machine->self, address), 0);
    assert_int_equal(toy_write(machine->self, file, block, 1), 1);
}

static void removed_file_lives_on_while_it_is_open(void **state)
{
    struct machine *machine = *state;
    int free_pages = machine->kernel->free_pages;
    char back[4] = "";
    int writer = toy_open(machine->self, "/gone", TOY_WRITE), reader = toy_open(machine->self, "/gone", TOY_READ);
    toy_write(machine->self, writer, "abc", 3);
    assert_int_equal(toy_remove(machine->self, "/gone"), 0);
    assert_int_equal(toy_exists(machine->self, "/gone"), 0);
    assert_int_equal(toy_read(machine->self, reader, back, 3), 3);
    assert_string_equal(back, "abc");
    toy_close(machine->self, writer);
    assert_int_equal(machine->kernel->free_pages, free_pages - 1);
    toy_close(machine->self, reader);
    assert_int_equal(machine->kernel->free_pages, free_pages);
}

static void descriptors_run_out_and_are_shared_by_dup(void **state)
{
    struct machine *machine = *state;
    char back[4] = "";
    int file = toy_open(machine->self, "/f", TOY_WRITE);
    toy_write(machine->self, file, "abcd", 4);
    int first = toy_open(machine->self, "/f", TOY_READ), second = toy_dup(machine->self, first);
    assert_int_equal(toy_read(machine->self, first, back, 2), 2);
    assert_int_equal(toy_close(machine->self, first), 0);
    assert_int_equal(toy_read(machine->self, second, back, 2), 2);
    assert_string_equal(back, "cd");
    while (toy_dup(machine->self, second) >= 0)
        ;
    assert_int_equal(toy_open(machine->self, "/f", TOY_READ), TOY_ENFILE);
    assert_int_equal(toy_pipe(machine->self, (int[2]){ 0, 0 }), TOY_ENFILE);
    assert_int_equal(toy_close(machine->self, DESCRIPTORS), TOY_EBADF);
    assert_int_equal(toy_close(machine->self, -1), TOY_EBADF);
}

static void paths_lead_where_they_say(void **state)
{
    struct machine *machine = *state;
    struct toy_process *self = machine->self;
    char path[TOY_PATH_BYTES], name[TOY_NAME_BYTES];
    assert_int_equal(toy_mkdir(self, "/a"), 0);
    assert_int_equal(toy_mkdir(self, "/a/b"), 0);
    assert_int_equal(toy_mkdir(self, "/a/b"), TOY_EEXIST);
    assert_int_equal(toy_mkdir(self, "/x/b"), TOY_ENOENT);
    assert_int_equal(toy_chdir(self, "a/b"), 0);
    assert_int_equal(toy_getcwd(self, path), 4);
    assert_string_equal(path, "/a/b");
    assert_int_equal(toy_open(self, "../../a//b/./f", TOY_WRITE), 3);
    assert_int_equal(toy_exists(self, "/a/b/f"), 1);
    assert_int_equal(toy_chdir(self, "f"), TOY_ENOTDIR);
    assert_int_equal(toy_mkdir(self, "f/g"), TOY_ENOTDIR);
    assert_int_equal(toy_remove(self, "/a"), TOY_ENOTEMPTY);
    assert_int_equal(toy_remove(self, "/"), TOY_EINVAL);
    assert_int_equal(toy_open(self, "/a", TOY_WRITE), TOY_EISDIR);
    assert_int_equal(toy_open(self, "/a-name-that-is-far-too-long", TOY_WRITE), TOY_ENAMETOOLONG);
    assert_int_equal(toy_readdir(self, "/a", 0, name), 1);
    assert_string_equal(name, "b");
    assert_int_equal(toy_readdir(self, "/a", 1, name), 0);
    assert_int_equal(toy_chdir(self, "../../../.."), 0);
    assert_int_equal(toy_getcwd(self, path), 1);
    assert_string_equal(path, "/");
}

static void calls_say_what_was_asked_and_what_came_of_it(void **state)
{
    struct machine *machine = *state;
    toy_open(machine->self, "/none", TOY_READ);
    assert_last_detail(machine, "open", "/none ENOENT");
    toy_mkdir(machine->self, "/some");
    assert_last_detail(machine, "mkdir", "/some = 0");
    int ends[2];
    toy_pipe(machine->self, ends);
    toy_read(machine->self, ends[0], ends, 1);
    assert_last_detail(machine, "read", "3, 1 blocks");
}

/* ------------------------------------------------------------------- pipes */

static void pipe_delivers_in_order_across_its_end(void **state)
{
    struct machine *machine = *state;
    unsigned char bytes[PIPE_BYTES], back[PIPE_BYTES];
    int ends[2];
    for (int i = 0; i < PIPE_BYTES; i++)
        bytes[i] = (unsigned char)(i % 251);
    assert_int_equal(toy_pipe(machine->self, ends), 0);
    assert_int_equal(toy_write(machine->self, ends[1], bytes, 400), 400);
    assert_int_equal(toy_read(machine->self, ends[0], back, 300), 300);
    assert_memory_equal(bytes, back, 300);
    assert_int_equal(toy_write(machine->self, ends[1], bytes, PIPE_BYTES), PIPE_BYTES - 100);
    assert_int_equal(toy_read(machine->self, ends[0], back, PIPE_BYTES), PIPE_BYTES);
    assert_memory_equal(bytes + 300, back, 100);
    assert_memory_equal(bytes, back + 100, PIPE_BYTES - 100);
}

static void pipe_blocks_wakes_and_ends(void **state)
{
    struct machine *machine = *state;
    struct toy_process *self = machine->self, *other = machine->other;
    char bytes[PIPE_BYTES] = "";
    int ends[2];
    toy_pipe(self, ends);
    toy_descriptors_inherit(other, self, ends[0], 5);
    toy_close(self, ends[0]);
    assert_int_equal(toy_read(other, 5, bytes, 1), TOY_BLOCKED);
    assert_int_equal(other->state, TOY_WAITING);
    assert_int_equal(toy_write(self, ends[1], bytes, PIPE_BYTES), PIPE_BYTES);
    assert_int_equal(other->state, TOY_READY);
    assert_int_equal(toy_write(self, ends[1], bytes, 1), TOY_BLOCKED);
    assert_int_equal(self->state, TOY_WAITING);
    assert_int_equal(toy_read(other, 5, bytes, PIPE_BYTES), PIPE_BYTES);
    assert_int_equal(self->state, TOY_READY);
    toy_close(self, ends[1]);
    assert_int_equal(toy_read(other, 5, bytes, 1), 0);
}

static void write_without_a_reader_is_an_error_and_a_signal(void **state)
{
    struct machine *machine = *state;
    struct trace_perf perf;
    int ends[2];
    toy_pipe(machine->other, ends);
    toy_close(machine->other, ends[0]);
    assert_int_equal(toy_write(machine->other, ends[1], "x", 1), TOY_EPIPE);
    assert_int_equal(tracer_op_stats(machine->tracer, "write", &perf), TRACER_OK);
    assert_int_equal(perf.errors, 1);
    toy_signals_deliver(machine->other);
    assert_int_equal(machine->other->state, TOY_ZOMBIE);
    assert_int_equal(machine->other->exit_code, 128 + TOY_SIGPIPE);
}

/* ------------------------------------------------------------------ memory */

static void memory_belongs_to_its_process(void **state)
{
    struct machine *machine = *state;
    char back[6] = "";
    int address = toy_mem_alloc(machine->self, 2000);
    assert_true(address > 0);
    assert_int_equal(toy_mem_write(machine->self, address + 1022, "across", 6), 6);
    assert_int_equal(toy_mem_read(machine->self, address + 1022, back, 6), 6);
    assert_memory_equal(back, "across", 6);
    assert_int_equal(toy_mem_read(machine->other, address, back, 1), TOY_EFAULT);
    assert_int_equal(toy_mem_free(machine->other, address), TOY_EFAULT);
    assert_int_equal(toy_mem_write(machine->self, address + 2 * PAGE_BYTES - 1, "ab", 2), TOY_EFAULT);
    assert_int_equal(toy_mem_write(machine->self, address - 1, "ab", 2), TOY_EFAULT);
    assert_int_equal(toy_mem_write(machine->self, address, "ab", -1), TOY_EFAULT);
    assert_int_equal(toy_mem_free(machine->self, address + 1), TOY_EFAULT);
    assert_int_equal(toy_mem_free(machine->self, address), 0);
    assert_int_equal(toy_mem_read(machine->self, address, back, 1), TOY_EFAULT);
    assert_int_equal(toy_mem_alloc(machine->self, 0), TOY_EINVAL);
    assert_int_equal(toy_mem_alloc(machine->self, PAGES * PAGE_BYTES + 1), TOY_ENOMEM);
    assert_int_equal(machine->kernel->free_pages, PAGES);
}

static void segment_is_shared_and_goes_with_its_last_user(void **state)
{
    struct machine *machine = *state;
    char back[4] = "";
    int mine = toy_shm_open(machine->self, "board", 4), theirs = toy_shm_open(machine->other, "board", 4);
    assert_int_equal(toy_shm_write(machine->self, mine, "abc", 4), 4);
    assert_int_equal(toy_shm_read(machine->other, theirs, back, 4), 4);
    assert_string_equal(back, "abc");
    assert_int_equal(toy_shm_write(machine->self, mine, "abcd", 5), TOY_EFAULT);
    assert_int_equal(toy_shm_open(machine->other, "board", 5), TOY_EINVAL);
    assert_int_equal(toy_shm_close(machine->self, mine), 0);
    assert_int_equal(toy_shm_read(machine->self, mine, back, 4), TOY_EINVAL);
    assert_int_equal(machine->kernel->free_pages, PAGES - 1);
    toy_process_end(machine->other, 0);
    assert_int_equal(machine->kernel->free_pages, PAGES);
}

/* ------------------------------------------------- signals, timers, windows */

static void caught_signal_is_taken_and_another_ends_the_process(void **state)
{
    struct machine *machine = *state;
    struct trace_summary summary;
    assert_int_equal(toy_signal_catch(machine->other, TOY_SIGUSR1), 0);
    assert_int_equal(toy_signal_send(machine->self, 2, TOY_SIGUSR1), 0);
    assert_int_equal(toy_signal_take(machine->other), 0);
    toy_signals_deliver(machine->other);
    assert_int_equal(toy_signal_take(machine->other), TOY_SIGUSR1);
    assert_int_equal(toy_signal_take(machine->other), 0);
    assert_int_equal(toy_signal_send(machine->self, 2, TOY_SIGTERM), 0);
    toy_signals_deliver(machine->other);
    assert_int_equal(machine->other->state, TOY_ZOMBIE);
    assert_int_equal(toy_signal_send(machine->self, 2, TOY_SIGTERM), TOY_ESRCH);
    assert_int_equal(toy_signal_send(machine->self, 99, TOY_SIGTERM), TOY_ESRCH);
    assert_int_equal(toy_signal_send(machine->self, 1, (enum toy_signal)3), TOY_EINVAL);
    assert_int_equal(tracer_summary(machine->tracer, &summary), TRACER_OK);
    assert_int_equal(summary.signals_delivered, 2);
}

static void parent_waits_for_its_child(void **state)
{
    struct machine *machine = *state;
    int exit_code = 0;
    assert_int_equal(toy_wait(machine->self, &exit_code), TOY_BLOCKED);
    assert_int_equal(machine->self->state, TOY_WAITING);
    toy_exit(machine->other, 7);
    assert_int_equal(machine->self->state, TOY_READY);
    assert_int_equal(toy_wait(machine->self, &exit_code), 2);
    assert_int_equal(exit_code, 7);
    assert_int_equal(toy_wait(machine->self, &exit_code), TOY_ECHILD);
}

static void timer_fires_when_due_and_as_often_as_asked(void **state)
{
    struct machine *machine = *state;
    struct toy_process *self = machine->self;
    int once = toy_timer_set(self, 10, 0), often = toy_timer_set(self, 5, 5);
    toy_timers_fire(machine->kernel);
    assert_int_equal(toy_timer_wait(self, once), TOY_BLOCKED);
    machine->kernel->now_ns += 10000000;
    toy_timers_fire(machine->kernel);
    assert_int_equal(self->state, TOY_READY);
    assert_int_equal(toy_timer_wait(self, once), 1);
    machine->kernel->now_ns += 10000000;
    toy_timers_fire(machine->kernel);
    assert_int_equal(toy_timer_wait(self, often), 2);
    assert_int_equal(toy_timer_wait(self, once), TOY_BLOCKED);
    assert_int_equal(toy_timer_cancel(self, often), 0);
    assert_int_equal(toy_timer_cancel(self, often), TOY_EINVAL);
    assert_int_equal(toy_timer_wait(machine->other, once), TOY_EINVAL);
}

static void window_shows_its_segment_until_it_is_closed(void **state)
{
    struct machine *machine = *state;
    struct toy_process *self = machine->self;
    const struct toy_place place = { 3, 1, 2, 2 }, outside = { SCREEN_WIDTH - 1, 0, 2, 2 };
    int segment = toy_shm_open(self, "cells", 4);
    int window = toy_window_open(self, &place, segment);
    assert_int_equal(toy_window_open(self, &outside, segment), TOY_EINVAL);
    assert_int_equal(toy_window_open(machine->other, &place, segment), TOY_EINVAL);
    toy_shm_write(self, segment, "abcd", 4);
    toy_compose(machine->kernel);
    assert_int_equal(machine->kernel->screen[1][3], 0);
    assert_int_equal(toy_window_present(self, window), 0);
    toy_compose(machine->kernel);
    assert_memory_equal(&machine->kernel->screen[1][3], "ab", 2);
    assert_memory_equal(&machine->kernel->screen[2][3], "cd", 2);
    assert_int_equal(machine->kernel->frames, 1);
    assert_int_equal(toy_shm_close(self, segment), 0);
    assert_int_equal(machine->kernel->screen[2][4], 0);
    assert_int_equal(toy_window_present(self, window), TOY_EINVAL);
}

#define WITH_MACHINE(test) cmocka_unit_test_setup_teardown(test, machine_up, machine_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_MACHINE(file_gives_back_what_was_written),
        WITH_MACHINE(hole_in_a_file_reads_as_zeros),
        WITH_MACHINE(append_and_write_differ),
        WITH_MACHINE(full_file_and_full_disk_are_errors),
        WITH_MACHINE(removed_file_lives_on_while_it_is_open),
        WITH_MACHINE(descriptors_run_out_and_are_shared_by_dup),
        WITH_MACHINE(paths_lead_where_they_say),
        WITH_MACHINE(calls_say_what_was_asked_and_what_came_of_it),
        WITH_MACHINE(pipe_delivers_in_order_across_its_end),
        WITH_MACHINE(pipe_blocks_wakes_and_ends),
        WITH_MACHINE(write_without_a_reader_is_an_error_and_a_signal),
        WITH_MACHINE(memory_belongs_to_its_process),
        WITH_MACHINE(segment_is_shared_and_goes_with_its_last_user),
        WITH_MACHINE(caught_signal_is_taken_and_another_ends_the_process),
        WITH_MACHINE(parent_waits_for_its_child),
        WITH_MACHINE(timer_fires_when_due_and_as_often_as_asked),
        WITH_MACHINE(window_shows_its_segment_until_it_is_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
