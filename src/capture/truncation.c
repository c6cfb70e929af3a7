/* See truncation.h. */
#include "truncation.h"

#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>

static struct {
    uintptr_t begin, end;
    volatile sig_atomic_t happened;
} guarded;

/* mmap() is a bare system call, so a handler may call it. Any other SIGBUS is a bug, and ends the process. */
static void on_bus_error(int signal, siginfo_t *info, void *context)
{
    uintptr_t address = (uintptr_t)info->si_addr;
    void *memory = MAP_FAILED;
    (void)context;
    if (address >= guarded.begin && address < guarded.end)
        memory = mmap((void *)guarded.begin, guarded.end - guarded.begin, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (memory != MAP_FAILED)
        guarded.happened = 1;
    else
        sigaction(signal, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
}

void truncation_guard(const void *memory, size_t size_bytes)
{
    struct sigaction action = { .sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO };
    guarded.begin = (uintptr_t)memory;
    guarded.end = guarded.begin + size_bytes;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
}

bool truncation_happened(void)
{
    return guarded.happened != 0;
}
