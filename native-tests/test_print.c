/* Events as lines of text: in the specified form, and without any text that a terminal would obey. */
#include "reading.h"

static void check_line(const struct trace_event *event, const char *expected)
{
    struct printed printed;
    printed_begin(&printed);
    assert_int_equal(trace_event_print(event, printed.file), TRACER_OK);
    char *text = printed_end(&printed);
    assert_string_equal(text, expected);
    free(text);
}

static void a_line_of_text_is_that_of_the_contract(void **state)
{
    static const struct trace_event events[] = {
        { .timestamp = 1, .name = "open", .detail = "/etc/passwd", .category = TRACE_FILE },
        { .timestamp = 2.346, .name = "open", .category = TRACE_SCHEDULER },
        { .name = "free", .kind = TRACE_KIND_SAMPLE, .value = 42.5, .category = TRACE_MEMORY },
        { .name = "bad\x1b[31m", .detail = "a\nb\x7f", .category = TRACE_COMPOSITOR },
        { .name = "x", .has = TRACE_DETAIL_LOST },
    };
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    (void)state;
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
        assert_int_equal(trace_event_print(&events[i], file), TRACER_OK);
    fclose(file);
    assert_string_equal(text, "[1.00] FILE open: /etc/passwd\n"
                              "[2.35] SCHED open: \n"
                              "[0.00] MEMORY free: 42.5\n"
                              "[0.00] COMP bad\\x1b[31m: a\\x0ab\\x7f\n"
                              "[0.00] SYSCALL x: (overwritten)\n");
    free(text);
}

static void a_line_has_the_time_in_ms_with_two_decimals(void **state)
{
    (void)state;
    check_line(&(struct trace_event){ .timestamp = 1, .category = TRACE_FILE, .name = "open", .detail = "/etc/passwd" },
               "[1.00] FILE open: /etc/passwd\n");
    check_line(&(struct trace_event){ .timestamp = 123456.789, .category = TRACE_COMPOSITOR, .name = "open" },
               "[123456.79] COMP open: \n");
    check_line(&(struct trace_event){ .category = TRACE_FILE, .name = "", .detail = "" }, "[0.00] FILE : \n");
}

static void no_text_can_end_a_line_or_command_a_terminal(void **state)
{
    char text[] = "a?b";
    char expected[64];
    (void)state;
    for (int byte = 0; byte < 128; byte++) {
        text[1] = (char)byte;
        bool control = byte < 0x20 || byte == 0x7F;
        snprintf(expected, sizeof expected, control ? "[0.00] SYSCALL x: a\\x%02xb\n" : "[0.00] SYSCALL x: a%cb\n",
                 byte);
        check_line(&(struct trace_event){ .name = "x", .detail = text, .detail_size = 3 }, expected);
    }
    check_line(&(struct trace_event){ .name = "new\nline\x1b[2J", .category = TRACE_IPC },
               "[0.00] IPC new\\x0aline\\x1b[2J: \n");
}

static void check_detail(const char *detail, const char *shown)
{
    char expected[128];
    snprintf(expected, sizeof expected, "[0.00] SYSCALL x: %s\n", shown);
    check_line(&(struct trace_event){ .name = "x", .detail = detail }, expected);
}

/* C1 controls, which terminals obey both as bytes and in UTF-8, end before U+00A0. */
static void controls_beyond_ascii_are_shown_as_well(void **state)
{
    (void)state;
    check_detail("\xc2\x9b"
                 "31m",
                 "\\xc2\\x9b31m");
    check_detail("\xc2\x80\xc2\x9f\xc2\xa0", "\\xc2\\x80\\xc2\\x9f\xc2\xa0");
    check_detail("\x9b"
                 "31m",
                 "\\x9b31m");
    check_detail("\xc2", "\\xc2"); /* a truncated character */
}

/* U+202E makes a terminal draw "gpj.exe" as "exe.jpg". */
static void text_cannot_turn_round(void **state)
{
    (void)state;
    static const unsigned char blocks[] = { 0x80, 0x81 };
    for (unsigned block = 0; block < 2; block++) {
        for (unsigned byte = 0x80; byte < 0xC0; byte++) {
            const char character[] = { '\xe2', (char)blocks[block], (char)byte, '\0' };
            char hidden[16];
            bool turns = block == 0 ? byte >= 0xAA && byte <= 0xAE : byte >= 0xA6 && byte <= 0xA9;
            snprintf(hidden, sizeof hidden, "\\xe2\\x%02x\\x%02x", blocks[block], byte);
            check_detail(character, turns ? hidden : character);
        }
    }
}

static void a_line_shows_utf8_and_what_became_of_the_detail(void **state)
{
    (void)state;
    check_line(&(struct trace_event){ .name = "caf\xc3\xa9", .detail = "\xf0\x9f\x98\x80" },
               "[0.00] SYSCALL caf\xc3\xa9: \xf0\x9f\x98\x80\n");
    check_line(&(struct trace_event){ .name = "x", .detail = "begin", .has = TRACE_DETAIL_TRUNCATED },
               "[0.00] SYSCALL x: begin...\n");
    check_line(&(struct trace_event){ .name = "x", .has = TRACE_DETAIL_LOST }, "[0.00] SYSCALL x: (overwritten)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_of_text_is_that_of_the_contract),
        cmocka_unit_test(a_line_has_the_time_in_ms_with_two_decimals),
        cmocka_unit_test(no_text_can_end_a_line_or_command_a_terminal),
        cmocka_unit_test(controls_beyond_ascii_are_shown_as_well),
        cmocka_unit_test(text_cannot_turn_round),
        cmocka_unit_test(a_line_shows_utf8_and_what_became_of_the_detail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
