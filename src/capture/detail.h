/*
 * The detail of a system call: its arguments and its result, written for people.
 */
#ifndef RINGSCOPE_DETAIL_H
#define RINGSCOPE_DETAIL_H

#include "calls.h"

#define DETAIL_BYTES 4096

struct detail {
    size_t bytes;
    char text[DETAIL_BYTES];
};

struct task;

/* "/etc/passwd, O_RDONLY = 3", "fd 3 </etc/passwd>, 4096 bytes = 42"; not NUL-terminated. The pieces follow the event
 * in memory. The call's effects on descriptors have been applied, except closing. */
void detail_of_call(struct detail *detail, const struct call *call, const struct kernel_event *event,
                    const struct task *task);

/* Whether the result is an error, and its errno. */
static inline bool event_failed(const struct kernel_event *event)
{
    return event->result < 0 && event->result >= -4095;
}

/* The details of a signal, after its name: " {SEGV_MAPERR, address 0x10}", " {SI_USER, pid 12, uid 0}". */
void detail_of_signal(struct detail *detail, const struct kernel_event *event, struct calls *calls);

/* "SIGINT", "SIGRTMIN+2". */
void signal_name(char *name, size_t size, int signal);

void detail_add(struct detail *detail, const char *text);
void detail_add_bytes(struct detail *detail, const char *bytes, size_t count);
/* Quotes the text from `begin` on if it contains its own terminator or begins with a quote: "/tmp/a, b". */
void detail_quote(struct detail *detail, size_t begin, const char *end);
void detail_add_number(struct detail *detail, int64_t number);
void detail_add_unsigned(struct detail *detail, uint64_t number, unsigned base);
void detail_format(struct detail *detail, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
