/* See failing_calls.h. */
#include "failing_calls.h"

#include <errno.h>
#include <link.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifdef __x86_64__
#define PUBLIC __attribute__((visibility("default")))
#define FILTER_MAX 16

static int error_given;
static bool (*is_due)(void);

/* This object is not the C library, so the filter lets the call through. */
__attribute__((noinline)) static long plain_call(long number, const greg_t *r)
{
    register long result __asm__("rax") = number, d __asm__("rdx") = r[REG_RDX], s __asm__("r10") = r[REG_R10];
    register long e __asm__("r8") = r[REG_R8], n __asm__("r9") = r[REG_R9];
    __asm__ volatile("syscall"
                     : "+r"(result)
                     : "D"(r[REG_RDI]), "S"(r[REG_RSI]), "r"(d), "r"(s), "r"(e), "r"(n)
                     : "rcx", "r11", "memory");
    return result;
}

static void on_call(int number, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    int before = errno;
    bool due = is_due();
    (void)number;
    if (due && info->si_syscall == SYS_ptrace) { /* the kernel says whether that comes too late */
        kill((pid_t)registers[REG_RSI], SIGKILL);
        due = false;
    }
    registers[REG_RAX] = due ? -error_given : plain_call(info->si_syscall, registers);
    errno = before;
}

/* Where the C library's code is. */
struct code {
    uint64_t first, end;
};
static int find_code(struct dl_phdr_info *object, size_t size, void *code)
{
    uint64_t wanted = (uint64_t)(uintptr_t)getpid;
    (void)size;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        uint64_t first = object->dlpi_addr + object->dlpi_phdr[i].p_vaddr, end = first + object->dlpi_phdr[i].p_memsz;
        if (object->dlpi_phdr[i].p_type == PT_LOAD && wanted >= first && wanted < end) {
            *(struct code *)code = (struct code){ first, end };
            return 1;
        }
    }
    return 0;
}

/* The filter knows 32 bits at a time, and programs without address space randomization all have the same code there. */
static bool find_library(struct code *code)
{
    *code = (struct code){ 0, 0 };
    dl_iterate_phdr(find_code, code);
    return code->end && code->first >> 32 == code->end >> 32 && !(personality(0xffffffff) & ADDR_NO_RANDOMIZE);
}

static void add(struct sock_fprog *program, struct sock_filter instruction)
{
    program->filter[program->len++] = instruction;
}

/* Lets all but the given calls through, and these too if they come from elsewhere. */
static void make_filter(struct sock_fprog *program, const int calls[], const struct code *code)
{
    const uint32_t number = offsetof(struct seccomp_data, nr), ip = offsetof(struct seccomp_data, instruction_pointer);
    int count = 1;
    while (count < CALLS_MAX && calls[count])
        count++;
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, number));
    for (int i = 0; i < count; i++)
        add(program,
            (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i], (uint8_t)(count - i), 0));
    add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ip + 4));
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(code->first >> 32), 0, 4));
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ip));
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)code->first, 0, 2));
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)code->end, 1, 0));
    add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP));
    add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
}

bool calls_catch(const int calls[CALLS_MAX + 1], int error, bool (*due)(void))
{
    const struct sigaction action = { .sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART };
    struct sock_filter filter[FILTER_MAX];
    struct sock_fprog program = { .filter = filter };
    struct code code;
    error_given = error;
    is_due = due;
    if (!find_library(&code))
        return false;
    make_filter(&program, calls, &code);
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
bool calls_catch(const int calls[CALLS_MAX + 1], int error, bool (*due)(void))
{
    (void)calls, (void)error, (void)due;
    return false;
}
#endif
