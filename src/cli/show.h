/*
 * How things are shown to people: times, sizes, names, tables, colours.
 */
#ifndef RINGSCOPE_CLI_SHOW_H
#define RINGSCOPE_CLI_SHOW_H

#include "cli.h"

/* Three digits and a unit, because percentiles are no more exact: "1.23ms", "12.3us", "850ns". */
struct shown {
    char text[24];
};
struct shown format_ns(double ns);
struct shown format_bytes(uint64_t bytes);
struct shown format_count(uint64_t count);

/* Prints text of an image, or the name of a file, made safe by base/printable.h. */
void show_text(const char *text, FILE *file);

/* "FILE, IPC"; "all categories". */
void show_categories(uint32_t mask, FILE *file);

/* The escape sequence if standard output is a terminal that wants colours, else "". */
enum show_style { SHOW_PLAIN, SHOW_BOLD, SHOW_DIM, SHOW_RED };
const char *show_style(enum show_style style);

#endif
