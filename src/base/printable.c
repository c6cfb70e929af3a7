/* See printable.h. */
#include "printable.h"

#include "utf8.h"

size_t printable_hidden_bytes(const unsigned char *text, size_t left)
{
    size_t bytes = utf8_bytes(text, left);
    if (bytes <= 1)
        return bytes == 0 || text[0] < 0x20 || text[0] == 0x7F ? 1 : 0;
    if (bytes == 2 && text[0] == 0xC2 && text[1] < 0xA0)
        return 2;
    if (bytes != 3 || text[0] != 0xE2)
        return 0;
    return (text[1] == 0x80 && text[2] >= 0xAA && text[2] <= 0xAE) ||
                   (text[1] == 0x81 && text[2] >= 0xA6 && text[2] <= 0xA9)
               ? 3
               : 0;
}

static unsigned code_point(const unsigned char *text, size_t bytes)
{
    if (bytes == 1)
        return text[0];
    if (bytes == 2)
        return (text[0] & 0x1Fu) << 6 | (text[1] & 0x3Fu);
    return (text[0] & 0x0Fu) << 12 | (text[1] & 0x3Fu) << 6 | (text[2] & 0x3Fu);
}

void printable_json(char to[PRINTABLE_JSON_BYTES + 1], const unsigned char *text, size_t bytes)
{
    snprintf(to, PRINTABLE_JSON_BYTES + 1, "\\u%04x", code_point(text, bytes));
}

void printable_put(const char *text, size_t size, FILE *file)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t at = 0; at < size;) {
        size_t hidden = printable_hidden_bytes(bytes + at, size - at);
        if (hidden == 0) {
            size_t shown = utf8_bytes(bytes + at, size - at);
            fwrite(text + at, 1, shown, file);
            at += shown;
        }
        for (; hidden > 0; hidden--)
            fprintf(file, "\\x%02x", bytes[at++]);
    }
}
