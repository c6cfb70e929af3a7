/*
 * What becomes of an event's args: the detail that our own export writes, or arguments, which stay JSON.
 */
#ifndef RINGSCOPE_CHROME_ARGS_H
#define RINGSCOPE_CHROME_ARGS_H

#include "../timeline.h"
#include "chrome_text.h"

/* Both as one object, appended to the buffer; what is no object becomes its member "args". Without a NUL. Either may
 * be none. False without memory. */
bool args_join(struct buffer *to, const struct token *first, const struct token *second);

/* A member `"key":value` appended to the object that is in the buffer, which may be empty. False without memory. */
bool args_add(struct buffer *to, const char *key, const struct token *value);

/* None, or nothing but spaces between the braces. */
bool args_are_empty(const struct token *args);

#endif
