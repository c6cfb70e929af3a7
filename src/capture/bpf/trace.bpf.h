/* The maps and variables through which the BPF program and its loader communicate. */
#ifndef RINGSCOPE_TRACE_BPF_H
#define RINGSCOPE_TRACE_BPF_H

/* Per processor. Time slices are collected and sent in batches; lost records are counted by category. */
struct per_cpu {
    unsigned long long ticks, tick_total_ns, tick_max_ns;
    unsigned long long first_tick_ns; /* when the batch began */
    unsigned long long lost[16];
    unsigned long long sent;
    unsigned long long woken; /* 1: the reader was woken and has not caught up yet */
};

#define TICK_BATCH 256
#define TICK_BATCH_NS 50000000ull /* a batch is sent after this long at the latest */

#define SENT_CHECK 64 /* records between two checks of how full the ring is */

#endif
