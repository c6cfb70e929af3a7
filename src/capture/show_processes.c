/* Shows arguments of calls about processes, limits and the machine; see show.h. */
#include <asm/prctl.h>
#include <linux/bpf.h>
#include <linux/ioprio.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <linux/sched/types.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "show.h"
#include "tasks.h"

/* ---------------------------------------------------------------------- waiting */

static void add_status(struct detail *detail, int status)
{
    if (WIFEXITED(status)) {
        detail_format(detail, "exited %d", WEXITSTATUS(status));
    } else if (WIFSTOPPED(status)) {
        detail_add(detail, "stopped by ");
        add_signal(detail, WSTOPSIG(status));
    } else if (status == 0xffff) {
        detail_add(detail, "continued");
    } else {
        detail_add(detail, "killed by ");
        add_signal(detail, WTERMSIG(status));
        detail_add(detail, WCOREDUMP(status) ? " (core)" : "");
    }
}

/* If no child was waited for, there is no status. */
void show_wait_status(struct shown *shown, unsigned index)
{
    const int *status = shown_struct(shown, index, sizeof *status);
    if (status && shown->event->result > 0)
        add_status(shown->detail, *status);
}

/* A process, or a descriptor that stands for one. */
void show_waited(struct shown *shown, unsigned index)
{
    if (as_int(shown->event->args[0]) == P_PIDFD)
        show_descriptor(shown, index);
    else
        show_int(shown, index);
}

void show_wait_info(struct shown *shown, unsigned index)
{
    const siginfo_t *info = shown_struct(shown, index, 48);
    if (!info || !info->si_pid)
        return;
    detail_add(shown->detail, "{");
    add_words_of(shown->detail, "code_child", (uint64_t)info->si_code);
    detail_format(shown->detail, ", pid %d, uid %u, status ", info->si_pid, info->si_uid);
    if (info->si_code == CLD_EXITED)
        detail_add_number(shown->detail, info->si_status);
    else
        add_signal(shown->detail, info->si_status);
    detail_add(shown->detail, "}");
}

/* --------------------------------------------------------------------- creating */

void show_clone3(struct shown *shown, unsigned index)
{
    const struct clone_args *args = shown_struct(shown, index, 64);
    if (!args)
        return;
    add_words_of(shown->detail, "clone", args->flags);
    if (args->exit_signal) {
        detail_add(shown->detail, args->flags ? "|" : "");
        add_signal(shown->detail, (int)args->exit_signal);
    }
    const struct {
        const char *name;
        uint64_t address;
    } addresses[] = { { "child tid", args->child_tid }, { "parent tid", args->parent_tid }, { "tls", args->tls } };
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        if (addresses[i].address)
            detail_format(shown->detail, ", %s 0x%llx", addresses[i].name, (unsigned long long)addresses[i].address);
    }
    if (args->stack)
        detail_format(shown->detail, ", stack 0x%llx of %llu bytes", (unsigned long long)args->stack,
                      (unsigned long long)args->stack_size);
}

void show_prctl(struct shown *shown, unsigned index)
{
    const int64_t option = as_int(shown->event->args[0]);
    const struct memory_piece *name = shown_piece(shown, index, PART_WHOLE, option == PR_GET_NAME);
    switch (option) {
    case PR_SET_NAME:
    case PR_GET_NAME:
        if (name && !(name->flags & PIECE_UNREAD))
            detail_add_bytes(shown->detail, piece_bytes(name), name->bytes);
        break;
    case PR_SET_PDEATHSIG:
        show_signal(shown, index);
        break;
    case PR_CAPBSET_READ:
    case PR_CAPBSET_DROP:
        add_words_of(shown->detail, "capability", shown->event->args[index]);
        break;
    case PR_CAP_AMBIENT:
        add_words_of(shown->detail, "prctl_ambient", shown->event->args[index]);
        break;
    default:
        if (shown->event->args[index] > 4096)
            show_hex(shown, index);
        else
            show_uint(shown, index);
    }
}

/* Only one of prctl's options has an interesting second argument. */
void show_prctl_more(struct shown *shown, unsigned index)
{
    uint64_t what = shown->event->args[index - 1];
    if (as_int(shown->event->args[0]) == PR_CAP_AMBIENT && what != PR_CAP_AMBIENT_CLEAR_ALL)
        add_words_of(shown->detail, "capability", shown->event->args[index]);
}

/* The registers that are read go where the argument says, and others come in it. */
void show_arch_prctl(struct shown *shown, unsigned index)
{
    const uint64_t option = shown->event->args[0];
    const uint64_t *value = option == ARCH_GET_FS || option == ARCH_GET_GS ? shown_struct(shown, index, 8) : NULL;
    if (value)
        detail_format(shown->detail, "[0x%llx]", (unsigned long long)*value);
    else
        show_address(shown, index);
}

void show_io_priority(struct shown *shown, unsigned index)
{
    uint64_t value = shown->event->args[index];
    add_words_of(shown->detail, "ioprio", IOPRIO_PRIO_CLASS(value));
    detail_format(shown->detail, " %u", (unsigned)IOPRIO_PRIO_DATA(value));
}

void show_memory_policy(struct shown *shown, unsigned index)
{
    const unsigned *policy = shown_struct(shown, index, sizeof *policy);
    if (policy)
        add_words_of(shown->detail, "mempolicy", *policy);
}

/* "{SCHED_DEADLINE, nice 0, priority 0, runtime 1000 ns, deadline 9000 ns, period 10000 ns}". */
void show_scheduling(struct shown *shown, unsigned index)
{
    const struct sched_attr *attr = shown_struct(shown, index, SCHED_ATTR_SIZE_VER0);
    if (!attr)
        return;
    detail_add(shown->detail, "{");
    add_words_of(shown->detail, "sched", attr->sched_policy);
    if (attr->sched_flags) {
        detail_add(shown->detail, ", ");
        add_words_of(shown->detail, "sched_flag", attr->sched_flags);
    }
    detail_format(shown->detail, ", nice %d, priority %u", attr->sched_nice, attr->sched_priority);
    const struct {
        const char *name;
        uint64_t ns;
    } times[] = { { "runtime", attr->sched_runtime },
                  { "deadline", attr->sched_deadline },
                  { "period", attr->sched_period } };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        if (times[i].ns)
            detail_format(shown->detail, ", %s %llu ns", times[i].name, (unsigned long long)times[i].ns);
    }
    detail_add(shown->detail, "}");
}

/* ----------------------------------------------------------------------- limits */

static void add_limit(struct detail *detail, uint64_t limit)
{
    if (limit == RLIM_INFINITY)
        detail_add(detail, "infinity");
    else
        detail_add_unsigned(detail, limit, 10);
}

void show_limits(struct shown *shown, unsigned index)
{
    const struct rlimit *limit = shown_struct(shown, index, sizeof *limit);
    if (!limit)
        return;
    detail_add(shown->detail, "{");
    add_limit(shown->detail, limit->rlim_cur);
    detail_add(shown->detail, " of ");
    add_limit(shown->detail, limit->rlim_max);
    detail_add(shown->detail, "}");
}

void show_usage(struct shown *shown, unsigned index)
{
    const struct timeval *times = shown_struct(shown, index, 2 * sizeof *times);
    if (!times)
        return;
    detail_add(shown->detail, "{user ");
    add_seconds(shown->detail, times[0].tv_sec, (uint64_t)times[0].tv_usec * 1000);
    detail_add(shown->detail, ", system ");
    add_seconds(shown->detail, times[1].tv_sec, (uint64_t)times[1].tv_usec * 1000);
    detail_add(shown->detail, "}");
}

/* In ticks, the unit of the call. */
void show_spent(struct shown *shown, unsigned index)
{
    const struct tms *spent = shown_struct(shown, index, sizeof *spent);
    if (spent)
        detail_format(shown->detail, "{user %ld, system %ld, children's %ld, %ld}", (long)spent->tms_utime,
                      (long)spent->tms_stime, (long)spent->tms_cutime, (long)spent->tms_cstime);
}

/* ------------------------------------------------------------------------- lists */

void show_processors(struct shown *shown, unsigned index)
{
    const struct memory_piece *piece = shown_piece(shown, index, PART_WHOLE, false);
    const char *before = "";
    if (!piece)
        piece = shown_piece(shown, index, PART_WHOLE, true);
    if (!piece || piece->flags & PIECE_UNREAD)
        return;
    detail_add(shown->detail, "[");
    for (unsigned cpu = 0; cpu < piece->bytes * 8u; cpu++) {
        if (!((unsigned char)piece_bytes(piece)[cpu / 8] >> cpu % 8 & 1))
            continue;
        detail_add(shown->detail, before);
        detail_add_unsigned(shown->detail, cpu, 10);
        before = " ";
    }
    detail_add(shown->detail, "]");
}

void show_ints(struct shown *shown, unsigned index)
{
    const struct memory_piece *piece = shown_piece(shown, index, PART_WHOLE, false);
    if (!piece)
        piece = shown_piece(shown, index, PART_WHOLE, true);
    if (!piece || piece->flags & PIECE_UNREAD)
        return;
    detail_add(shown->detail, "[");
    for (unsigned i = 0; (i + 1) * sizeof(int) <= piece->bytes; i++) {
        int number;
        memcpy(&number, piece_bytes(piece) + i * sizeof number, sizeof number);
        detail_add(shown->detail, i ? ", " : "");
        detail_add_number(shown->detail, number);
    }
    detail_add(shown->detail, piece->flags & PIECE_CUT ? ", ...]" : "]");
}

/* ------------------------------------------------------------------- the machine */

/* Commands that create something show its type, which is at the beginning of union bpf_attr. */
void show_bpf(struct shown *shown, unsigned index)
{
    const uint32_t *attr = shown_struct(shown, index, 4 * sizeof *attr);
    uint64_t command = shown->event->args[0];
    if (!attr || (command != BPF_MAP_CREATE && command != BPF_PROG_LOAD))
        return;
    detail_add(shown->detail, "{");
    add_words_of(shown->detail, command == BPF_MAP_CREATE ? "bpf_map" : "bpf_program", attr[0]);
    if (command == BPF_MAP_CREATE)
        detail_format(shown->detail, ", key %u bytes, value %u bytes, at most %u}", attr[1], attr[2], attr[3]);
    else
        detail_format(shown->detail, ", %u instructions}", attr[1]);
}

/* What is counted: the beginning of struct perf_event_attr. */
void show_perf(struct shown *shown, unsigned index)
{
    const struct perf_event_attr *attr = shown_struct(shown, index, 16);
    if (!attr)
        return;
    detail_add(shown->detail, "{");
    add_words_of(shown->detail, "perf_type", attr->type);
    detail_format(shown->detail, ", config 0x%llx}", (unsigned long long)attr->config);
}

void show_system(struct shown *shown, unsigned index)
{
    const struct utsname *system = shown_struct(shown, index, 3 * sizeof system->sysname);
    if (system)
        detail_format(shown->detail, "%.64s %.64s %.64s", system->sysname, system->nodename, system->release);
}

void show_sysinfo(struct shown *shown, unsigned index)
{
    const struct sysinfo *info = shown_struct(shown, index, sizeof *info);
    if (!info)
        return;
    unsigned long long unit = info->mem_unit ? info->mem_unit : 1;
    detail_format(shown->detail,
                  "{up %ld s, load %.2f %.2f %.2f, memory %llu bytes, %llu free, %llu shared, %llu buffers, swap %llu, "
                  "%llu free, %u processes}",
                  info->uptime, (double)info->loads[0] / (1 << SI_LOAD_SHIFT),
                  (double)info->loads[1] / (1 << SI_LOAD_SHIFT), (double)info->loads[2] / (1 << SI_LOAD_SHIFT),
                  info->totalram * unit, info->freeram * unit, info->sharedram * unit, info->bufferram * unit,
                  info->totalswap * unit, info->freeswap * unit, info->procs);
}
