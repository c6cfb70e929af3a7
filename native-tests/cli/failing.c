/*
 * Loaded into the command by LD_PRELOAD: runs its main() in a child once for each call that is to fail, until a child
 * has no such call left. The files in FAULTS_DIRECTORY, the output and the exit status are then checked against a run
 * in which nothing fails.
 *
 * Memory is refused by replacing the C library's functions. System calls are caught by seccomp, so that the calls the C
 * library makes for itself count as well; they are then made from the one place that the filter lets through.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))
#define CALLS_MAX 4
#define PATH_BYTES 4096
#define HUNG_SECONDS 120
#define EXIT_SKIPPED 77

struct kind {
    const char *name;
    int error;
    int calls[CALLS_MAX + 1]; /* 0 ends the list and is also read() on x86-64, which must come first */
};

enum { MEMORY, INTERRUPT, CALLS };
static const struct kind kinds[] = {
    [MEMORY] = { "allocation", ENOMEM, { 0 } },
    [INTERRUPT] = { "interrupt", 0, { 0 } }, /* Ctrl-C at an allocation: those are frequent, and in all stages */
    [CALLS] = { "read", EIO, { SYS_read } },
    { "pread", EIO, { SYS_pread64 } },
    { "open", EMFILE, { SYS_openat } },
    { "write", ENOSPC, { SYS_write, SYS_pwrite64, SYS_writev } },
    { "mmap", ENOMEM, { SYS_mmap, SYS_mremap } },
    { "fallocate", ENOSPC, { SYS_fallocate } },
    { "ftruncate", ENOSPC, { SYS_ftruncate } },
    { "link", EIO, { SYS_linkat } },
#ifdef SYS_rename
    { "rename", EIO, { SYS_rename, SYS_renameat, SYS_renameat2 } },
#else
    { "rename", EIO, { SYS_renameat, SYS_renameat2 } },
#endif
    { "stat", EIO, { SYS_newfstatat, SYS_fstat, SYS_statx } },
    { "getdents", EIO, { SYS_getdents64 } },
};
#define KINDS (sizeof kinds / sizeof kinds[0])

/* ------------------------------------------------------------ making one fail */

static struct {
    size_t kind;
    atomic_long left; /* calls until the one that fails; 0: none fails */
    atomic_bool armed;
} shim;
static int failed_at[2]; /* a pipe: a byte in it means that a call failed */

/* Only that one call fails, as if another program had taken the resource for a moment. */
static bool is_due(void)
{
    if (!atomic_load(&shim.armed) || atomic_fetch_sub(&shim.left, 1) != 1)
        return false;
    (void)!write(failed_at[1], "!", 1);
    return true;
}

static bool memory_fails(void)
{
    if (shim.kind >= CALLS || !is_due())
        return false;
    if (shim.kind == INTERRUPT) {
        raise(SIGINT);
        return false;
    }
    errno = ENOMEM;
    return true;
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);

PUBLIC void *malloc(size_t size)
{
    return memory_fails() ? NULL : __libc_malloc(size);
}
PUBLIC void *calloc(size_t nmemb, size_t size)
{
    return memory_fails() ? NULL : __libc_calloc(nmemb, size);
}
PUBLIC void *realloc(void *ptr, size_t size)
{
    return memory_fails() ? NULL : __libc_realloc(ptr, size);
}

#ifdef __x86_64__
extern const char after_plain_call[] __attribute__((visibility("hidden")));

__attribute__((noinline)) static long plain_call(long number, const greg_t *r)
{
    register long result __asm__("rax") = number, d __asm__("rdx") = r[REG_RDX], s __asm__("r10") = r[REG_R10];
    register long e __asm__("r8") = r[REG_R8], n __asm__("r9") = r[REG_R9];
    __asm__ volatile("syscall\n.globl after_plain_call\n.hidden after_plain_call\nafter_plain_call:"
                     : "+r"(result)
                     : "D"(r[REG_RDI]), "S"(r[REG_RSI]), "r"(d), "r"(s), "r"(e), "r"(n)
                     : "rcx", "r11", "memory");
    return result;
}

static void on_call(int number, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    int before = errno;
    (void)number;
    if (is_due())
        registers[REG_RAX] = -kinds[shim.kind].error;
    else
        registers[REG_RAX] = plain_call(info->si_syscall, registers);
    errno = before;
}

static bool catch_calls(const struct kind *kind)
{
    const uint64_t after = (uint64_t)(uintptr_t)after_plain_call;
    const struct sigaction action = { .sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART };
    struct sock_filter code[16];
    unsigned short length = 0, first;
    code[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    first = length;
    for (int i = 0; i < CALLS_MAX && (i == 0 || kind->calls[i]); i++)
        length++;
    for (unsigned short i = first; i < length; i++)
        code[i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)kind->calls[i - first],
                                               (uint8_t)(length - i), 0);
    code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const unsigned ip = offsetof(struct seccomp_data, instruction_pointer);
    code[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ip);
    code[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)after, 0, 3);
    code[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ip + 4);
    code[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(after >> 32), 0, 1);
    code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    const struct sock_fprog program = { .len = length, .filter = code };
    return sigaction(SIGSYS, &action, NULL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
/* A blocked signal cannot be caught, and the library blocks all signals for moments. */
static int change_mask(int how, const sigset_t *set, sigset_t *before)
{
    sigset_t changed;
    if (set) {
        changed = *set;
        sigdelset(&changed, SIGSYS);
    }
    return syscall(SYS_rt_sigprocmask, how, set ? &changed : NULL, before, 8) == 0 ? 0 : errno;
}
PUBLIC int pthread_sigmask(int how, const sigset_t *newmask, sigset_t *oldmask)
{
    return change_mask(how, newmask, oldmask);
}
PUBLIC int sigprocmask(int how, const sigset_t *set, sigset_t *oset)
{
    return change_mask(how, set, oset) == 0 ? 0 : -1;
}
#else
static bool catch_calls(const struct kind *kind)
{
    (void)kind;
    return false;
}
#endif

/* ------------------------------------------------------------------ one run */

typedef int main_function(int count, char **arguments, char **environment);
static main_function *real_main;
static const char *directory; /* holds here/, which the command works on, and our own files beside it */
static bool serves; /* the command runs until it is ended, after it has printed its address */

static const char *beside(const char *name)
{
    static char paths[4][PATH_BYTES];
    static unsigned last;
    char *path = paths[last++ % 4];
    snprintf(path, PATH_BYTES, "%s/%s", directory, name);
    return path;
}

static void redirect(int number, const char *path, int flags)
{
    int file = open(path, flags, 0600);
    if (file < 0 || dup2(file, number) != number)
        _exit(EXIT_SKIPPED);
    close(file);
}

/* The part that need not be repeated for each run: loading. n 0: nothing fails. */
static pid_t begin_run(size_t kind, long n, int count, char **arguments)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    redirect(STDIN_FILENO, beside("input"), O_RDONLY);
    redirect(STDOUT_FILENO, beside("out"), O_WRONLY | O_CREAT | O_TRUNC);
    redirect(STDERR_FILENO, beside("err"), O_WRONLY | O_CREAT | O_TRUNC);
    alarm(HUNG_SECONDS);
    shim.kind = kind;
    atomic_store(&shim.left, n);
    signal(SIGINT, SIG_DFL); /* the process that runs the tests may ignore it */
    if (n > 0 && kind >= CALLS && !catch_calls(&kinds[kind]))
        _exit(EXIT_SKIPPED);
    atomic_store(&shim.armed, n > 0);
    exit(real_main(count, arguments, environ));
}

static bool has_address(void)
{
    char text[256] = "";
    int file = open(beside("out"), O_RDONLY);
    bool is = file >= 0 && read(file, text, sizeof text - 1) > 0 && strchr(text, '\n');
    if (file >= 0)
        close(file);
    return is;
}

/* Returns the status, as waitpid() reports it. */
static int run(size_t kind, long n, int count, char **arguments)
{
    const struct timespec pause = { 0, 1000000 };
    pid_t pid = begin_run(kind, n, count, arguments);
    bool asked = false;
    int status = 0;
    while (waitpid(pid, &status, serves ? WNOHANG : 0) == 0) {
        asked = asked || (has_address() && kill(pid, SIGTERM) == 0);
        nanosleep(&pause, NULL);
    }
    return status;
}

/* ----------------------------------------------------------------- judgement */

static uint64_t add_bytes(uint64_t hash, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
    return hash;
}

static uint64_t hash_of_file(const char *path)
{
    static char block[65536];
    uint64_t hash = 0xcbf29ce484222325u;
    int file = open(path, O_RDONLY);
    for (ssize_t size; file >= 0 && (size = read(file, block, sizeof block)) > 0;)
        hash = add_bytes(hash, block, (size_t)size);
    if (file >= 0)
        close(file);
    return hash;
}

/* The files below here/, by the hashes of their paths and bytes. */
#define FILES_MAX 8
struct found_file {
    uint64_t path, bytes;
};
struct outcome {
    uint64_t printed;
    size_t count;
    struct found_file files[FILES_MAX];
};
static struct outcome *finding;
static bool varies; /* the output varies with the time and processes of a run; it is right if it can be read */

/* Without digits, those of base 16 too: the name of a segment has the time and a random number. */
static uint64_t hash_of_path(const char *path)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *path; path++)
        hash = strchr("0123456789abcdef", *path) ? hash : add_bytes(hash, path, 1);
    return hash;
}

static int find_file(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status, (void)place;
    if (type != FTW_F)
        return 0;
    if (finding->count == FILES_MAX)
        exit(EXIT_SKIPPED);
    finding->files[finding->count++] = (struct found_file){ hash_of_path(path), varies ? 0 : hash_of_file(path) };
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    if (place->level > 0 && (type == FTW_DP ? rmdir(path) : unlink(path)) != 0)
        exit(EXIT_SKIPPED);
    return 0;
}

/* The older file, which is part of the state that each run begins with. */
static const char *older_file(void)
{
    static char path[PATH_BYTES];
    const char *name = getenv("FAULTS_OLDER");
    snprintf(path, sizeof path, "%s/here/%s", directory, name ? name : "written");
    for (char *slash = path + strlen(directory) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    return path;
}

static void put_back(void)
{
    char block[65536];
    unlink(beside("out")); /* an address in it would be the previous run's */
    nftw(beside("here"), remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    int from = open(beside("old"), O_RDONLY), to = open(older_file(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    for (ssize_t size; (size = read(from, block, sizeof block)) > 0;)
        if (write(to, block, (size_t)size) != size)
            exit(EXIT_SKIPPED);
    close(from);
    close(to);
}

/* Whether one of our own files contains the text. */
static bool has_text(const char *name, const char *text)
{
    static char held[1 << 20];
    int file = open(beside(name), O_RDONLY);
    ssize_t size = file >= 0 ? read(file, held, sizeof held - 1) : 0;
    if (file >= 0)
        close(file);
    held[size > 0 ? size : 0] = '\0';
    return strstr(held, text) != NULL;
}

static struct outcome before, right;

static struct outcome outcome_now(void)
{
    struct outcome now = { .printed = varies ? 0 : hash_of_file(beside("out")) };
    finding = &now;
    nftw(beside("here"), find_file, 16, FTW_PHYS);
    finding = NULL;
    return now;
}

static bool has_file(const struct outcome *outcome, const struct found_file *file, bool with_bytes)
{
    for (size_t i = 0; i < outcome->count; i++)
        if (outcome->files[i].path == file->path && (!with_bytes || outcome->files[i].bytes == file->bytes))
            return true;
    return false;
}

static bool has_all(const struct outcome *outcome, const struct outcome *files)
{
    for (size_t i = 0; i < files->count; i++)
        if (!has_file(outcome, &files->files[i], true))
            return false;
    return true;
}

static bool is_right(const struct outcome *now)
{
    return has_all(now, &right) && has_all(&right, now);
}

/* Whether each file is as it was or as it should be. */
static bool has_no_other(const struct outcome *now, bool with_bytes)
{
    for (size_t i = 0; i < now->count; i++)
        if (!has_file(&before, &now->files[i], with_bytes) && !has_file(&right, &now->files[i], with_bytes))
            return false;
    return true;
}

/* Also if only some of the work was done, but then nothing may be missing of what was there. */
static bool is_whole(const struct outcome *now)
{
    return has_no_other(now, true) && (has_all(now, &before) || has_all(now, &right));
}

static char readable[PATH_BYTES];
static int find_readable(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status, (void)place;
    if (type == FTW_F)
        snprintf(readable, sizeof readable, "%s", path);
    return 0;
}

/* Whether the command itself can read the file it has written. */
static bool can_be_read(void)
{
    nftw(beside("here"), find_readable, 16, FTW_PHYS);
    static char program[] = "ringscope", command[] = "info";
    char path[PATH_BYTES], *arguments[] = { program, command, path, NULL };
    snprintf(path, sizeof path, "%s", readable);
    bool served = serves;
    serves = false;
    int status = run(MEMORY, 0, 3, arguments);
    serves = served;
    return status == 0;
}

/* What is wrong with the way it ended, or NULL. */
static const char *objection(size_t kind, int status)
{
    const struct outcome now = outcome_now();
    const char *tells = getenv("FAULTS_TELLS"); /* the text of an answer that reports the failure */
    bool goes_on = serves || getenv("FAULTS_GOES_ON"); /* runs until it is ended, and ends well */
    bool interrupted = kind == INTERRUPT && (status == SIGINT || (status == 0 && goes_on));
    if (WIFSIGNALED(status) && !interrupted)
        return "it crashed";
    if (!has_no_other(&now, false))
        return "it left another file";
    if (interrupted)
        return is_whole(&now) ? NULL : "it left half a file";
    if (WEXITSTATUS(status) == EXIT_SUCCESS) {
        if (now.printed != right.printed && !serves && !(tells && has_text("out", tells)))
            return "it printed something else";
        if (!is_right(&now))
            return "it wrote something else";
        return varies && !can_be_read() ? "it wrote what cannot be read" : NULL;
    }
    if (WEXITSTATUS(status) != EXIT_FAILURE)
        return "it ended otherwise";
    if (!has_text("err", "ringscope"))
        return "it failed without a message";
    return is_whole(&now) ? NULL : "the older file is gone";
}

static void report(const char *what, size_t kind, long n, int status, char **arguments)
{
    fprintf(stderr, "FAILED:");
    for (int i = 1; arguments[i]; i++)
        fprintf(stderr, " %s", arguments[i]);
    fprintf(stderr, ", %s %ld failing: %s (status %#x)\n", kinds[kind].name, n, what, (unsigned)status);
}

/* -------------------------------------------------------------- all of them */

static bool a_call_failed(void)
{
    char byte;
    bool any = false;
    while (read(failed_at[0], &byte, 1) == 1)
        any = true;
    return any;
}

/* All calls with FAULTS_ALL, else the first ones and a sample of the others. */
static long next_after(long n)
{
    return getenv("FAULTS_ALL") || n < 3 ? n + 1 : 2 * n;
}

static long every_fault(size_t kind, int count, char **arguments, int *failures)
{
    long made = 0;
    const char *only = getenv("FAULTS_NTH"); /* for inspecting the files it then leaves */
    for (long n = only ? atol(only) : 1;; n = next_after(n)) {
        put_back();
        int status = run(kind, n, count, arguments);
        if (!a_call_failed())
            return made; /* there was no nth call */
        const char *what = objection(kind, status);
        if (what) {
            report(what, kind, n, status, arguments);
            ++*failures;
        }
        made++;
        if (only)
            return made;
    }
}

static bool is_meant(size_t kind)
{
    const char *only = getenv("FAULTS_KIND");
    return !only || strcmp(only, kinds[kind].name) == 0;
}

static int all_faults(int count, char **arguments, char **environment)
{
    int failures = 0;
    long made = 0;
    (void)environment;
    unsetenv("LD_PRELOAD");
    directory = getenv("FAULTS_DIRECTORY");
    serves = getenv("FAULTS_SERVES") != NULL;
    varies = getenv("FAULTS_VARIES") != NULL;
    if (!directory || pipe2(failed_at, O_NONBLOCK | O_CLOEXEC) != 0)
        return EXIT_SKIPPED;
    put_back();
    before = outcome_now();
    int status = run(MEMORY, 0, count, arguments);
    right = outcome_now();
    if (status != 0) {
        report("it fails where no call does", MEMORY, 0, status, arguments);
        return EXIT_FAILURE;
    }
    for (size_t kind = 0; kind < KINDS; kind++)
        if (is_meant(kind))
            made += every_fault(kind, count, arguments, &failures);
    printf("%ld\n", made);
    return failures > 0;
}

typedef int start_function(main_function *, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);
PUBLIC start_function __libc_start_main; /* calls main() */

int __libc_start_main(main_function *program, int count, char **arguments, void (*init)(void), void (*fini)(void),
                      void (*loader_fini)(void), void *stack_end)
{
    start_function *start;
    *(void **)&start = dlsym(RTLD_NEXT, "__libc_start_main");
    real_main = program;
    return start(all_faults, count, arguments, init, fini, loader_fini, stack_end);
}
