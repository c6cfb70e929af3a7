/*
 * What a backend tells the session: one struct wire for each call, process event, signal or batch of
 * time slices, the same from BPF (through a ring of the kernel's) and from ptrace. Included by the BPF
 * program as well, so it has nothing but integers of known size.
 *
 * Behind a call's wire stand the pieces of memory that its rule takes, behind other wires text:
 *
 *     struct wire │ struct wire_piece │ bytes, to 8 │ struct wire_piece │ bytes, to 8 │ ...
 */
#ifndef RINGSCOPE_WIRE_H
#define RINGSCOPE_WIRE_H

enum wire_kind {
    WIRE_CALL = 1, /* a system call that returned, or that never does (exit) */
    WIRE_UNFINISHED, /* one that its thread did not live to return from */
    WIRE_UNMATCHED, /* the return of one whose entry was not seen */
    WIRE_SPAWN, /* args: pid and tid of the new task, WIRE_SHARES_FILES and _DIRECTORY; text: its name */
    WIRE_EXEC, /* args: the tid before; text: the task's name in WIRE_NAME_BYTES, then the command line */
    WIRE_EXIT, /* args: minor and major page faults, 1 if the process ends too, ns on processors since it was marked
                * (0: not known); result: wait status */
    WIRE_SIGNAL, /* number: signal; result: si_code; args: sender, address */
    WIRE_RENAME, /* text: the new name */
    WIRE_TICKS /* args: count, total and longest duration in ns */
};

/* wire.flags */
enum wire_flag {
    WIRE_NO_RETURN = 1, /* the call does not return */
    WIRE_SHARES_FILES = 2, /* of a spawned task: its descriptors are its parent's */
    WIRE_SHARES_DIRECTORY = 4, /* likewise where it is */
    WIRE_TEXT_CUT = 8, /* there was more text */
    WIRE_PIECES_LOST = 16 /* there was no room for all pieces */
};

/* Which table of numbers a call is of; indices of rules. */
enum wire_abi { WIRE_NATIVE, WIRE_COMPAT, WIRE_X32, WIRE_ABIS };

#define WIRE_NUMBER_MAX 0xffffffu
#define WIRE_ARGS 6

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
    unsigned short bytes; /* behind it */
    unsigned long long args[WIRE_ARGS];
};

/* Categories that the kernel's side names itself; the same numbers as in ringscope.h. */
enum wire_category { CATEGORY_SYSCALL = 0, CATEGORY_PROCESS = 1, CATEGORY_SIGNAL = 4 };

#define WIRE_NAME_BYTES 16 /* of a task's name, with NUL */
#define WIRE_TEXT_BYTES 256 /* behind what is no call */

struct wire_long {
    struct wire base;
    char text[WIRE_TEXT_BYTES];
};

/* ------------------------------------------------------------------- pieces */

/* What a piece is of its argument. */
enum wire_part {
    PART_WHOLE,
    PART_COUNT, /* of a list of strings: 8 bytes, how many there are */
    PART_NAME, /* of a message: the address */
    PART_VECTORS,
    PART_CONTROL,
    PART_DATA /* and on: what the first vectors hold */
};

/* wire_piece.flags */
enum wire_piece_flag {
    PIECE_CUT = 1, /* there was more */
    PIECE_UNREAD = 2, /* the address led nowhere */
    PIECE_AFTER = 4 /* taken when the call returned */
};

struct wire_piece {
    unsigned short bytes;
    unsigned char argument; /* WIRE_RESULT: the result */
    unsigned char part;
    unsigned char flags;
    unsigned char reserved[3];
};

#define WIRE_RESULT 7
#define WIRE_PIECE_MAX 511 /* bytes of one */
#define WIRE_BLOB_FULL 1024 /* where the last piece begins at the latest; a power of two */
#define WIRE_BLOB_BYTES (WIRE_BLOB_FULL + WIRE_PIECE_MAX + 1 + 8)
#define WIRE_PATH_BYTES 255
#define WIRE_STRING_BYTES 127 /* of each in a list */
#define WIRE_STRINGS 16
#define WIRE_COUNTED 256 /* of a list of strings whose length alone is told */
#define WIRE_COUNTED_ONCE 16
#define WIRE_VECTORS 8
#define WIRE_CONTROL_BYTES 64

struct wire_call {
    struct wire base;
    char blob[WIRE_BLOB_BYTES];
};

/* What is taken of a call, and of what: its arguments, and behind them its result. */
struct gather {
    struct wire_call call;
    unsigned long long args[8];
};

/* What a descriptor stands for, as the kernel knows it. */
struct wire_file {
    unsigned long long inode;
    unsigned short family, type, protocol; /* of a socket; 0: it is none */
    unsigned short local_port, peer_port; /* 0: none */
    unsigned short reserved[3];
    unsigned char local[16], peer[16]; /* an address of 4 bytes stands at the beginning */
};

/* -------------------------------------------------------------------- rules */

enum wire_what {
    TAKE_NOTHING,
    TAKE_STRING, /* to its NUL */
    TAKE_BYTES, /* unit bytes */
    TAKE_COUNTED, /* unit times argument `by` */
    TAKE_BITS, /* argument `by` of them, in words of 64 */
    TAKE_RETURNED, /* unit times the result */
    TAKE_SIZED, /* as many as the int at argument `by` says */
    TAKE_STRINGS, /* of a list that ends in NULL */
    TAKE_COUNT, /* of such a list, only how many there are */
    TAKE_VECTORS, /* struct iovec, `by` of them; unit: bytes of what each points to */
    TAKE_MESSAGE, /* struct msghdr; unit likewise */
    TAKE_FILE, /* struct wire_file of the descriptor */
    TAKE_FILES /* two descriptors, and the struct wire_file of each */
};

enum wire_when {
    WHEN_ENTERED = 1,
    WHEN_RETURNED = 2, /* whatever the result */
    WHEN_DONE = 4 /* when it returned and did not fail */
};

struct wire_take {
    unsigned char what, when;
    unsigned char argument;
    unsigned char by;
    unsigned short unit;
    unsigned short most; /* bytes */
};

/* What is to be done with a call: by ABI and number, fixed when recording begins. Numbers beyond the
 * table share its last entry. */
#define WIRE_NUMBERS 1024
#define WIRE_RULES (4 * WIRE_NUMBERS) /* a power of two, so that an index can be masked */
#define WIRE_TAKES 4

enum wire_rule_flag {
    WIRE_RULE_WANTED = 1,
    WIRE_RULE_NO_RETURN = 2,
    WIRE_RULE_UNSEEN = 4 /* wanted for what it does to descriptors, and not shown */
};

struct wire_rule {
    unsigned char flags;
    unsigned char category;
    unsigned char takes;
    unsigned char reserved[5];
    struct wire_take take[WIRE_TAKES];
};

#endif
