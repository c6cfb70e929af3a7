/* See owner.h. */
#include "owner.h"

void owner_process_renew(const struct tracer *tracer, uint64_t parent)
{
    atomic64_exchange(tracer->identity, &parent, platform_random() | OWNER_DRAWN);
}

/* Drawn by whichever thread comes first. */
uint64_t owner_process(const struct tracer *tracer)
{
    if (atomic64_load(tracer->identity) == 0)
        owner_process_renew(tracer, 0);
    return atomic64_load(tracer->identity);
}

uint64_t owner_self(const struct tracer *tracer)
{
    static __thread uint64_t self __attribute__((tls_model("initial-exec")));
    if (self == 0)
        self = platform_random();
    return self ^ owner_process(tracer);
}

/* The pid as well: a kernel that empties no memory leaves a child its parent's identity until it records. */
bool owner_is_creator(const struct tracer *tracer)
{
    return tracer->creator == owner_process(tracer) && tracer->pid == platform_pid();
}

/* The check is stored last: until then nothing is known about the owner, and it is taken to be alive. */
void owner_sign(const struct tracer *tracer, struct image_lane *lane, uint64_t owner)
{
    struct platform_task task = platform_self(owner == owner_process(tracer));
    struct image_owner who = {
        .process = owner_process(tracer),
        .pid_tid = task.pid | (uint64_t)task.tid << 32,
        .start = task.start,
        .pid_namespace = task.pid_namespace,
    };
    atomic64_store(&lane->who.check, 0);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    atomic64_store(&lane->who.process, who.process);
    atomic64_store(&lane->who.pid_tid, who.pid_tid);
    atomic64_store(&lane->who.start, who.start);
    atomic64_store(&lane->who.pid_namespace, who.pid_namespace);
    atomic64_store_release(&lane->who.check, owner_check(owner, &who));
}

/* A heap image is copied by fork, so no other process writes to this copy. */
bool owner_is_dead(const struct tracer *tracer, const struct image_lane *lane, uint64_t owner)
{
    uint64_t check = atomic64_load_acquire(&lane->who.check);
    struct image_owner who = {
        .process = atomic64_load(&lane->who.process),
        .pid_tid = atomic64_load(&lane->who.pid_tid),
        .start = atomic64_load(&lane->who.start),
        .pid_namespace = atomic64_load(&lane->who.pid_namespace),
    };
    if (check != owner_check(owner, &who))
        return false;
    if (!memory_is_shared(tracer) && who.process != owner_process(tracer))
        return true;
    return platform_has_ended(&(struct platform_task){
        .pid = (uint32_t)who.pid_tid,
        .tid = (uint32_t)(who.pid_tid >> 32),
        .start = who.start,
        .pid_namespace = who.pid_namespace,
    });
}
