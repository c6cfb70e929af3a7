/* What the machine can do. Each probe runs in a child of its own, because it may be killed. */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

struct probe {
    const char *name;
    bool (*try)(void);
    const char *why; /* the reason, if the machine lacks it */
};

/* Tests the kernel's entry for 32-bit programs: without it the instruction faults. */
static bool runs_32_bits(void)
{
#ifdef __x86_64__
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
    return (int)result == getpid();
#else
    return false;
#endif
}

static long bpf(int command, union bpf_attr *attributes)
{
    return syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

/* Loads a program that returns 0, and creates a ring for it; and the kernel must describe its own types. */
static bool loads_bpf(void)
{
    struct bpf_insn program[2] = { { 0 } };
    program[0].code = BPF_ALU64 | BPF_MOV | BPF_K;
    program[1].code = BPF_JMP | BPF_EXIT;
    union bpf_attr load = { 0 }, ring = { 0 };
    load.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT;
    load.insns = (uintptr_t)program;
    load.insn_cnt = 2;
    load.license = (uintptr_t) "GPL";
    ring.map_type = BPF_MAP_TYPE_RINGBUF;
    ring.max_entries = 1u << 16;
    return bpf(BPF_PROG_LOAD, &load) >= 0 && bpf(BPF_MAP_CREATE, &ring) >= 0 &&
           access("/sys/kernel/btf/vmlinux", R_OK) == 0;
}

static bool traces_processes(void)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
            raise(SIGSTOP);
        _exit(1);
    }
    bool stopped = waitpid(child, &status, 0) == child && WIFSTOPPED(status);
    kill(child, SIGKILL);
    return stopped;
}

static bool counts_in_hardware(void)
{
    struct perf_event_attr counter = { .type = PERF_TYPE_HARDWARE, .size = sizeof counter };
    counter.config = PERF_COUNT_HW_INSTRUCTIONS;
    counter.exclude_kernel = 1;
    return syscall(SYS_perf_event_open, &counter, 0, -1, -1, 0) >= 0;
}

static bool has_two_processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) >= 2;
}

/* A tmpfs with a size limit: a write beyond it fails immediately. */
static bool has_tmpfs(void)
{
    struct statfs type;
    struct statvfs size;
    return statfs("/dev/shm", &type) == 0 && type.f_type == 0x01021994 && statvfs("/dev/shm", &size) == 0 &&
           size.f_blocks > 0 && access("/dev/shm", W_OK) == 0;
}

/* Root, and able to become another user. */
static bool is_root(void)
{
    return geteuid() == 0 && setgid(65534) == 0 && setuid(65534) == 0;
}

/* util-linux's unshare(1) makes them for the tests; this makes the same call. */
static bool has_time_namespaces(void)
{
    return unshare(CLONE_NEWTIME) == 0 && access("/proc/self/timens_offsets", W_OK) == 0;
}

static bool reads_the_tsc(void)
{
    char source[32] = "";
    int file = open("/sys/devices/system/clocksource/clocksource0/current_clocksource", O_RDONLY | O_CLOEXEC);
    return file >= 0 && read(file, source, sizeof source - 1) > 0 && strcmp(source, "tsc\n") == 0;
}

static const struct probe probes[] = {
    { "32bit", runs_32_bits, "the kernel runs no 32-bit programs" },
    { "bpf", loads_bpf, "BPF is not permitted here" },
    { "ptrace", traces_processes, "ptrace is not permitted here" },
    { "perf", counts_in_hardware, "the processor's counters cannot be read" },
    { "cores", has_two_processors, "there is one processor" },
    { "tmpfs", has_tmpfs, "/dev/shm is no tmpfs with a size" },
    { "root", is_root, "it needs root" },
    { "timens", has_time_namespaces, "time namespaces cannot be made here" },
    { "tsc", reads_the_tsc, "the kernel's clock is not the TSC" },
};

/* Whether a word is in a list in the environment. */
static bool listed(const char *variable, const char *name)
{
    const char *list = getenv(variable);
    size_t length = strlen(name);
    while (list && *list) {
        size_t word = strcspn(list, " ,");
        if (word == length && strncmp(list, name, length) == 0)
            return true;
        list += word + strspn(list + word, " ,");
    }
    return false;
}

/* In a child, so that a crash or a changed state stays there. */
static bool try_apart(bool (*try)(void))
{
    const struct rlimit no_core = { 0, 0 };
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &no_core);
        signal(SIGSEGV, SIG_DFL);
        signal(SIGBUS, SIG_DFL);
        _exit(try() ? 0 : 1);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

const char *probe_name(unsigned index)
{
    return index < sizeof probes / sizeof probes[0] ? probes[index].name : NULL;
}

bool probe_has(const char *name, const char **why)
{
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
        if (strcmp(probes[i].name, name) != 0)
            continue;
        *why = probes[i].why;
        if (listed("RINGSCOPE_TEST_HAS", name))
            return true;
        if (!listed("RINGSCOPE_TEST_LACKS", name))
            return try_apart(probes[i].try);
        *why = "RINGSCOPE_TEST_LACKS says so";
        return false;
    }
    fprintf(stderr, "no probe %s\n", name);
    exit(1);
}

bool probe_lacks(const char *name, const char *what)
{
    const char *why;
    if (probe_has(name, &why))
        return false;
    printf("SKIPPED: %s: %s (%s)\n", what, why, name);
    fflush(stdout);
    return true;
}
