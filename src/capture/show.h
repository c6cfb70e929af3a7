/*
 * Formats arguments of system calls: one function for each kind in the list in arguments.c.
 */
#ifndef RINGSCOPE_SHOW_H
#define RINGSCOPE_SHOW_H

#include "detail.h"

/* How much of statx is kept: up to the device that a file stands for. */
#define STATX_SHOWN 136
/* Of the value of a socket's option: struct tcp_info. */
#define OPTION_SHOWN 104
/* Of the argument of an ioctl: struct ifreq. */
#define IOCTL_SHOWN 40

/* The context in which a call is shown. */
struct shown {
    struct detail *detail;
    const struct call *call;
    const struct kernel_event *event;
    const struct task *task; /* has descriptors and directory */
    bool unquoted; /* leave paths without quotes */
};

/* A piece of an argument, followed by its bytes; NULL: it was not taken. after: as it was when the call returned. */
const struct memory_piece *shown_piece(const struct shown *shown, unsigned argument, unsigned part, bool after);
/* The piece after this one, or the first, of any argument; NULL: there is none. */
const struct memory_piece *shown_next(const struct shown *shown, const struct memory_piece *piece);
/* The same as shown_piece(), whenever it was taken, for a structure of that size; NULL: it is incomplete. */
const void *shown_struct(const struct shown *shown, unsigned argument, size_t bytes);
/* The bytes of a piece. */
static inline const char *piece_bytes(const struct memory_piece *piece)
{
    return (const char *)(piece + 1);
}
/* An int of the program's; its upper half is ignored. */
static inline int64_t as_int(uint64_t value)
{
    return (int32_t)(uint32_t)value;
}
/* Whether the call has returned without an error. */
bool shown_done(const struct shown *shown);

/* Texts that several kinds share. */
void add_words(struct detail *detail, const struct words *words, uint64_t value);
void add_words_of(struct detail *detail, const char *group, uint64_t value);
void add_signal(struct detail *detail, int signal);
void add_signal_set(struct detail *detail, uint64_t set);
void add_descriptor(struct detail *detail, int64_t fd, const struct task *task);
void add_seconds(struct detail *detail, int64_t seconds, uint64_t nanoseconds);
void add_quoted(struct detail *detail, const char *bytes, size_t count, bool cut);
void add_pointer(struct detail *detail, uint64_t value);
/* The headers of netlink messages: "[{20 bytes, RTM_GETLINK, NLM_F_DUMP|NLM_F_REQUEST, seq 7}]". False: these bytes are
 * none. */
bool add_netlink(struct shown *shown, const struct memory_piece *piece);

#define SHOW(name) argument_show name
/* The result of fcntl may be a descriptor, or flags; the second returns whether flags were shown. */
bool fcntl_duplicates(const struct kernel_event *event);
bool fcntl_result(struct shown *shown);

/* show_numbers.c */
SHOW(show_descriptor);
SHOW(show_directory);
SHOW(show_int);
SHOW(show_uint);
SHOW(show_long);
SHOW(show_long_native);
SHOW(show_offset);
SHOW(show_bytes);
SHOW(show_some_bytes);
SHOW(show_mode);
SHOW(show_device);
SHOW(show_mode_of_open);
SHOW(show_mode_of_ipc);
SHOW(show_hex);
SHOW(show_address);
SHOW(show_words);
SHOW(show_clone);
SHOW(show_signal);
SHOW(show_protocol);
SHOW(show_socket_option);
SHOW(show_personality);
/* show_text.c */
SHOW(show_path);
SHOW(show_string);
SHOW(show_strings);
SHOW(show_environment);
SHOW(show_contents);
SHOW(show_vectors);
SHOW(show_names);
/* show_files.c */
SHOW(show_offset_at);
SHOW(show_how);
SHOW(show_mount_attributes);
SHOW(show_stat);
SHOW(show_statx);
SHOW(show_statfs);
SHOW(show_fcntl);
SHOW(show_file_times);
SHOW(show_pair);
SHOW(show_uring);
/* show_ioctl.c */
SHOW(show_ioctl);
SHOW(show_ioctl_argument);
/* show_sockets.c */
SHOW(show_message);
SHOW(show_messages);
SHOW(show_socket_address);
SHOW(show_value);
SHOW(show_room);
/* show_ipc.c */
SHOW(show_queue);
SHOW(show_message_type);
SHOW(show_semaphores);
SHOW(show_shared_memory);
/* show_security.c */
SHOW(show_capabilities);
SHOW(show_capability_sets);
SHOW(show_ruleset);
SHOW(show_rule);
/* show_waiting.c */
SHOW(show_polls);
SHOW(show_set);
SHOW(show_event);
SHOW(show_events);
SHOW(show_futex_time);
SHOW(show_futex_waits);
SHOW(show_futex_to);
SHOW(show_futex_value);
SHOW(show_time);
SHOW(show_micro_time);
SHOW(show_timer);
SHOW(show_interval);
/* show_processes.c */
SHOW(show_wait_status);
SHOW(show_waited);
SHOW(show_wait_info);
SHOW(show_clone3);
SHOW(show_prctl);
SHOW(show_prctl_more);
SHOW(show_arch_prctl);
SHOW(show_io_priority);
SHOW(show_scheduling);
SHOW(show_perf);
SHOW(show_memory_policy);
SHOW(show_limits);
SHOW(show_usage);
SHOW(show_spent);
SHOW(show_processors);
SHOW(show_ints);
SHOW(show_bpf);
SHOW(show_system);
SHOW(show_sysinfo);
/* show_signals.c */
SHOW(show_action);
SHOW(show_signals);
SHOW(show_signal_stack);
SHOW(show_signal_event);
SHOW(show_sent);
#undef SHOW

#endif
