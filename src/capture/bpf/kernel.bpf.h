/*
 * The few fields of kernel structs that the BPF program reads. When it is loaded, they are relocated to their places in
 * the running kernel, which for the name of a struct can take a millisecond: the fewer are used, the better.
 */
#ifndef RINGSCOPE_KERNEL_BPF_H
#define RINGSCOPE_KERNEL_BPF_H

#include "../kernel_event.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct pt_regs {
    unsigned long bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, sp;
};

struct pid_namespace;

struct upid {
    int nr;
    struct pid_namespace *ns;
};

struct pid {
    unsigned int level;
    struct upid numbers[1];
};

struct thread_info {
    unsigned long flags;
    unsigned int status;
};

struct xol_area { /* has the instructions to which followed calls return */
    unsigned long vaddr;
};

struct uprobes_state {
    struct xol_area *xol_area;
};

struct mm_struct {
    unsigned long arg_start, arg_end, start_stack;
    struct file *exe_file;
    struct uprobes_state uprobes_state;
};

struct vm_area_struct {
    unsigned long vm_start, vm_end;
};

struct thread_struct {
    unsigned long fsbase;
};

typedef struct {
    int counter;
} atomic_t;

struct signal_struct {
    atomic_t live;
    int group_exit_code;
    unsigned int flags;
};

typedef struct {
    unsigned long sig[1];
} sigset_t;

struct sigpending {
    sigset_t signal;
};

struct inode {
    unsigned short i_mode;
    unsigned long i_ino;
};

struct file {
    struct inode *f_inode;
    void *private_data;
};

struct fdtable {
    unsigned int max_fds;
    struct file **fd;
};

struct files_struct {
    atomic_t count;
    struct fdtable *fdt;
};

struct fs_struct {
    int users;
};

struct in6_addr {
    unsigned char bytes[16]; /* a union of three in the kernel */
};

struct sock_common {
    unsigned int skc_daddr, skc_rcv_saddr;
    unsigned short skc_dport; /* in network order */
    unsigned short skc_num;
    unsigned short skc_family;
    struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
};

struct sock {
    struct sock_common __sk_common;
    unsigned short sk_type, sk_protocol;
};

struct socket {
    struct sock *sk;
};

struct sched_entity {
    unsigned long long sum_exec_runtime;
};

struct task_struct {
    struct thread_info thread_info;
    void *stack; /* the kernel's own, while it works for the task */
    unsigned int flags;
    unsigned int __state; /* Linux 5.14 */
    int on_cpu;
    struct sched_entity se;
    int pid, tgid;
    int exit_code;
    struct pid *thread_pid;
    struct task_struct *group_leader;
    struct signal_struct *signal;
    struct sigpending pending;
    struct files_struct *files;
    struct fs_struct *fs;
    struct mm_struct *mm;
    unsigned long min_flt, maj_flt;
    char comm[16];
    unsigned long sas_ss_sp, sas_ss_size; /* the alternate stack of signal handlers */
    struct thread_struct thread;
};

struct task_struct___before_5_14 {
    long state;
};

struct linux_binprm {
    const char *filename, *interp;
    int argc, envc;
};

struct seq_file {
    unsigned long count;
};

struct bpf_iter_meta {
    struct seq_file *seq;
};

struct bpf_iter__task {
    struct bpf_iter_meta *meta;
    struct task_struct *task;
};

#pragma clang attribute pop

/* As programs see it, so that its fields never move: it need not be relocated. */
struct kernel_siginfo {
    int si_signo, si_errno, si_code;
    unsigned long long fields[SIGNAL_ARGUMENTS]; /* the contents depend on the signal */
};

#endif
