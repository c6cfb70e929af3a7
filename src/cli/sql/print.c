/* Prints rows as they come: a table knows the widths of its first rows only. */
#include "print.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../base/printable.h"
#include "../../base/utf8.h"
#include "../../export/json.h"
#include "../../export/shortest.h"
#include "../show.h"

#define ROWS_MEASURED 1000 /* kept until their widths are known */
#define CELL_COLUMNS_MAX 100 /* longer cells do not widen their column */

struct sql_printer {
    sqlite3_stmt *statement;
    FILE *out;
    enum sql_format format;
    int columns;
    uint64_t rows;
    int *widths; /* of a table, whose rows are kept in cells until these are known */
    bool *left; /* of a table: left-aligned columns, for texts */
    struct buffer cells; /* one after the other, NUL-terminated */
    struct buffer valid;
    bool known;
    bool terminal; /* whether out is one */
};

/* ------------------------------------------------------------------------- values */

struct number_text {
    char text[48];
};

static struct number_text number_of(sqlite3_stmt *statement, int column)
{
    struct number_text number;
    double value = sqlite3_column_double(statement, column);
    if (sqlite3_column_type(statement, column) == SQLITE_INTEGER)
        snprintf(number.text, sizeof number.text, "%" PRId64, (int64_t)sqlite3_column_int64(statement, column));
    else if (isfinite(value)) {
        shortest_print(number.text, sizeof number.text - 2, value);
        if (!strpbrk(number.text, ".e")) /* like SQLite, so that it is not taken for an integer */
            memcpy(number.text + strlen(number.text), ".0", 3);
    } else /* like SQLite, so that consumers get the same */
        snprintf(number.text, sizeof number.text, value < 0 ? "-9e999" : "9e999");
    return number;
}

static bool is_number(sqlite3_stmt *statement, int column)
{
    int type = sqlite3_column_type(statement, column);
    return type == SQLITE_INTEGER || type == SQLITE_FLOAT;
}

static const char *blob_text(struct sql_printer *printer, int column)
{
    static const char digits[] = "0123456789ABCDEF";
    const unsigned char *bytes = sqlite3_column_blob(printer->statement, column);
    size_t size = (size_t)sqlite3_column_bytes(printer->statement, column);
    printer->valid.used = 0;
    if (!buffer_reserve(&printer->valid, 2 * size + sizeof "X''"))
        return NULL;
    char *to = printer->valid.bytes;
    *to++ = 'X';
    *to++ = '\'';
    for (size_t i = 0; bytes && i < size; i++) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
    }
    *to++ = '\'';
    *to = '\0';
    return printer->valid.bytes;
}

/* Valid UTF-8; blobs as X'…'. NULL without memory. Valid until the next call. */
static const char *text_of(struct sql_printer *printer, int column)
{
    sqlite3_stmt *statement = printer->statement;
    if (sqlite3_column_type(statement, column) == SQLITE_BLOB)
        return blob_text(printer, column);
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text ? json_valid(&printer->valid, text, (size_t)sqlite3_column_bytes(statement, column)) : NULL;
}

/* --------------------------------------------------------------------------- JSON */

/* Valid UTF-8. */
static void print_json_text(const char *text, FILE *out)
{
    const unsigned char *at = (const unsigned char *)text;
    char escaped[PRINTABLE_JSON_BYTES + 1];
    putc('"', out);
    for (size_t left = strlen(text); left > 0;) {
        size_t hidden = printable_hidden_bytes(at, left), taken = hidden ? hidden : utf8_bytes(at, left);
        if (*at == '"' || *at == '\\')
            putc('\\', out);
        if (hidden) {
            printable_json(escaped, at, hidden);
            fputs(escaped, out);
        } else {
            fwrite(at, 1, taken, out);
        }
        at += taken;
        left -= taken;
    }
    putc('"', out);
}

static bool print_json_name(struct sql_printer *printer, int column)
{
    const char *name = sqlite3_column_name(printer->statement, column);
    name = name ? json_valid(&printer->valid, name, strlen(name)) : NULL;
    if (name)
        print_json_text(name, printer->out);
    return name != NULL;
}

static bool print_json_value(struct sql_printer *printer, int column)
{
    const char *text;
    if (sqlite3_column_type(printer->statement, column) == SQLITE_NULL)
        return fputs("null", printer->out) >= 0;
    if (is_number(printer->statement, column))
        return fputs(number_of(printer->statement, column).text, printer->out) >= 0;
    text = text_of(printer, column);
    if (text)
        print_json_text(text, printer->out);
    return text != NULL;
}

static bool print_json(struct sql_printer *printer)
{
    fputs(printer->rows == 0 ? "[{" : ",\n{", printer->out);
    for (int i = 0; i < printer->columns; i++) {
        if (i > 0)
            putc(',', printer->out);
        if (!print_json_name(printer, i))
            return false;
        putc(':', printer->out);
        if (!print_json_value(printer, i))
            return false;
    }
    putc('}', printer->out);
    return true;
}

/* ---------------------------------------------------------------------------- CSV */

/* Data is copied unchanged; only a terminal must not receive hidden bytes. */
static void print_csv_text(const struct sql_printer *printer, const char *text)
{
    bool quoted = !text[0] || strpbrk(text, ",\"\r\n"); /* quotes an empty text, to distinguish it from NULL */
    if (quoted)
        putc('"', printer->out);
    while (*text) {
        size_t size = strcspn(text, "\"\n\t");
        if (printer->terminal)
            printable_put(text, size, printer->out);
        else
            fwrite(text, 1, size, printer->out);
        text += size;
        if (*text == '"')
            putc('"', printer->out);
        if (*text)
            putc(*text++, printer->out);
    }
    if (quoted)
        putc('"', printer->out);
}

static bool print_csv(struct sql_printer *printer)
{
    for (int i = 0; i < printer->columns; i++) {
        if (i > 0)
            putc(',', printer->out);
        if (sqlite3_column_type(printer->statement, i) == SQLITE_NULL)
            continue;
        const char *text = text_of(printer, i);
        if (is_number(printer->statement, i))
            fputs(number_of(printer->statement, i).text, printer->out);
        else if (text)
            print_csv_text(printer, text);
        else
            return false;
    }
    fputs("\r\n", printer->out);
    return true;
}

static bool print_csv_names(struct sql_printer *printer)
{
    for (int i = 0; i < printer->columns; i++) {
        const char *name = sqlite3_column_name(printer->statement, i);
        name = name ? json_valid(&printer->valid, name, strlen(name)) : NULL;
        if (!name)
            return false;
        if (i > 0)
            putc(',', printer->out);
        print_csv_text(printer, name);
    }
    fputs("\r\n", printer->out);
    return true;
}

/* -------------------------------------------------------------------------- table */

/* The width on a terminal, where a hidden byte is shown as \xNN. */
static int width_of(const char *text)
{
    int width = 0;
    for (size_t left = strlen(text); left > 0 && width < CELL_COLUMNS_MAX;) {
        const unsigned char *bytes = (const unsigned char *)text;
        size_t hidden = printable_hidden_bytes(bytes, left), taken = hidden ? hidden : utf8_bytes(bytes, left);
        width += hidden ? 4 * (int)hidden : 1;
        text += taken;
        left -= taken;
    }
    return width;
}

static void print_cell(const struct sql_printer *printer, int column, const char *text, bool left)
{
    int space = printer->widths[column] - width_of(text);
    bool last = column == printer->columns - 1;
    if (column > 0)
        fputs("  ", printer->out);
    if (!left)
        fprintf(printer->out, "%*s", space > 0 ? space : 0, "");
    show_text(text, printer->out);
    if (left && !last)
        fprintf(printer->out, "%*s", space > 0 ? space : 0, "");
    if (last)
        putc('\n', printer->out);
}

static bool keep(struct sql_printer *printer, const char *text)
{
    size_t size = strlen(text) + 1;
    if (!buffer_reserve(&printer->cells, size))
        return false;
    memcpy(printer->cells.bytes + printer->cells.used, text, size);
    printer->cells.used += size;
    return true;
}

static void print_kept(struct sql_printer *printer)
{
    const char *cell = printer->cells.bytes;
    const char *end = cell ? cell + printer->cells.used : NULL; /* if the statement failed, nothing was kept */
    fputs(show_style(SHOW_BOLD), printer->out);
    for (int i = 0; cell != end; i++, cell += strlen(cell) + 1) {
        print_cell(printer, i % printer->columns, cell, printer->left[i % printer->columns]);
        if (i == printer->columns - 1)
            fputs(show_style(SHOW_PLAIN), printer->out);
    }
    printer->known = true;
    buffer_free(&printer->cells);
}

static bool print_table(struct sql_printer *printer)
{
    for (int i = 0; i < printer->columns; i++) {
        bool number = is_number(printer->statement, i);
        bool null = sqlite3_column_type(printer->statement, i) == SQLITE_NULL;
        struct number_text as_number = { "" };
        if (number)
            as_number = number_of(printer->statement, i);
        const char *text = number || null ? as_number.text : text_of(printer, i);
        if (!text)
            return false;
        if (printer->known) {
            print_cell(printer, i, text, printer->left[i]);
            continue;
        }
        if (!keep(printer, text))
            return false;
        int width = width_of(text);
        printer->widths[i] = width > printer->widths[i] ? width : printer->widths[i];
        printer->left[i] = printer->left[i] || !(number || null);
    }
    if (!printer->known && printer->rows + 1 == ROWS_MEASURED)
        print_kept(printer);
    return true;
}

static bool keep_names(struct sql_printer *printer)
{
    printer->widths = calloc((size_t)printer->columns + 1, sizeof *printer->widths);
    printer->left = calloc((size_t)printer->columns + 1, sizeof *printer->left);
    for (int i = 0; printer->widths && printer->left && i < printer->columns; i++) {
        const char *name = sqlite3_column_name(printer->statement, i);
        if (!name || !keep(printer, name))
            return false;
        printer->widths[i] = width_of(name);
    }
    return printer->widths && printer->left;
}

/* -------------------------------------------------------------------------- whole */

static void destroy(struct sql_printer *printer)
{
    buffer_free(&printer->cells);
    buffer_free(&printer->valid);
    free(printer->widths);
    free(printer->left);
    free(printer);
}

struct sql_printer *sql_print_begin(sqlite3_stmt *statement, enum sql_format format, FILE *out)
{
    struct sql_printer *printer = calloc(1, sizeof *printer);
    if (!printer)
        return NULL;
    *printer = (struct sql_printer){ .statement = statement,
                                     .format = format,
                                     .out = out,
                                     .columns = sqlite3_column_count(statement),
                                     .terminal = isatty(fileno(out)) };
    if (format == SQL_JSON || (format == SQL_CSV ? print_csv_names(printer) : keep_names(printer)))
        return printer;
    destroy(printer);
    return NULL;
}

bool sql_print_row(struct sql_printer *printer)
{
    static bool (*const prints[])(
        struct sql_printer * printer) = { [SQL_TABLE] = print_table, [SQL_CSV] = print_csv, [SQL_JSON] = print_json };
    bool ok = prints[printer->format](printer);
    printer->rows++;
    return ok && !ferror(printer->out);
}

bool sql_print_end(struct sql_printer *printer)
{
    if (printer->format == SQL_TABLE && !printer->known)
        print_kept(printer);
    if (printer->format == SQL_JSON)
        fputs(printer->rows == 0 ? "[]\n" : "]\n", printer->out);
    bool ok = !ferror(printer->out);
    destroy(printer);
    return ok;
}
