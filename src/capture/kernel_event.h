/*
 * The reports of a backend to the session: one struct kernel_event for each call, process event, signal or batch of
 * time slices, the same from BPF (through a ring buffer of the kernel's) and from ptrace. The BPF program includes this
 * file too, so it contains only integers of known size.
 *
 * A call's event is followed by the pieces of memory that its rule takes, other events by text:
 *
 *     struct kernel_event │ struct memory_piece │ bytes, to 8 │ struct memory_piece │ bytes, to 8 │ ...
 */
#ifndef RINGSCOPE_KERNEL_EVENT_H
#define RINGSCOPE_KERNEL_EVENT_H

enum kernel_event_kind {
    EVENT_CALL = 1, /* a system call that returned, or that never does (exit) */
    EVENT_UNFINISHED, /* a call during which its thread, or the recording, ended */
    EVENT_UNMATCHED, /* the return of a call whose entry was not seen */
    EVENT_SPAWN, /* args: pid and tid of the new task, EVENT_SHARES_FILES and _DIRECTORY; text: its name */
    EVENT_EXEC, /* args: the previous tid; text: the task's name in TASK_NAME_BYTES, then the command line */
    EVENT_EXIT, /* args: minor and major page faults, 1 if the process ends too, ns on processors since it was marked
                * (0: unknown); result: wait status */
    EVENT_SIGNAL, /* number: signal; result: si_code; args: see enum signal_argument */
    EVENT_RENAME, /* text: the new name */
    EVENT_TICKS, /* args: count, total and longest duration in ns */
    EVENT_FUNCTION, /* number: which function; args: its enum function_end */
    EVENT_STACK, /* where its thread makes the following call: struct stack_event */
    EVENT_SAMPLE, /* where it runs on a processor, likewise */
    EVENT_SLICE, /* number and abi: the call that the thread is in; args: see enum slice_argument */
    EVENT_URING /* number: the operation; args: see enum uring_argument */
};

/* kernel_event.flags */
enum kernel_event_flag {
    EVENT_NO_RETURN = 1, /* the call does not return; of an operation of io_uring: no completion was seen */
    EVENT_SHARES_FILES = 2, /* of a spawned task: it shares its parent's descriptors */
    EVENT_SHARES_DIRECTORY = 4, /* likewise its directory */
    EVENT_TEXT_CUT = 8, /* there was more text */
    EVENT_PIECES_LOST = 16, /* there was no room for all pieces */
    EVENT_HAS_STACK = 32, /* of a call: preceded by an EVENT_STACK of its thread; of a wait: its call is */
    EVENT_BEGUN_BEFORE = 64 /* of a call: in flight when recording began, and timed from then on */
};

/* The table of numbers that a call belongs to; indices of rules. */
enum abi { ABI_NATIVE, ABI_COMPAT, ABI_X32, ABI_COUNT };

#define CALL_NUMBER_MAX 0xffffffu
#define CALL_ARGS 6

struct kernel_event {
    unsigned long long time_ns; /* CLOCK_MONOTONIC; for calls, the start */
    unsigned long long duration_ns;
    long long result;
    unsigned int pid; /* in ringscope's PID namespace */
    unsigned int tid;
    unsigned int number : 24; /* of the call, at most CALL_NUMBER_MAX; of the signal */
    unsigned int abi : 8;
    unsigned char kind;
    unsigned char flags;
    unsigned short bytes; /* that follow */
    unsigned long long args[CALL_ARGS];
};

/* Categories that the kernel's side uses; the same numbers as in ringscope.h. */
enum kernel_category {
    CATEGORY_SYSCALL = 0,
    CATEGORY_PROCESS = 1,
    CATEGORY_SIGNAL = 4,
    CATEGORY_SCHEDULER = 5,
    CATEGORY_CUSTOM = 9
};

/* The states of a thread: on a processor, ready for a free one, or waiting. */
enum slice_kind { SLICE_RUNNING, SLICE_RUNNABLE, SLICE_WAITING, SLICE_KINDS };

/* Why it is not on a processor. */
enum slice_reason {
    SLICE_SLEEPS,
    SLICE_STOPPED, /* by a signal or a debugger */
    SLICE_PREEMPTED, /* although it could have gone on */
    SLICE_NEW, /* it has not run yet */
    SLICE_WOKEN,
    SLICE_FOUND /* since before recording began */
};

/* Who ended its wait. */
enum slice_waker {
    WAKER_UNKNOWN,
    WAKER_THREAD, /* a traced one */
    WAKER_INTERRUPT, /* of a timer, a device or the network; the interrupted thread has nothing to do with it */
    WAKER_KERNEL, /* a kernel thread */
    WAKER_OTHER, /* a thread that is not traced */
    WAKER_NONE /* it was still waiting when recording ended */
};

/* Of an EVENT_SLICE. */
enum slice_argument {
    SLICE_KIND,
    SLICE_DETAIL, /* running: the processor; else the reason */
    SLICE_WAKER,
    SLICE_WAKER_ID, /* of a traced thread: pid << 32 | tid */
    SLICE_WAKER_NAME /* of others: a task's name in this argument and the next */
};

/* Of an EVENT_SIGNAL. The data begins with its sender (pid, with uid above it) or the address of a fault. */
enum signal_argument { SIGNAL_INFO, SIGNAL_INFO_MORE, SIGNAL_ARGUMENTS };

#define SLICE_IN_CALL 1 /* kernel_event.result of a slice: the thread is in a call */

/* How a function's call ended, or why that is unknown, in which case it has no duration. */
enum function_end {
    FUNCTION_RETURNED,
    FUNCTION_LEFT, /* by longjmp, exec, or its thread's end; noticed at the end of its duration at the latest */
    FUNCTION_DEEP, /* nested in as many others as can be followed */
    FUNCTION_OTHER_STACK, /* not on its thread's own stack */
    FUNCTION_NOT_CALLED, /* entered in another way */
    FUNCTION_IN_OTHER_PROGRAM, /* in a program whose calls must not be followed */
    FUNCTION_NOT_TO_FOLLOW
};

#define FUNCTION_DEPTH 60 /* per thread; the kernel follows 64 */
#define FUNCTION_COUNT_MAX 8192 /* less than CALL_NUMBER_MAX */
#define FUNCTION_PROGRAMS_MAX 16
#define FUNCTION_WITHOUT_END (1ull << 32) /* beside its number, in the kernel's state */

/* Of an EVENT_URING; their meaning depends on the operation. */
enum uring_argument { URING_FD, URING_BYTES, URING_OFFSET, URING_FLAGS, URING_FILE_INDEX };

/* As programs write it: the beginning of struct io_uring_sqe. */
struct uring_entry {
    unsigned char operation, flags;
    unsigned short priority;
    int fd;
    unsigned long long offset, address;
    unsigned int bytes, operation_flags;
    unsigned long long user_data;
    unsigned short buffer, personality;
    int file_index; /* not 0: the opened file does not become a descriptor */
};

#define URING_REQUESTS_MAX 16384u /* in flight; each entry costs 16 bytes, used or not */

#define TASK_NAME_BYTES 16 /* of a task's name, with NUL */
#define EVENT_TEXT_BYTES 256 /* after events that are not calls */

struct text_event {
    struct kernel_event base;
    char text[EVENT_TEXT_BYTES];
};

/* ------------------------------------------------------------------- pieces */

/* The part of its argument that a piece is. */
enum piece_part {
    PART_WHOLE,
    PART_COUNT, /* of a list of strings: its length, in 8 bytes; of one of several messages: its bytes, in 4 */
    PART_NAME, /* of a message: the address */
    PART_VECTORS,
    PART_CONTROL,
    PART_DATA, /* and following: the data of the first vectors, or files */
    PART_PASSED = 64 /* and following: the struct kernel_file of each descriptor that a message passes on */
};

/* memory_piece.flags */
enum piece_flag {
    PIECE_CUT = 1, /* there was more */
    PIECE_UNREAD = 2, /* the address was invalid */
    PIECE_AFTER = 4, /* taken when the call returned */
    PIECE_AGAIN = 8 /* taken once more, because something could not be read before: it replaces what was */
};

struct memory_piece {
    unsigned short bytes;
    unsigned char argument; /* ARGUMENT_RESULT: the result; see MESSAGE_ARGUMENT() */
    unsigned char part;
    unsigned char flags;
    unsigned char reserved[3];
};

#define ARGUMENT_RESULT 7
#define PIECE_MAX_BYTES 511 /* of one piece */
#define BLOB_FULL 1024 /* the last piece begins here at the latest; a power of two */
#define BLOB_BYTES (BLOB_FULL + PIECE_MAX_BYTES + 1 + 8)
#define PIECE_PATH_BYTES 255
#define PIECE_STRING_BYTES 127 /* of each in a list */
#define PIECE_STRINGS 32
#define PIECE_COUNTED 256 /* for lists of strings of which only the length is reported */
#define PIECE_COUNTED_ONCE 16
#define PIECE_VECTORS 8
#define PIECE_CONTROL_BYTES 64
#define PIECE_MESSAGES 4 /* of several */
#define MESSAGE_ARGUMENT(argument, n) ((argument) + 8 * (n)) /* stands for the nth of several messages */
#define PIECE_PASSED 4 /* descriptors of a message whose files are kept */

struct call_event {
    struct kernel_event base;
    char blob[BLOB_BYTES];
};

/* The memory taken for a call, and its sources: the arguments, followed by the result. */
struct gather {
    struct call_event call;
    unsigned long long args[8];
};

/* What a descriptor refers to, as the kernel knows it. */
struct kernel_file {
    unsigned long long inode;
    unsigned long long open_file; /* the same for all who share the open file; 0: unknown */
    unsigned short family, type, protocol; /* of a socket; 0: not a socket */
    unsigned short local_port, peer_port; /* 0: none */
    unsigned short reserved[3];
    unsigned char local[16], peer[16]; /* an address of 4 bytes is at the beginning */
};

/* -------------------------------------------------------------------- rules */

enum take_what {
    TAKE_NOTHING,
    TAKE_STRING, /* to its NUL */
    TAKE_BYTES, /* unit bytes */
    TAKE_COUNTED, /* unit times argument `by` */
    TAKE_BITS, /* argument `by` of them, in words of 64 */
    TAKE_RETURNED, /* unit times the result */
    TAKE_SIZED, /* as many bytes as the int at argument `by` says */
    TAKE_STRINGS, /* of a list that ends in NULL */
    TAKE_ENVIRONMENT, /* the same, as far as there is room after everything else */
    TAKE_COUNT, /* only the length of such a list */
    TAKE_VECTORS, /* struct iovec, `by` of them; unit: bytes of the data of each */
    TAKE_MESSAGE, /* struct msghdr; unit likewise */
    TAKE_MESSAGES, /* struct mmsghdr, `by` of them on entry, else as many as the result; unit likewise */
    TAKE_FILE, /* struct kernel_file of the descriptor */
    TAKE_SENDER, /* the same, if argument `by` is an address, or a struct msghdr (unit: its pointers' size) with one */
    TAKE_FILES /* two descriptors, and the struct kernel_file of each */
};

enum take_when {
    WHEN_ENTERED = 1,
    WHEN_RETURNED = 2, /* whatever the result */
    WHEN_DONE = 4 /* if it returned and did not fail */
};

struct call_take {
    unsigned char what, when;
    unsigned char argument;
    unsigned char by;
    unsigned short unit;
    unsigned short most; /* bytes */
};

/* What to do with a call, by ABI and number, fixed when recording begins. Numbers beyond the table share its last
 * entry. */
#define RULE_NUMBERS 1024
#define RULE_COUNT (4 * RULE_NUMBERS) /* a power of two, so that an index can be masked */
#define RULE_TAKES 4

enum rule_flag {
    RULE_WANTED = 1,
    RULE_NO_RETURN = 2,
    RULE_UNSEEN = 4 /* wanted only for its effect on descriptors */
};

struct call_rule {
    unsigned char flags;
    unsigned char category;
    unsigned char takes;
    unsigned char reserved[5];
    struct call_take take[RULE_TAKES];
};

#endif
