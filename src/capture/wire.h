/*
 * What a backend tells the session: one struct wire for each call, process event, signal or batch of
 * time slices, the same from BPF (through a ring of the kernel's) and from ptrace. Included by the BPF
 * program as well, so it has nothing but integers of known size.
 */
#ifndef RINGSCOPE_WIRE_H
#define RINGSCOPE_WIRE_H

#define WIRE_TEXT_BYTES 256
/* Of one path, without its NUL; of each, where a call has two. */
#define WIRE_PATH_BYTES 255
#define WIRE_HALF_BYTES 127
#define WIRE_SECOND_PATH 128 /* where the second begins */

enum wire_kind {
    WIRE_CALL = 1, /* a system call that returned, or that never does (exit) */
    WIRE_UNFINISHED, /* one that its thread did not live to return from */
    WIRE_UNMATCHED, /* the return of one whose entry was not seen */
    WIRE_SPAWN, /* args: pid and tid of the new task, WIRE_SHARES_FILES; text: its name */
    WIRE_EXEC, /* args: the tid before; text: the task's name and, from 16 on, text_bytes[1] of command line */
    WIRE_EXIT, /* args: minor and major page faults, 1 if the process ends too; result: wait status */
    WIRE_SIGNAL, /* number: signal; result: si_code */
    WIRE_RENAME, /* text: the new name */
    WIRE_TICKS /* args: count, total and longest duration in ns */
};

/* wire.flags */
enum wire_flag {
    WIRE_HAS_TEXT = 1, /* a struct wire_long, or a call's struct wire_short */
    WIRE_FIRST_CUT = 2, /* the first path was longer */
    WIRE_SECOND_CUT = 4,
    WIRE_NO_RETURN = 8, /* the call does not return */
    WIRE_SHARES_FILES = 16, /* of a spawned task: its descriptors are its parent's */
    WIRE_FIRST_UNREAD = 32, /* the address of the first path led nowhere */
    WIRE_SECOND_UNREAD = 64
};

/* Which table of numbers a call is of; indices of rules. */
enum wire_abi { WIRE_NATIVE, WIRE_COMPAT, WIRE_X32, WIRE_ABIS };

#define WIRE_NUMBER_MAX 0xffffffu

struct wire {
    unsigned long long time_ns; /* CLOCK_MONOTONIC; of a call, its start */
    unsigned long long duration_ns;
    long long result;
    unsigned int pid; /* in ringscope's PID namespace */
    unsigned int tid;
    unsigned int number : 24; /* of the call, at most WIRE_NUMBER_MAX; of the signal */
    unsigned int abi : 8;
    unsigned char kind;
    unsigned char flags;
    unsigned char text_bytes[2]; /* of the two paths, without NUL */
    unsigned long long args[3]; /* those that the call's rule keeps */
};

/* Categories that the kernel's side names itself; the same numbers as in ringscope.h. */
enum wire_category { CATEGORY_SYSCALL = 0, CATEGORY_PROCESS = 1, CATEGORY_SIGNAL = 4 };

struct wire_long {
    struct wire base;
    char text[WIRE_TEXT_BYTES];
};

/* The same for one path of up to WIRE_SHORT_BYTES, as most are. */
#define WIRE_SHORT_BYTES 64

struct wire_short {
    struct wire base;
    char text[WIRE_SHORT_BYTES];
};

#define WIRE_NAME_BYTES 16 /* of a task's name, with NUL */

/* What is to be done with a call: by ABI and number, fixed when recording begins. Numbers beyond the
 * table share its last entry. */
#define WIRE_NUMBERS 1024
#define WIRE_RULES (4 * WIRE_NUMBERS) /* a power of two, so that an index can be masked */
#define WIRE_NO_ARG 7

enum wire_rule_flag { WIRE_RULE_WANTED = 1, WIRE_RULE_NO_RETURN = 2 };

struct wire_rule {
    unsigned char flags;
    unsigned char category;
    unsigned char path[2]; /* which arguments are paths; WIRE_NO_ARG: none */
    unsigned char keep[3]; /* which arguments are kept as numbers */
    unsigned char pair; /* which of those, plus one, is the address of two ints to be kept instead; 0: none */
};

#endif
