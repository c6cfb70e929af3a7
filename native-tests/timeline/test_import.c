/* The table of importers: a trace is recognised by its content, and cutting it into pieces makes no difference. */
#include "imported.h"

#define IMPORTS(text, door, expected) assert_imports(text, sizeof(text) - 1, door, expected)

static void json_is_recognised_after_spaces_and_a_mark(void **state)
{
    (void)state;
    IMPORTS("\xef\xbb\xbf \n\t[{\"ph\":\"X\",\"pid\":1,\"tid\":2,\"ts\":5,\"dur\":1.5,\"name\":\"a\",\"cat\":\"c\"}]",
            "chrome", "1/2 0+1500 a [c]\n");
}

static void what_no_door_knows_is_refused_in_words(void **state)
{
    (void)state;
    IMPORTS("some words that are no trace", "",
            "error: this is no trace that ringscope reads: it begins with 73 6F 6D.\n");
    IMPORTS("\n<html><body>404</body></html>", "",
            "error: this is no trace that ringscope reads: it begins with 0A 3C 68. It looks like HTML, perhaps an "
            "error page from a server.\n");
    IMPORTS("", "", "error: the file is empty\n");
    IMPORTS(" \r\n\t", "", "error: there is nothing but white space in the file\n");
}

static void text_of_two_bytes_a_letter_is_refused_in_words(void **state)
{
    (void)state;
    IMPORTS("\xff\xfe[\0{\0", "",
            "error: this is no trace that ringscope reads: it begins with FF FE 5B. It is UTF-16, as PowerShell writes "
            "it: save it as UTF-8.\n");
    IMPORTS("\0[\0{", "",
            "error: this is no trace that ringscope reads: it begins with 00 5B 00. It is UTF-16, as PowerShell writes "
            "it: save it as UTF-8.\n");
    IMPORTS("1\0 \0", "",
            "error: this is no trace that ringscope reads: it begins with 31 00 20. It is UTF-16, as PowerShell writes "
            "it: save it as UTF-8.\n");
}

static void files_of_others_are_called_by_their_names(void **state)
{
    (void)state;
    IMPORTS("PERFILE2\1\2", "",
            "error: this is perf's own file: make text of it with perf script -F comm,pid,tid,time,event,ip,sym,dso\n");
    IMPORTS("\x17\x08\x44tracing6", "", "error: this is a file of trace-cmd: make text of it with trace-cmd report\n");
    IMPORTS("PK\3\4", "", "error: this is a ZIP archive: unpack it, and open its files\n");
    IMPORTS("\x1f\x8b\x08", "", "error: this is gzip within gzip: unpack it with gunzip\n");
    IMPORTS("packet {\n}\n", "",
            "error: this is a trace of Perfetto as text: traceconv binary makes one of it that ringscope reads\n");
    IMPORTS("<?xml version=\"1.0\"?>\n<svg/>\n", "",
            "error: this is XML, such as the picture of a flame graph: open the folded stacks that it was made of\n");
    IMPORTS("[    0.000000] Linux version 6.12\n", "", "error: this is the kernel's log (dmesg), not a trace\n");
    IMPORTS("PERFILE", "", "error: this is no trace that ringscope reads: it begins with 50 45 52.\n");
}

/* sample_type {1, 2}, sample {[1], [5]}, string_table "" and "samples", period 7. */
static void a_profile_of_pprof_is_known_by_its_fields(void **state)
{
    (void)state;
    IMPORTS("\x0a\x04\x08\x01\x10\x02\x12\x06\x0a\x01\x01\x12\x01\x05\x32\x00\x32\x07samples\x60\x07", "",
            "error: this is a profile of pprof, which has no times: go tool pprof opens it\n");
    IMPORTS("\x0a\x04\x08\x01\x10\x02\x32\x01x\x32\x00", "",
            "error: this is no trace that ringscope reads: it begins with 0A 04 08.\n");
}

/* Longer than the head by which formats are recognised. */
static void a_long_text_loses_nothing_at_the_end_of_its_head(void **state)
{
    (void)state;
    size_t events = 3000, used = 0, room = events * 64;
    char *text = malloc(room);
    assert_non_null(text);
    for (size_t i = 0; i < events; i++)
        used += (size_t)snprintf(text + used, room - used, "%s{\"ph\":\"i\",\"ts\":%zu,\"name\":\"n%zu\"}",
                                 i ? "," : "[", i, i % 7);
    assert_true(used > DOOR_HEAD_BYTES);
    const size_t pieces[] = { used, 1, 999, DOOR_HEAD_BYTES - 1, DOOR_HEAD_BYTES, DOOR_HEAD_BYTES + 1 };
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct imported imported = import_text(text, used, pieces[i]);
        assert_int_equal(imported.error, TRACER_OK);
        assert_int_equal(timeline_events(imported.timeline), events);
        imported_free(&imported);
    }
    free(text);
}

/* AddressSanitizer ends the test if a byte behind them is read. */
static void beginnings_are_read_to_their_end_only(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[{\"ph\":\"X\",\"ts\":1,\"dur\":2,\"pid\":3,\"tid\":4,\"name\":\"a\\n\"}]",
        "{\"nodes\":[{\"id\":1}],\"startTime\":1,\"endTime\":2,\"samples\":[1],\"timeDeltas\":[1]}",
        "{\"name\":\"a\",\"version\":\"1.0.0\",\"dependencies\":{}}",
        "12  1700000000.000001 read(3, <unfinished ...>\n12 1700000000.000002 <... read resumed>\"a\", 1) = 1\n",
        "12 1700000000.000003 --- SIGCHLD {si_signo=SIGCHLD} ---\n12 1700000000.000004 close(3) = 0 <0.000001>\n",
        "a 1/2 [003] 12.000001:  10 cycles:u: \n\t  7f00 main+0x10 (/bin/a)\n\n",
        "main;a;b 10\nmain;c 3\n",
        "# tracer: nop\n  a-12 (  12) [001] d..1 12.000001: sched_switch: prev_comm=a prev_pid=12\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        for (size_t bytes = 1; bytes <= strlen(texts[i]); bytes++) {
            char *exact = malloc(bytes);
            assert_non_null(exact);
            memcpy(exact, texts[i], bytes);
            const struct door *door = door_of(exact, bytes);
            assert_true(bytes < strlen(texts[i]) || door);
            free(exact);
        }
    }
}

static void an_error_stays(void **state)
{
    (void)state;
    struct tracer_message message = { 0 };
    struct timeline_builder *builder = timeline_builder_create();
    struct trace_import *import = trace_import_create(builder);
    assert_int_equal(trace_import_end(import, &message), TRACER_ERROR_NOT_AN_IMAGE);
    assert_string_equal(message.text, "the file is empty");
    message.text[0] = '\0';
    assert_int_equal(trace_import_feed(import, "[]", 2, &message), TRACER_ERROR_NOT_AN_IMAGE);
    assert_string_equal(message.text, "the file is empty");
    trace_import_destroy(import);
    timeline_builder_destroy(builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_recognised_after_spaces_and_a_mark),
        cmocka_unit_test(what_no_door_knows_is_refused_in_words),
        cmocka_unit_test(text_of_two_bytes_a_letter_is_refused_in_words),
        cmocka_unit_test(files_of_others_are_called_by_their_names),
        cmocka_unit_test(a_profile_of_pprof_is_known_by_its_fields),
        cmocka_unit_test(a_long_text_loses_nothing_at_the_end_of_its_head),
        cmocka_unit_test(beginnings_are_read_to_their_end_only),
        cmocka_unit_test(an_error_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
