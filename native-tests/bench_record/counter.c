/* Loads and attaches counter.bpf.c; see counter.h. */
#define _GNU_SOURCE
#include "counter.h"

#include <errno.h>
#include <string.h>

#include "counter.skel.h"

static struct counter_bpf *counter;

static int no_message(enum libbpf_print_level level, const char *format, va_list arguments)
{
    (void)level, (void)format, (void)arguments;
    return 0;
}

bool counter_begin(struct bench_result *result)
{
    libbpf_set_print(no_message);
    counter = counter_bpf__open_and_load();
    if (counter && counter_bpf__attach(counter) == 0)
        return true;
    result->skipped = true;
    bench_fail(result, "the system runs no BPF program: %s", strerror(errno));
    counter_bpf__destroy(counter);
    counter = NULL;
    return false;
}

unsigned long long counter_end(void)
{
    counter_bpf__detach(counter);
    unsigned long long calls = counter->bss->calls;
    counter_bpf__destroy(counter);
    counter = NULL;
    return calls;
}
