/* The page's demo prints texts and integers only, so the C library's formatting of doubles need not be linked. */
#include <stdarg.h>
#include <stdio.h>

/* Emscripten's C library has it: vfprintf() without doubles. */
int vfiprintf(FILE *file, const char *format, va_list arguments);

/* The linker replaces vfprintf(), which the C library calls for all others, by this (--wrap). */
int __wrap_vfprintf(FILE *file, const char *format, va_list arguments);

int __wrap_vfprintf(FILE *file, const char *format, va_list arguments)
{
    return vfiprintf(file, format, arguments);
}
