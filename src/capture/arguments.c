/* The words that describe arguments in the table of shapes; see arguments.h. */
#include "arguments.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "show.h"

enum kind_flag {
    BY = 1, /* the number of another argument follows ":" */
    WORDS = 2, /* a group of words follows it */
    NATIVE = 4, /* its memory has the layout of the machine's own programs */
    CONTENTS = 8 /* taken only if contents are kept */
};

struct kind {
    const char *name;
    argument_show *show;
    unsigned flags, argument_flags;
    struct call_take take;
};

#define ENTERED(w, u, m)                                            \
    {                                                               \
        .what = (w), .when = WHEN_ENTERED, .unit = (u), .most = (m) \
    }
#define DONE(w, u, m)                                            \
    {                                                            \
        .what = (w), .when = WHEN_DONE, .unit = (u), .most = (m) \
    }
#define RETURNED(w, u, m)                                            \
    {                                                                \
        .what = (w), .when = WHEN_RETURNED, .unit = (u), .most = (m) \
    }
#define BOTH(w, u, m)                                                           \
    {                                                                           \
        .what = (w), .when = WHEN_ENTERED | WHEN_DONE, .unit = (u), .most = (m) \
    }

/* clang-format off */
static const struct kind kinds[] = {
    { "-", NULL, 0, 0, { 0 } },
    /* Numbers. */
    { "fd", show_descriptor, 0, ARGUMENT_DESCRIPTOR, { 0 } },
    { "dirfd", show_directory, 0, ARGUMENT_DESCRIPTOR, { 0 } },
    { "int", show_int, 0, 0, { 0 } },
    { "uint", show_uint, 0, 0, { 0 } },
    { "long", show_long, 0, 0, { 0 } },
    { "off64", show_long_native, 0, 0, { 0 } },
    { "offset", show_offset, 0, 0, { 0 } },
    { "bytes", show_bytes, 0, 0, { 0 } },
    { "some", show_some_bytes, 0, 0, { 0 } },
    { "room", show_room, 0, 0, BOTH(TAKE_BYTES, 4, 4) },
    { "mode", show_mode, 0, 0, { 0 } },
    { "device", show_device, 0, 0, { 0 } },
    { "omode", show_mode_of_open, 0, 0, { 0 } },
    { "ipcmode", show_mode_of_ipc, 0, 0, { 0 } },
    { "hex", show_hex, 0, 0, { 0 } },
    { "addr", show_address, 0, 0, { 0 } },
    { "hexflags", show_address, 0, 0, { 0 } },
    { "w", show_words, WORDS, 0, { 0 } },
    { "c", show_words, WORDS, ARGUMENT_CLOSES, { 0 } },
    { "ioctl", show_ioctl, 0, 0, { 0 } },
    { "clone", show_clone, 0, 0, { 0 } },
    { "signal", show_signal, 0, 0, { 0 } },
    { "protocol", show_protocol, 0, 0, { 0 } },
    { "sockopt", show_socket_option, 0, 0, { 0 } },
    { "personality", show_personality, 0, 0, { 0 } },
    /* Text. */
    { "path", show_path, 0, ARGUMENT_PATH, ENTERED(TAKE_STRING, 0, PIECE_PATH_BYTES) },
    { "name", show_string, 0, ARGUMENT_PATH, ENTERED(TAKE_STRING, 0, PIECE_PATH_BYTES) },
    { "str", show_string, 0, 0, ENTERED(TAKE_STRING, 0, PIECE_PATH_BYTES) },
    { "text", show_string, BY, 0, ENTERED(TAKE_COUNTED, 1, 64) },
    { "target", show_string, 0, 0, DONE(TAKE_RETURNED, 1, PIECE_PATH_BYTES) },
    { "argv", show_strings, NATIVE, 0, ENTERED(TAKE_STRINGS, 0, 0) },
    { "env", show_environment, NATIVE, 0, ENTERED(TAKE_COUNT, 0, 0) },
    /* Contents. */
    { "in", show_contents, BY | CONTENTS, 0, ENTERED(TAKE_COUNTED, 1, 0) },
    { "out", show_contents, CONTENTS, 0, DONE(TAKE_RETURNED, 1, 0) },
    { "iov", show_vectors, BY | NATIVE | CONTENTS, 0, ENTERED(TAKE_VECTORS, 0, 0) },
    { "iovout", show_vectors, BY | NATIVE | CONTENTS, 0, RETURNED(TAKE_VECTORS, 0, 0) },
    { "iovonly", show_vectors, BY | NATIVE, 0, ENTERED(TAKE_VECTORS, 0, 0) },
    { "msg", show_message, NATIVE | CONTENTS, 0, ENTERED(TAKE_MESSAGE, 0, 0) },
    { "msgout", show_message, NATIVE | CONTENTS, 0, DONE(TAKE_MESSAGE, 0, 0) },
    { "msgs", show_messages, BY | NATIVE | CONTENTS, 0, ENTERED(TAKE_MESSAGES, 0, 0) },
    { "msgsout", show_messages, BY | NATIVE | CONTENTS, 0, DONE(TAKE_MESSAGES, 0, 0) },
    /* Files. */
    { "offat", show_offset_at, 0, 0, ENTERED(TAKE_BYTES, 8, 8) },
    { "how", show_how, 0, 0, ENTERED(TAKE_BYTES, 24, 24) },
    { "stat", show_stat, NATIVE, 0, DONE(TAKE_BYTES, 144, 144) },
    { "statx", show_statx, 0, 0, DONE(TAKE_BYTES, STATX_SHOWN, STATX_SHOWN) },
    { "statfs", show_statfs, NATIVE, 0, DONE(TAKE_BYTES, 120, 120) },
    { "names", show_names, 0, 0, DONE(TAKE_RETURNED, 1, 256) },
    { "fcntlarg", show_fcntl, NATIVE, 0, BOTH(TAKE_BYTES, 32, 32) },
    { "ioctlarg", show_ioctl_argument, 0, 0, DONE(TAKE_BYTES, IOCTL_SHOWN, IOCTL_SHOWN) },
    { "utimes", show_file_times, NATIVE, 0, ENTERED(TAKE_BYTES, 32, 32) },
    { "pair", show_pair, 0, 0, DONE(TAKE_FILES, 0, 0) },
    { "mountattr", show_mount_attributes, 0, 0, ENTERED(TAKE_BYTES, 32, 32) },
    { "uring", show_uring, 0, 0, DONE(TAKE_BYTES, 120, 120) },
    /* Sockets. */
    { "address", show_socket_address, BY, 0, ENTERED(TAKE_COUNTED, 1, 128) },
    { "addressout", show_socket_address, BY, 0, DONE(TAKE_SIZED, 1, 128) },
    { "value", show_value, BY, 0, ENTERED(TAKE_COUNTED, 1, 32) },
    { "valueout", show_value, BY, 0, DONE(TAKE_SIZED, 1, OPTION_SHOWN) },
    /* Queues, semaphores and memory that processes share. */
    { "queue", show_queue, NATIVE, 0, ENTERED(TAKE_BYTES, 32, 32) },
    { "queueout", show_queue, NATIVE, 0, DONE(TAKE_BYTES, 32, 32) },
    { "type", show_message_type, NATIVE, 0, ENTERED(TAKE_BYTES, 8, 8) },
    { "typeout", show_message_type, NATIVE, 0, DONE(TAKE_BYTES, 8, 8) },
    { "semaphores", show_semaphores, BY, 0, ENTERED(TAKE_COUNTED, 6, 48) },
    { "shared", show_shared_memory, NATIVE, 0, DONE(TAKE_BYTES, 112, 112) },
    /* Waiting. */
    { "polls", show_polls, BY, 0, BOTH(TAKE_COUNTED, 8, 128) },
    { "set", show_set, BY, 0, BOTH(TAKE_BITS, 0, 128) },
    { "event", show_event, 0, 0, ENTERED(TAKE_BYTES, 12, 12) },
    { "events", show_events, 0, 0, DONE(TAKE_RETURNED, 12, 192) },
    { "futextime", show_futex_time, NATIVE, 0, ENTERED(TAKE_BYTES, 16, 16) },
    { "waits", show_futex_waits, BY, 0, ENTERED(TAKE_COUNTED, 24, 192) },
    { "futexto", show_futex_to, 0, 0, { 0 } },
    { "futexval", show_futex_value, 0, 0, { 0 } },
    { "time", show_time, NATIVE, 0, ENTERED(TAKE_BYTES, 16, 16) },
    { "timeout", show_time, NATIVE, 0, DONE(TAKE_BYTES, 16, 16) },
    { "val", show_micro_time, NATIVE, 0, ENTERED(TAKE_BYTES, 16, 16) },
    { "valout", show_micro_time, NATIVE, 0, DONE(TAKE_BYTES, 16, 16) },
    { "timer", show_timer, NATIVE, 0, ENTERED(TAKE_BYTES, 32, 32) },
    { "timerout", show_timer, NATIVE, 0, DONE(TAKE_BYTES, 32, 32) },
    { "interval", show_interval, NATIVE, 0, ENTERED(TAKE_BYTES, 32, 32) },
    { "intervalout", show_interval, NATIVE, 0, DONE(TAKE_BYTES, 32, 32) },
    /* Processes and signals. */
    { "wstatus", show_wait_status, 0, 0, DONE(TAKE_BYTES, 4, 4) },
    { "waited", show_waited, 0, 0, { 0 } },
    { "siginfo", show_wait_info, NATIVE, 0, DONE(TAKE_BYTES, 48, 48) },
    { "clone3", show_clone3, 0, 0, ENTERED(TAKE_BYTES, 64, 64) },
    { "prctlarg", show_prctl, 0, 0, BOTH(TAKE_STRING, 0, 15) },
    { "prctlcap", show_prctl_more, 0, 0, { 0 } },
    { "archarg", show_arch_prctl, NATIVE, 0, DONE(TAKE_BYTES, 8, 8) },
    { "ioprio", show_io_priority, 0, 0, { 0 } },
    { "policyout", show_memory_policy, 0, 0, DONE(TAKE_BYTES, 4, 4) },
    { "nodes", show_processors, BY, 0, ENTERED(TAKE_BITS, 0, 128) },
    { "nodesout", show_processors, BY, 0, DONE(TAKE_BITS, 0, 128) },
    { "scheduling", show_scheduling, 0, 0, ENTERED(TAKE_BYTES, 48, 48) },
    { "schedulingout", show_scheduling, 0, 0, DONE(TAKE_BYTES, 48, 48) },
    { "limits", show_limits, NATIVE, 0, ENTERED(TAKE_BYTES, 16, 16) },
    { "limitsout", show_limits, NATIVE, 0, DONE(TAKE_BYTES, 16, 16) },
    { "usage", show_usage, NATIVE, 0, DONE(TAKE_BYTES, 32, 32) },
    { "action", show_action, NATIVE, 0, ENTERED(TAKE_BYTES, 32, 32) },
    { "actionout", show_action, NATIVE, 0, DONE(TAKE_BYTES, 32, 32) },
    { "stack", show_signal_stack, NATIVE, 0, ENTERED(TAKE_BYTES, 24, 24) },
    { "stackout", show_signal_stack, NATIVE, 0, DONE(TAKE_BYTES, 24, 24) },
    { "sigevent", show_signal_event, NATIVE, 0, ENTERED(TAKE_BYTES, 32, 32) },
    { "signals", show_signals, 0, 0, ENTERED(TAKE_BYTES, 8, 8) },
    { "signalsout", show_signals, 0, 0, DONE(TAKE_BYTES, 8, 8) },
    { "processors", show_processors, BY, 0, ENTERED(TAKE_COUNTED, 1, 128) },
    { "processorsout", show_processors, 0, 0, DONE(TAKE_RETURNED, 1, 128) },
    { "ints", show_ints, BY, 0, ENTERED(TAKE_COUNTED, 4, 64) },
    { "intsout", show_ints, 0, 0, DONE(TAKE_RETURNED, 4, 64) },
    { "intat", show_ints, 0, 0, ENTERED(TAKE_BYTES, 4, 4) },
    { "intatout", show_ints, 0, 0, DONE(TAKE_BYTES, 4, 4) },
    { "sentout", show_sent, NATIVE, 0, DONE(TAKE_BYTES, 32, 32) },
    { "sent", show_sent, NATIVE, 0, ENTERED(TAKE_BYTES, 32, 32) },
    { "capheader", show_capabilities, 0, 0, ENTERED(TAKE_BYTES, 8, 8) },
    { "caps", show_capability_sets, 0, 0, ENTERED(TAKE_BYTES, 24, 24) },
    { "capsout", show_capability_sets, 0, 0, DONE(TAKE_BYTES, 24, 24) },
    { "bpfattr", show_bpf, 0, 0, ENTERED(TAKE_BYTES, 16, 16) },
    { "perf", show_perf, 0, 0, ENTERED(TAKE_BYTES, 16, 16) },
    { "ruleset", show_ruleset, BY, 0, ENTERED(TAKE_COUNTED, 1, 24) },
    { "rule", show_rule, 0, 0, ENTERED(TAKE_BYTES, 16, 16) },
    { "spent", show_spent, NATIVE, 0, DONE(TAKE_BYTES, 32, 32) },
    { "system", show_system, 0, 0, DONE(TAKE_BYTES, 260, 260) },
    { "sysinfo", show_sysinfo, NATIVE, 0, DONE(TAKE_BYTES, 112, 112) },
};
/* clang-format on */

static const struct kind *find_kind(const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].name[0] == word[0] && strncmp(kinds[i].name, word, length) == 0 && kinds[i].name[length] == '\0')
            return &kinds[i];
    }
    return NULL;
}

static void add_take(struct call_rule *rule, const struct kind *kind, unsigned index, unsigned by, struct kept kept)
{
    struct call_take take = kind->take;
    bool is_buffer = kind->flags & CONTENTS && (take.what == TAKE_COUNTED || take.what == TAKE_RETURNED);
    if (take.what == TAKE_NOTHING || rule->takes == RULE_TAKES || (is_buffer && !kept.contents))
        return;
    take.argument = (unsigned char)index;
    take.by = (unsigned char)by;
    if (is_buffer)
        take.most = (unsigned short)kept.contents;
    else if (kind->flags & CONTENTS)
        take.unit = (unsigned short)kept.contents;
    else if (take.what == TAKE_COUNT && kept.environments)
        take.what = TAKE_ENVIRONMENT;
    rule->take[rule->takes++] = take;
}

bool arguments_read(const char *text, struct argument *arguments, struct call_rule *rule, struct kept kept, bool native)
{
    for (unsigned index = 0; *text && index < ARGUMENTS; index++) {
        if (*text == '=') {
            index = CALL_ARGS;
            text += 2;
        }
        char group[32] = "";
        size_t length = strcspn(text, " "), name = strcspn(text, " :");
        const struct kind *kind = find_kind(text, name);
        if (!kind)
            return false;
        if (name < length && length - name <= sizeof group) {
            memcpy(group, text + name + 1, length - name - 1);
            group[length - name - 1] = '\0';
        }
        struct argument *argument = &arguments[index];
        *argument = (struct argument){ kind->show, NULL, kind->argument_flags };
        if (kind->flags & WORDS && !(argument->words = words_find(group)))
            return false;
        if (native || !(kind->flags & NATIVE))
            add_take(rule, kind, index, kind->flags & BY ? (unsigned)(group[0] - '0') : 0, kept);
        text += length + (text[length] == ' ');
    }
    return true;
}
