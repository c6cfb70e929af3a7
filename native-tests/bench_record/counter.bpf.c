// SPDX-License-Identifier: (MIT OR GPL-2.0)
/* The least that a program in the kernel can do to count calls and their returns; see counter.h. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

unsigned long long calls, returns;

SEC("raw_tp/sys_enter")
int on_sys_enter(void *context)
{
    calls++;
    return 0;
}

SEC("raw_tp/sys_exit")
int on_sys_exit(void *context)
{
    returns++;
    return 0;
}
