/* The table of the ptrace backend's threads; see tracees.h. */
#include "tracees.h"

#include <stdlib.h>

static struct tracee **bucket_of(struct tracees *tracees, pid_t tid)
{
    return &tracees->buckets[(uint32_t)tid % TRACEE_BUCKETS];
}

struct tracee *tracees_find(const struct tracees *tracees, pid_t tid)
{
    struct tracee *tracee = tracees->buckets[(uint32_t)tid % TRACEE_BUCKETS];
    while (tracee && tracee->tid != tid)
        tracee = tracee->next;
    return tracee;
}

static void link_tracee(struct tracees *tracees, struct tracee *tracee)
{
    struct tracee **bucket = bucket_of(tracees, tracee->tid);
    tracee->next = *bucket;
    *bucket = tracee;
    tracees->count++;
}

static struct tracee *unlink_tracee(struct tracees *tracees, pid_t tid)
{
    for (struct tracee **at = bucket_of(tracees, tid); *at; at = &(*at)->next) {
        struct tracee *tracee = *at;
        if (tracee->tid != tid)
            continue;
        *at = tracee->next;
        tracees->count--;
        return tracee;
    }
    return NULL;
}

struct tracee *tracees_add(struct tracees *tracees, pid_t tid)
{
    struct tracee *tracee = tracees_find(tracees, tid);
    if (tracee)
        return tracee;
    tracee = calloc(1, sizeof *tracee);
    if (!tracee)
        return NULL;
    tracee->tid = tid;
    tracee->pid = tracee_process(tid);
    link_tracee(tracees, tracee);
    return tracee;
}

void tracees_remove(struct tracees *tracees, pid_t tid)
{
    free(unlink_tracee(tracees, tid));
}

void tracees_rename(struct tracees *tracees, pid_t from, pid_t to)
{
    if (from == to)
        return;
    struct tracee *tracee = unlink_tracee(tracees, from);
    if (!tracee)
        return;
    tracees_remove(tracees, to);
    tracee->tid = to;
    link_tracee(tracees, tracee);
}

void tracees_clear(struct tracees *tracees)
{
    for (unsigned i = 0; i < TRACEE_BUCKETS; i++) {
        while (tracees->buckets[i])
            tracees_remove(tracees, tracees->buckets[i]->tid);
    }
}
