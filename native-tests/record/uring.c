/*
 * Operations of io_uring, by system calls alone: their objects and results are known. Exits with 77 where io_uring is
 * not permitted. "poll" has the kernel's thread pick them up; "silent" does some that report their end to nobody;
 * "wait" submits a read that waits, for each empty line of standard input.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct ring {
    int fd;
    unsigned setup, enter; /* flags */
    unsigned *tail, *array, *head_of_results, *tail_of_results;
    unsigned mask, mask_of_results;
    struct io_uring_sqe *entries;
    struct io_uring_cqe *results;
};

static unsigned *word_at(void *mapped, unsigned offset)
{
    return (unsigned *)(void *)((char *)mapped + offset);
}

static int open_ring(struct ring *ring)
{
    struct io_uring_params params = { .flags = ring->setup, .sq_thread_idle = 1000 };
    ring->fd = (int)syscall(SYS_io_uring_setup, 8, &params);
    if (ring->fd < 0)
        return -1;
    size_t bytes = params.sq_off.array + params.sq_entries * sizeof(unsigned);
    size_t result_bytes = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
    void *queue = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, IORING_OFF_SQ_RING);
    void *results = mmap(NULL, result_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, IORING_OFF_CQ_RING);
    void *entries = mmap(NULL, params.sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE, MAP_SHARED,
                         ring->fd, IORING_OFF_SQES);
    if (queue == MAP_FAILED || results == MAP_FAILED || entries == MAP_FAILED)
        return -1;
    ring->tail = word_at(queue, params.sq_off.tail);
    ring->array = word_at(queue, params.sq_off.array);
    ring->mask = *word_at(queue, params.sq_off.ring_mask);
    ring->entries = entries;
    ring->head_of_results = word_at(results, params.cq_off.head);
    ring->tail_of_results = word_at(results, params.cq_off.tail);
    ring->mask_of_results = *word_at(results, params.cq_off.ring_mask);
    ring->results = (struct io_uring_cqe *)(void *)((char *)results + params.cq_off.cqes);
    return 0;
}

static void add(struct ring *ring, const struct io_uring_sqe *entry)
{
    unsigned tail = *ring->tail, index = tail & ring->mask;
    ring->entries[index] = *entry;
    ring->array[index] = index;
    __atomic_store_n(ring->tail, tail + 1, __ATOMIC_RELEASE);
}

/* Returns how many were picked up. */
static long submit(const struct ring *ring, unsigned count, unsigned least)
{
    return syscall(SYS_io_uring_enter, ring->fd, count, least, ring->enter | IORING_ENTER_GETEVENTS, NULL, 0);
}

/* Waits for the result of the operation with this number. */
static int result_of(struct ring *ring, uint64_t number)
{
    for (;;) {
        unsigned head = *ring->head_of_results;
        while (head == __atomic_load_n(ring->tail_of_results, __ATOMIC_ACQUIRE))
            submit(ring, 0, 1);
        const struct io_uring_cqe *result = &ring->results[head & ring->mask_of_results];
        int value = result->res;
        uint64_t of = result->user_data;
        __atomic_store_n(ring->head_of_results, head + 1, __ATOMIC_RELEASE);
        if (of == number)
            return value;
    }
}

static int run(struct ring *ring, struct io_uring_sqe entry)
{
    static uint64_t number = 100;
    entry.user_data = ++number;
    add(ring, &entry);
    return submit(ring, 1, 1) == 1 ? result_of(ring, number) : -EIO;
}

/* A read that waits for its pipe while others come and go. */
static int waits(struct ring *ring)
{
    const struct timespec while_it_waits = { .tv_nsec = 30000000 };
    int pipes[2];
    char byte;
    if (pipe(pipes) != 0)
        return 1;
    add(ring, &(struct io_uring_sqe){ .opcode = IORING_OP_READ,
                                      .fd = pipes[0],
                                      .addr = (uintptr_t)&byte,
                                      .len = 1,
                                      .off = UINT64_MAX,
                                      .user_data = 1 });
    int failures = submit(ring, 1, 0) != 1;
    clock_nanosleep(CLOCK_MONOTONIC, 0, &while_it_waits, NULL);
    failures += write(pipes[1], "x", 1) != 1;
    failures += result_of(ring, 1) != 1;
    return failures;
}

static int be_silent(struct ring *ring)
{
    int failures = 0;
    for (int i = 0; i < 8; i++) {
        add(ring, &(struct io_uring_sqe){ .opcode = IORING_OP_NOP, .flags = IOSQE_CQE_SKIP_SUCCESS });
        failures += submit(ring, 1, 0) != 1;
    }
    return failures;
}

static int wait_at_end(struct ring *ring)
{
    static char byte;
    int pipes[2], failures = pipe(pipes) != 0;
    while (failures == 0 && getchar() == '\n') {
        add(ring,
            &(struct io_uring_sqe){
                .opcode = IORING_OP_READ, .fd = pipes[0], .addr = (uintptr_t)&byte, .len = 1, .off = UINT64_MAX });
        failures += submit(ring, 1, 0) != 1;
        puts("waiting");
        fflush(stdout);
    }
    return failures;
}

int main(int count, char **arguments)
{
    const char *how = count > 2 ? arguments[2] : "";
    struct ring ring = { .setup = 0 };
    if (strcmp(how, "poll") == 0)
        ring = (struct ring){ .setup = IORING_SETUP_SQPOLL, .enter = IORING_ENTER_SQ_WAKEUP };
    char text[100];
    struct __kernel_timespec soon = { .tv_nsec = 20000000 };
    if (open_ring(&ring) != 0) {
        printf("io_uring is not permitted here: %s\n", strerror(errno));
        return 77;
    }
    int file = count > 1 ? open(arguments[1], O_RDWR | O_CREAT | O_TRUNC, 0600) : -1;
    if (strcmp(how, "silent") == 0)
        return file < 0 || be_silent(&ring);
    if (strcmp(how, "wait") == 0)
        return wait_at_end(&ring);
    memset(text, 'a', sizeof text);
    int failures = file < 0;
    failures += run(&ring, (struct io_uring_sqe){ .opcode = IORING_OP_NOP }) != 0;
    failures +=
        run(&ring,
            (struct io_uring_sqe){ .opcode = IORING_OP_WRITE, .fd = file, .addr = (uintptr_t)text, .len = 100 }) != 100;
    failures +=
        run(&ring, (struct io_uring_sqe){
                       .opcode = IORING_OP_READ, .fd = file, .addr = (uintptr_t)text, .len = 50, .off = 60 }) != 40;
    failures +=
        run(&ring, (struct io_uring_sqe){ .opcode = IORING_OP_READ, .fd = 999, .addr = (uintptr_t)text, .len = 50 }) !=
        -EBADF;
    failures += run(&ring, (struct io_uring_sqe){
                               .opcode = IORING_OP_TIMEOUT, .fd = -1, .addr = (uintptr_t)&soon, .len = 1 }) != -ETIME;
    failures += waits(&ring);
    failures += run(&ring, (struct io_uring_sqe){ .opcode = IORING_OP_CLOSE, .fd = file }) != 0;
    failures += write(file, "x", 1) != -1; /* it is closed, and has no name any more */
    return failures;
}
