// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * How the kernel's side reads the memory and the descriptors of a calling program; see gather.h.
 */
#ifndef RINGSCOPE_MEMORY_BPF_H
#define RINGSCOPE_MEMORY_BPF_H

#include <linux/bpf.h>

#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "arch.bpf.h"

/* Global, so that the verifier checks each once, whoever calls it. */
#define GATHER __attribute__((noinline))
#define HIDE(value) asm volatile("" : "+r"(value))

static inline int gather_read(struct gather *gather, void *to, unsigned int bytes, unsigned long long from)
{
    return (int)bpf_probe_read_user(to, bytes, (const void *)(unsigned long)from);
}

static inline long gather_string(struct gather *gather, void *to, unsigned int room, unsigned long long from)
{
    return bpf_probe_read_user_str(to, room, (const void *)(unsigned long)from);
}

#define AF_INET 2
#define AF_INET6 10
#define S_IFMT 0170000
#define S_IFSOCK 0140000

static inline unsigned short swap16(unsigned short value)
{
    return (unsigned short)(value << 8 | value >> 8);
}

static inline void describe_socket(struct kernel_file *file, struct sock *sock)
{
    file->family = BPF_CORE_READ(sock, __sk_common.skc_family);
    file->type = BPF_CORE_READ(sock, sk_type);
    file->protocol = BPF_CORE_READ(sock, sk_protocol);
    if (file->family != AF_INET && file->family != AF_INET6)
        return;
    file->local_port = BPF_CORE_READ(sock, __sk_common.skc_num);
    file->peer_port = swap16(BPF_CORE_READ(sock, __sk_common.skc_dport));
    if (file->family == AF_INET) {
        unsigned int peer = BPF_CORE_READ(sock, __sk_common.skc_daddr),
                     local = BPF_CORE_READ(sock, __sk_common.skc_rcv_saddr);
        __builtin_memcpy(file->local, &local, sizeof local);
        __builtin_memcpy(file->peer, &peer, sizeof peer);
    } else if (bpf_core_field_exists(sock->__sk_common.skc_v6_daddr)) {
        bpf_core_read(file->local, sizeof file->local, &sock->__sk_common.skc_v6_rcv_saddr);
        bpf_core_read(file->peer, sizeof file->peer, &sock->__sk_common.skc_v6_daddr);
    }
}

/* The kernel checks pointers that it gave itself when it loads the program, so they are followed without a call; each of
 * the others costs one. */
static inline int gather_file(struct gather *gather, struct kernel_file *file, int descriptor)
{
    struct task_struct *task = bpf_get_current_task_btf();
    struct fdtable *table = task->files->fdt;
    struct file *open = NULL;
    __builtin_memset(file, 0, sizeof *file);
    if (descriptor < 0 || (unsigned int)descriptor >= table->max_fds)
        return -1;
    if (bpf_probe_read_kernel(&open, sizeof open, table->fd + descriptor) || !open)
        return -1;
    struct inode *inode = BPF_CORE_READ(open, f_inode);
    file->inode = BPF_CORE_READ(inode, i_ino);
    file->open_file = (unsigned long long)(unsigned long)open;
    if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) == S_IFSOCK) {
        struct socket *socket = BPF_CORE_READ(open, private_data);
        describe_socket(file, BPF_CORE_READ(socket, sk));
    }
    return 0;
}

#include "../gather.h"

#endif
