/*
 * An event's args: the detail that our own export writes, or arguments, which stay JSON.
 */
#ifndef RINGSCOPE_CHROME_ARGS_H
#define RINGSCOPE_CHROME_ARGS_H

#include "../timeline.h"
#include "chrome_text.h"

/* Appends both to the buffer as one object; anything but an object becomes its member "args". Without a NUL. Either may
 * be missing. False without memory. */
bool args_join(struct buffer *to, const struct token *first, const struct token *second);

/* Appends a member `"key":value` to the object in the buffer, which may be empty. False without memory. */
bool args_add(struct buffer *to, const char *key, const struct token *value);

/* Missing, or only spaces between the braces. */
bool args_are_empty(const struct token *args);

#endif
