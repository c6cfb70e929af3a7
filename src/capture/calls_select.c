/* Which calls are wanted, according to -e; see calls.h. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "../base/calls/call_categories.h"
#include "calls.h"

/* strace's classes, beyond what the table of shapes knows: names of calls, separated by spaces. */
static const struct {
    const char *name, *calls;
} classes[] = {
    { "net",
      "socket socketpair bind connect listen accept accept4 getsockname getpeername getsockopt setsockopt sendto "
      "recvfrom sendmsg recvmsg sendmmsg recvmmsg recvmmsg_time64 shutdown send recv socketcall" },
    { "process", "fork vfork clone clone3 execve execveat exit exit_group wait4 waitid waitpid kill tkill tgkill "
                 "rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal" },
    { "ipc",
      "msgget msgsnd msgrcv msgctl semget semop semctl semtimedop semtimedop_time64 shmget shmat shmdt shmctl ipc" },
};
/* Calls that strace counts among those with descriptors although our shapes have no such argument. */
static const char desc[] = "poll ppoll select pselect6 _newselect ppoll_time64 pselect6_time64 fanotify_mark "
                           "io_uring_enter io_uring_register open_by_handle_at mount_setattr";

static const struct {
    const char *alias, *name;
} aliases[] = { { "network", "net" }, { "descriptors", "desc" } };

enum word_kind { WORD_CALL, WORD_CATEGORY, WORD_CLASS, WORD_PATTERN };

/* One word of the list, parsed. */
struct choice {
    char text[64]; /* without the characters that mark its kind */
    enum word_kind kind;
    bool excludes;
    enum trace_category category;
    regex_t pattern;
};

static bool has_argument(const struct call *call, unsigned flag)
{
    for (unsigned i = 0; i < CALL_ARGS; i++) {
        if (call->arguments[i].flags & flag)
            return true;
    }
    return false;
}

static bool is_class(const char *name)
{
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (strcmp(classes[i].name, name) == 0)
            return true;
    }
    return call_listed("file desc signal memory", name);
}

static bool is_in_class(const char *class, const struct call *call)
{
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (strcmp(classes[i].name, class) == 0)
            return call_listed(classes[i].calls, call->name);
    }
    if (strcmp(class, "file") == 0)
        return has_argument(call, ARGUMENT_PATH);
    if (strcmp(class, "desc") == 0)
        return has_argument(call, ARGUMENT_DESCRIPTOR) ||
               (call->shape->effect != FD_NONE && call->shape->effect != FD_MOVES &&
                call->shape->effect != FD_UNSHARES) ||
               call_listed(desc, call->name);
    if (strcmp(class, "signal") == 0)
        return call->category == TRACE_SIGNAL;
    return call->category == TRACE_MEMORY && !call_listed("shmget shmat shmdt shmctl", call->name);
}

/* "%net" or, since no category has that name, "net"; "/^open/"; "file"; "openat". False for anything else. */
static bool sort_word(struct choice *word)
{
    size_t length = strlen(word->text);
    bool marked = word->text[0] == '%';
    if (length > 1 && word->text[0] == '/') {
        size_t end = word->text[length - 1] == '/' && length > 2 ? length - 1 : length;
        memmove(word->text, word->text + 1, end - 1);
        word->text[end - 1] = '\0';
        word->kind = WORD_PATTERN;
        return regcomp(&word->pattern, word->text, REG_EXTENDED | REG_NOSUB) == 0;
    }
    memmove(word->text, word->text + marked, length + 1 - marked);
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        if (strcmp(aliases[i].alias, word->text) == 0)
            snprintf(word->text, sizeof word->text, "%s", aliases[i].name);
    }
    word->kind = WORD_CLASS;
    if (marked)
        return is_class(word->text);
    word->kind = trace_category_parse(word->text, &word->category) ? WORD_CATEGORY
                 : is_class(word->text)                            ? WORD_CLASS
                                                                   : WORD_CALL;
    return true;
}

static void end_word(struct choice *word)
{
    if (word->kind == WORD_PATTERN)
        regfree(&word->pattern);
}

/* Takes the first word off a list. False if there is none, or it is of no known kind. */
static bool next_word(const char **list, struct choice *word)
{
    size_t length = strcspn(*list, ",");
    const char *begin = *list + (**list == '!');
    size_t bytes = length - (size_t)(begin - *list);
    *word = (struct choice){ .excludes = **list == '!' };
    *list += length + ((*list)[length] == ',');
    if (bytes == 0 || bytes >= sizeof word->text)
        return false;
    memcpy(word->text, begin, bytes);
    bool sorted = sort_word(word);
    if (!sorted)
        word->kind = WORD_CALL; /* there is nothing to free */
    return sorted;
}

/* "451", "syscall_451": this number in every table. */
static bool names_call(const struct choice *word, const struct call *call, unsigned number)
{
    const char *digits = word->text + (strncmp(word->text, "syscall_", 8) == 0 ? 8 : 0);
    if (call->name && strcmp(call->name, word->text) == 0)
        return true;
    return *digits && digits[strspn(digits, "0123456789")] == '\0' && strtoul(digits, NULL, 10) == number;
}

static bool matches(const struct choice *word, const struct call *call, unsigned number)
{
    switch (word->kind) {
    case WORD_CATEGORY:
        return call->category == word->category;
    case WORD_CLASS:
        return call->name && is_in_class(word->text, call);
    case WORD_PATTERN:
        return call->name && regexec(&word->pattern, call->name, 0, NULL, 0) == 0;
    default:
        return names_call(word, call, number);
    }
}

/* False if it matched no call and is not a category. */
static bool apply(struct calls *calls, const struct choice *word)
{
    bool found = word->kind == WORD_CATEGORY;
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        struct call *call = &calls->table[i];
        if (!call->shape || !matches(word, call, i % RULE_NUMBERS))
            continue;
        found = true;
        call->rule.flags &= (unsigned char)~RULE_WANTED;
        call->rule.flags |= word->excludes ? 0 : RULE_WANTED;
    }
    if (word->kind == WORD_CATEGORY && word->excludes)
        calls->categories &= ~TRACE_MASK(word->category);
    else if (word->kind == WORD_CATEGORY)
        calls->categories |= TRACE_MASK(word->category);
    return found;
}

static bool includes_any(const char *list)
{
    while (*list) {
        if (*list != '!')
            return true;
        list += strcspn(list, ",");
        list += *list == ',';
    }
    return false;
}

/* ---------------------------------------------------------------- suggestions */

#define NAME_MAX_BYTES 32
#define NEAR_MAX 3 /* suggestions, and characters by which they may differ */

/* The number of insertions, deletions and substitutions; V. Levenshtein, 1966. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[NAME_MAX_BYTES + 1];
    size_t columns = strlen(b);
    if (columns > NAME_MAX_BYTES)
        return UINT32_MAX;
    for (unsigned i = 0; i <= columns; i++)
        row[i] = i;
    for (unsigned line = 1; a[line - 1]; line++) {
        unsigned above_left = row[0];
        row[0] = line;
        for (size_t i = 1; i <= columns; i++) {
            unsigned above = row[i], exchanged = above_left + (a[line - 1] != b[i - 1]);
            unsigned added = (above < row[i - 1] ? above : row[i - 1]) + 1;
            row[i] = exchanged < added ? exchanged : added;
            above_left = above;
        }
    }
    return row[columns];
}

/* Adds "; did you mean open, openat?" with the most similar names of calls, if any are similar. */
static void suggest(const struct calls *calls, const char *wrong, struct tracer_message *message)
{
    const char *near[NEAR_MAX] = { NULL };
    unsigned count = 0;
    const size_t half = strlen(wrong) / 2;
    for (unsigned allowed = 1; allowed <= NEAR_MAX && allowed <= half; allowed++) {
        for (unsigned i = 0; i < RULE_NUMBERS && count < NEAR_MAX; i++) {
            const char *name = calls->table[i].name;
            if (name && distance(wrong, name) == allowed)
                near[count++] = name;
        }
    }
    for (unsigned i = 0; i < count; i++) {
        size_t used = strlen(message->text);
        snprintf(message->text + used, sizeof message->text - used, "%s%s%s", i ? ", " : "; did you mean ", near[i],
                 i + 1 == count ? "?" : "");
    }
}

static bool refuse(const struct calls *calls, const char *at, struct tracer_message *message)
{
    char word[64];
    at += *at == '!';
    snprintf(word, sizeof word, "%.*s", (int)strcspn(at, ","), at);
    if (word[0] == '/')
        snprintf(message->text, sizeof message->text, "-e: %s is no regular expression that matches a call", word);
    else if (word[0] == '%')
        snprintf(message->text, sizeof message->text,
                 "-e: %s is not one of %%file, %%desc, %%net, %%process, %%signal, %%ipc, %%memory", word);
    else
        snprintf(message->text, sizeof message->text, "-e: %s is neither a category nor a system call", word);
    suggest(calls, word, message);
    return false;
}

/* ------------------------------------------------------------------ selecting */

static bool apply_all(struct calls *calls, const char *list, bool excluding, struct tracer_message *message)
{
    struct choice word;
    while (*list) {
        const char *begin = list;
        bool sound = next_word(&list, &word);
        bool done = sound && (word.excludes != excluding || apply(calls, &word));
        end_word(&word);
        if (!done)
            return refuse(calls, begin, message);
    }
    return true;
}

/* Calls that change descriptors and directories are followed even if they are not shown, if any shown call needs
 * that. */
static void follow_files(struct calls *calls)
{
    bool shows_any = false;
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        const struct call *call = &calls->table[i];
        shows_any |= call->rule.flags & RULE_WANTED && has_argument(call, ARGUMENT_PATH | ARGUMENT_DESCRIPTOR);
    }
    for (unsigned i = 0; shows_any && i < RULE_COUNT; i++) {
        struct call *call = &calls->table[i];
        const enum fd_effect effect = call->name ? call->shape->effect : FD_NONE;
        if (effect != FD_NONE && effect != FD_BINDS && !(call->rule.flags & RULE_WANTED))
            call->rule.flags |= RULE_WANTED | RULE_UNSEEN;
    }
}

bool calls_select(struct calls *calls, const char *filter, struct tracer_message *message)
{
    if (strncmp(filter, "trace=", 6) == 0) /* strace's form */
        filter += 6;
    if (*filter == '\0') {
        snprintf(message->text, sizeof message->text, "-e: nothing to record");
        return false;
    }
    calls->all = false;
    calls_describe_all(calls);
    if (includes_any(filter)) {
        calls->categories = 0;
        for (unsigned i = 0; i < RULE_COUNT; i++)
            calls->table[i].rule.flags &= (unsigned char)~RULE_WANTED;
    }
    if (!apply_all(calls, filter, false, message) || !apply_all(calls, filter, true, message))
        return false;
    follow_files(calls);
    return true;
}
