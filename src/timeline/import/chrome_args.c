/* Joins JSON objects as text. */
#include "chrome_args.h"

static bool put(struct buffer *to, const char *bytes, size_t size)
{
    if (!buffer_reserve(to, size + 1))
        return false;
    if (size)
        memcpy(to->bytes + to->used, bytes, size);
    to->used += size;
    return true;
}

bool args_are_empty(const struct token *args)
{
    if (token_is_none(args))
        return true;
    return !args->string && args->at[0] == '{' && *skip_spaces(args->at + 1, args->at + args->bytes) == '}';
}

/* The position after the last byte that is not a space. */
static const char *before_spaces(const char *at, const char *end)
{
    while (end > at && is_space(end[-1]))
        end--;
    return end;
}

/* Opens the object, or continues it: the buffer then ends where a member belongs. */
static bool begin_member(struct buffer *to)
{
    if (to->used == 0)
        return put(to, "{", 1);
    to->used--; /* its brace */
    return put(to, ",", 1);
}

bool args_add(struct buffer *to, const char *key, const struct token *value)
{
    if (!value->at)
        return true;
    const char *at = value->string ? value->at - 1 : value->at;
    return begin_member(to) && put(to, "\"", 1) && put(to, key, strlen(key)) && put(to, "\":", 2) &&
           put(to, at, value->bytes + (value->string ? 2 : 0)) && put(to, "}", 1);
}

static bool add_all(struct buffer *to, const struct token *args)
{
    if (args_are_empty(args))
        return true;
    if (args->string || args->at[0] != '{')
        return args_add(to, "args", args);
    const char *first = skip_spaces(args->at + 1, args->at + args->bytes);
    const char *end = before_spaces(first, args->at + args->bytes - 1);
    if (end > first && end[-1] == ',') /* some write this */
        end = before_spaces(first, end - 1);
    return begin_member(to) && put(to, first, (size_t)(end - first)) && put(to, "}", 1);
}

bool args_join(struct buffer *to, const struct token *first, const struct token *second)
{
    return add_all(to, first) && add_all(to, second);
}
