/* Numbers ids. */
#include "chrome_id.h"

#include <string.h>

#define PART_END '\xff' /* after each part: no UTF-8 has it */

/* An id with hexadecimal digits is the same in each form: "0x1F", "0x001f". Others are compared as text, as in Chrome's
 * own viewer: "31" is the same as 31, and not as "0x1f". */
static bool add_part(struct buffer *joined, const struct token *part)
{
    const char *at = part->at;
    const size_t start = joined->used;
    size_t bytes = at ? part->bytes : 0;
    const bool hexadecimal = bytes > 2 && at[0] == '0' && (at[1] == 'x' || at[1] == 'X');
    for (; hexadecimal && bytes > 3 && at[2] == '0'; bytes--)
        at++;
    if (text_add(joined, at, bytes) == UINT32_MAX)
        return false;
    if (hexadecimal)
        memcpy(joined->bytes + start, "0x", 2);
    for (size_t i = start + 2; hexadecimal && i < start + bytes; i++)
        if (joined->bytes[i] >= 'A' && joined->bytes[i] <= 'F')
            joined->bytes[i] = (char)(joined->bytes[i] + ('a' - 'A'));
    joined->bytes[joined->used - 1] = PART_END;
    return true;
}

uint32_t chrome_joined_id(struct chrome_events *events, struct interned *ids, const struct token *const *parts,
                          size_t count)
{
    events->joined.used = 0;
    for (size_t i = 0; i < count; i++)
        if (!add_part(&events->joined, parts[i]))
            return UINT32_MAX;
    return interned_id(ids, events->joined.bytes, events->joined.used);
}
