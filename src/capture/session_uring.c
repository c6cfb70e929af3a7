/* Turns operations of io_uring into spans that overlap with calls; see session.h. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "core/external.h"
#include "session_parts.h"
#include "show.h"
#include "words/words.h"

#define URING_ID (1ull << 41) /* plus its number: each operation has its own async id */
#define FIXED_FILE 1u /* of the entry's flags: the descriptor is an index of registered files */
#define AT_POSITION UINT64_MAX /* as an offset: the file's current position */

/* The operation's own word, "read"; "operation 77" if the headers do not know it yet. */
static void find_word(char *word, size_t size, unsigned number)
{
    static const char prefix[] = "IORING_OP_";
    const struct words *words = words_find("uring_operation");
    const char *name = words ? words_name(words, number) : NULL;
    if (name && strncmp(name, prefix, sizeof prefix - 1) == 0)
        snprintf(word, size, "%s", name + sizeof prefix - 1);
    else
        snprintf(word, size, "operation %u", number);
    for (char *at = word; *at; at++)
        *at = (char)tolower((unsigned char)*at);
}

/* The call that does the same; if there is none, the one that submits it. */
static const char *call_like(const char *word)
{
    static const char *const like[][2] = {
        { "read_fixed", "read" },     { "write_fixed", "write" }, { "readv_fixed", "readv" },
        { "writev_fixed", "writev" }, { "recv", "recvfrom" },     { "send", "sendto" },
        { "read_multishot", "read" }, { "send_zc", "sendto" },    { "sendmsg_zc", "sendmsg" },
        { "recv_zc", "recvfrom" },    { "poll_add", "poll" },     { "fadvise", "fadvise64" },
    };
    for (size_t i = 0; i < sizeof like / sizeof like[0]; i++) {
        if (strcmp(like[i][0], word) == 0)
            return like[i][1];
    }
    return word;
}

static const struct call *find_call(struct calls *calls, const char *name)
{
    for (unsigned number = 0; number < RULE_NUMBERS - 1; number++) {
        const struct call *call = calls_find(calls, ABI_NATIVE, number);
        if (call->name && strcmp(call->name, name) == 0)
            return call;
    }
    return NULL;
}

static const struct uring_operation *operation_of(struct session *session, unsigned number)
{
    struct uring_operation *operation = &session->uring[number & (URING_OPERATIONS - 1)];
    char name[sizeof operation->word + 16];
    if (operation->call)
        return operation;
    find_word(operation->word, sizeof operation->word, number);
    snprintf(name, sizeof name, "io_uring %s", operation->word);
    operation->name = external_name(session->tracer, name);
    operation->operation_id = external_operation(session->tracer, name);
    operation->call = find_call(session->calls, call_like(operation->word));
    if (!operation->call)
        operation->call = find_call(session->calls, "io_uring_enter");
    return operation->call ? operation : NULL;
}

/* --------------------------------------------------------------------- detail */

static bool is_one_of(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += length) {
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    }
    return false;
}

static bool has_descriptor(const char *word)
{
    return !is_one_of(
        "nop timeout timeout_remove async_cancel link_timeout files_update provide_buffers remove_buffers "
        "madvise socket waitid futex_wait futex_wake futex_waitv pipe poll_remove nop128",
        word);
}

static void add_file(struct detail *detail, const char *word, const struct kernel_event *event, const struct task *task)
{
    int64_t fd = (int32_t)event->args[URING_FD];
    if (!has_descriptor(word) || fd == AT_FDCWD)
        return;
    if (event->args[URING_FLAGS] & FIXED_FILE)
        detail_format(detail, "registered file %lld", (long long)fd);
    else
        add_descriptor(detail, fd, task);
}

static void add_size(struct detail *detail, const char *word, const struct kernel_event *event)
{
    bool positioned = is_one_of("read write readv writev read_fixed write_fixed", word);
    if (is_one_of("read write read_fixed write_fixed send recv send_zc", word))
        detail_format(detail, ", %llu bytes", (unsigned long long)event->args[URING_BYTES]);
    else if (is_one_of("readv writev", word))
        detail_format(detail, ", %llu vectors", (unsigned long long)event->args[URING_BYTES]);
    if (positioned && event->args[URING_OFFSET] != AT_POSITION)
        detail_format(detail, " at %llu", (unsigned long long)event->args[URING_OFFSET]);
}

static void describe(struct detail *detail, const char *word, const struct kernel_event *event, const struct task *task)
{
    detail->bytes = 0;
    add_file(detail, word, event, task);
    add_size(detail, word, event);
    detail_add(detail, detail->bytes ? " = " : "= ");
    const char *error = event_failed(event) ? strerrorname_np((int)-event->result) : NULL;
    if (event->flags & EVENT_NO_RETURN)
        detail_add(detail, "? (no completion seen)");
    else if (error)
        detail_format(detail, "-1 %s", error);
    else
        detail_add_number(detail, event->result);
}

/* --------------------------------------------------------------------- events */

static bool takes_descriptor(const struct selection *selection, const char *word, const struct kernel_event *event)
{
    if (!has_descriptor(word) || event->args[URING_FLAGS] & FIXED_FILE)
        return false;
    for (unsigned i = 0; i < selection->fd_count; i++) {
        if (selection->fds[i] == (uint32_t)event->args[URING_FD])
            return true;
    }
    return false;
}

/* By the name of its descriptor. Paths that operations take themselves are not known. */
static enum selected takes_path(const struct selection *selection, const char *word, const struct kernel_event *event,
                                const struct task *task)
{
    if (!has_descriptor(word))
        return SELECTED_NOT;
    if (is_one_of("openat openat2 statx unlinkat renameat mkdirat symlinkat linkat setxattr getxattr", word) ||
        event->args[URING_FLAGS] & FIXED_FILE)
        return SELECTED_UNSURE;
    const char *name = files_name(task->files, (int32_t)event->args[URING_FD]);
    if (!name)
        return event->result == -EBADF ? SELECTED_NOT : SELECTED_UNSURE;
    enum path_match match = paths_name(selection->paths, name);
    return match == PATH_MATCHES ? SELECTED : match == PATH_GONE ? SELECTED_UNSURE : SELECTED_NOT;
}

/* Selects operations the way calls are selected. */
static enum selected takes(const struct selection *selection, const char *word, const struct kernel_event *event,
                           const struct task *task)
{
    bool failed = event_failed(event), returned = !(event->flags & EVENT_NO_RETURN);
    if ((selection->ok && (failed || !returned)) || (selection->failed && !failed) ||
        event->duration_ns < selection->slower_ns || (selection->fd_count && !takes_descriptor(selection, word, event)))
        return SELECTED_NOT;
    return selection->paths ? takes_path(selection, word, event, task) : SELECTED;
}

/* Forgets the file of a descriptor that is closed, or that is new and has no name yet. */
static void follow_files(const struct task *task, const char *word, const struct kernel_event *event)
{
    if (event_failed(event) || event->flags & EVENT_NO_RETURN || event->args[URING_FILE_INDEX])
        return;
    if (strcmp(word, "close") == 0)
        files_close(task->files, (int32_t)event->args[URING_FD]);
    else if (is_one_of("openat openat2 accept socket", word))
        files_close(task->files, event->result);
}

static void count(struct session *session, const struct uring_operation *operation, const struct kernel_event *event)
{
    unsigned flags = operation->call->shape->flags;
    if (event->flags & EVENT_NO_RETURN) {
        session->unreturned++;
        return;
    }
    external_count(session->tracer, operation->operation_id, event->duration_ns, !event_failed(event));
    if (event->result > 0 && flags & (CALL_READS | CALL_WRITES))
        tracer_io(session->tracer, flags & CALL_READS ? (uint64_t)event->result : 0,
                  flags & CALL_WRITES ? (uint64_t)event->result : 0);
}

static void show(struct session *session, const struct uring_operation *operation, const struct kernel_event *event,
                 const struct task *task)
{
    describe(&session->detail, operation->word, event, task);
    count(session, operation, event);
    const struct external_event recorded = { .start_ns = event->time_ns,
                                             .duration_ns = event->duration_ns,
                                             .detail = session->detail.text,
                                             .detail_bytes = session->detail.bytes,
                                             .name = operation->name,
                                             .track = task->track,
                                             .category = operation->call->category,
                                             .kind = TRACE_KIND_SPAN,
                                             .failed = event_failed(event),
                                             .async_id = URING_ID | ++session->uring_operations };
    external_record(session->tracer, &recorded);
}

void session_take_uring(struct session *session, const struct kernel_event *event)
{
    const struct uring_operation *operation = operation_of(session, event->number);
    struct task *task = tasks_find(&session->tasks, event->tid);
    /* A thread that has ended is not found any more when operations are cancelled, nor is the kernel's that polls a
     * queue: their track is reported in the event, and their files are the process's. */
    struct task absent = { .tid = event->tid };
    if (!operation)
        return;
    if (!task) {
        const struct task *leader = tasks_find(&session->tasks, event->pid);
        absent.track = tracer_add_track(session->tracer, event->pid, event->tid, NULL);
        absent.files = leader ? leader->files : NULL;
        task = &absent;
    }
    if (call_seen(operation->call)) {
        enum selected selected = takes(&session->selection, operation->word, event, task);
        session->left_out += selected != SELECTED;
        session->unsure += selected == SELECTED_UNSURE;
        if (selected == SELECTED)
            show(session, operation, event, task);
    }
    follow_files(task, operation->word, event);
}
