/* Inputs that viewers were reported to show wrongly, with what is right. */
#include "imported.h"

#define IMPORTS(text, door, expected) assert_imports(text, sizeof(text) - 1, door, expected)

static void a_step_of_the_old_form_is_in_its_span(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\": \"S\", \"pid\": 1, \"tid\": 1, \"ts\": 0, \"name\": \"load\", \"cat\": \"net\", \"id\": \"0x1"
            "\"}, {\"ph\": \"T\", \"pid\": 1, \"tid\": 1, \"ts\": 5, \"name\": \"load\", \"cat\": \"net\", \"id\": "
            "\"0x1\", \"args\": {\"step\": \"headers\"}}, {\"ph\": \"F\", \"pid\": 1, \"tid\": 1, \"ts\": 20, \"name"
            "\": \"load\", \"cat\": \"net\", \"id\": \"0x1\"}]",
            "chrome",
            "1/1 0+20000 load [net]\n"
            "1/1 5000 headers [net] {\"step\": \"headers\"}\n");
}

static void async_spans_of_one_id_may_overlap(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\": \"b\", \"pid\": 1, \"tid\": 1, \"ts\": 0, \"name\": \"parent\", \"cat\": \"p\", \"id\": \"7\""
            "}, {\"ph\": \"b\", \"pid\": 1, \"tid\": 1, \"ts\": 0, \"name\": \"t0\", \"cat\": \"p\", \"id\": \"7\"},"
            " {\"ph\": \"b\", \"pid\": 1, \"tid\": 1, \"ts\": 10, \"name\": \"t1\", \"cat\": \"p\", \"id\": \"7\"}, "
            "{\"ph\": \"e\", \"pid\": 1, \"tid\": 1, \"ts\": 30, \"name\": \"t0\", \"cat\": \"p\", \"id\": \"7\"}, {"
            "\"ph\": \"e\", \"pid\": 1, \"tid\": 1, \"ts\": 40, \"name\": \"t1\", \"cat\": \"p\", \"id\": \"7\"}, {"
            "\"ph\": \"e\", \"pid\": 1, \"tid\": 1, \"ts\": 50, \"name\": \"parent\", \"cat\": \"p\", \"id\": \"7\"}"
            "]",
            "chrome",
            "1/1 0+50000 parent [p]\n"
            "1/1 0+30000 t0 [p]\n"
            "1/1 10000+30000 t1 [p]\n");
}

static void spans_of_equal_times_are_nested_as_they_began(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\": \"B\", \"pid\": 1, \"tid\": 1, \"ts\": 10, \"name\": \"outer\"}, {\"ph\": \"B\", \"pid\": 1, "
            "\"tid\": 1, \"ts\": 10, \"name\": \"middle\"}, {\"ph\": \"B\", \"pid\": 1, \"tid\": 1, \"ts\": 10, \"na"
            "me\": \"inner\"}, {\"ph\": \"E\", \"pid\": 1, \"tid\": 1, \"ts\": 12, \"name\": \"inner\"}, {\"ph\": \""
            "E\", \"pid\": 1, \"tid\": 1, \"ts\": 12, \"name\": \"middle\"}, {\"ph\": \"E\", \"pid\": 1, \"tid\": 1,"
            " \"ts\": 12, \"name\": \"outer\"}]",
            "chrome",
            "1/1 0+2000 outer [(none)]\n"
            "1/1 0+2000 middle <outer [(none)]\n"
            "1/1 0+2000 inner <middle [(none)]\n");
}

static void pairs_that_are_mixed_up_in_the_file_are_found(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\": \"B\", \"pid\": 1, \"tid\": 1, \"ts\": 50, \"name\": \"second\"}, {\"ph\": \"E\", \"pid\": 1,"
            " \"tid\": 1, \"ts\": 30, \"name\": \"first\"}, {\"ph\": \"B\", \"pid\": 1, \"tid\": 1, \"ts\": 10, \"na"
            "me\": \"first\"}, {\"ph\": \"E\", \"pid\": 1, \"tid\": 1, \"ts\": 80, \"name\": \"second\"}]",
            "chrome",
            "1/1 0+20000 first [(none)]\n"
            "1/1 40000+30000 second [(none)]\n");
}

static void a_second_array_is_read_and_noted(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\": \"X\", \"pid\": 1, \"tid\": 1, \"ts\": 1, \"name\": \"a\", \"dur\": 2}]\n"
            "[{\"ph\": \"X\", \"pid\": 1, \"tid\": 1, \"ts\": 5, \"name\": \"b\", \"dur\": 2}]",
            "chrome",
            "1/1 0+2000 a [(none)]\n"
            "1/1 4000+2000 b [(none)]\n"
            "note 1 event 1 byte 66: There is more text after the end of the trace\n");
}

static void counters_with_ids_have_tracks_of_their_own(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\": \"C\", \"pid\": 1, \"tid\": 1, \"ts\": 0, \"name\": \"heap\", \"id\": \"0xa\", \"args\": {\"b"
            "ytes\": 0}}, {\"ph\": \"C\", \"pid\": 1, \"tid\": 1, \"ts\": 0, \"name\": \"heap\", \"id\": \"0xb\", \""
            "args\": {\"bytes\": 1000000}}, {\"ph\": \"C\", \"pid\": 1, \"tid\": 1, \"ts\": 10, \"name\": \"heap\", "
            "\"id\": \"0xa\", \"args\": {\"bytes\": 100}}, {\"ph\": \"C\", \"pid\": 1, \"tid\": 1, \"ts\": 10, \"nam"
            "e\": \"heap\", \"id\": \"0xb\", \"args\": {\"bytes\": 1000100}}, {\"ph\": \"C\", \"pid\": 1, \"tid\": 1"
            ", \"ts\": 20, \"name\": \"heap\", \"id\": \"0xa\", \"args\": {\"bytes\": 200}}, {\"ph\": \"C\", \"pid\""
            ": 1, \"tid\": 1, \"ts\": 20, \"name\": \"heap\", \"id\": \"0xb\", \"args\": {\"bytes\": 1000200}}]",
            "chrome",
            "1/0 0 heap 0xa=0 [(none)]\n"
            "1/0 10000 heap 0xa=100 [(none)]\n"
            "1/0 20000 heap 0xa=200 [(none)]\n"
            "1/0 0 heap 0xb=1e+06 [(none)]\n"
            "1/0 10000 heap 0xb=1.0001e+06 [(none)]\n"
            "1/0 20000 heap 0xb=1.0002e+06 [(none)]\n");
}

static void counters_may_be_strings(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\": \"C\", \"pid\": 1, \"tid\": 1, \"ts\": 0, \"name\": \"a\", \"args\": {\"v\": \".75\"}}, {\"ph"
            "\": \"C\", \"pid\": 1, \"tid\": 1, \"ts\": 1, \"name\": \"a\", \"args\": {\"v\": \"+10.5\"}}, {\"ph\": "
            "\"C\", \"pid\": 1, \"tid\": 1, \"ts\": 2, \"name\": \"a\", \"args\": {\"v\": \"12\"}}, {\"ph\": \"C\", "
            "\"pid\": 1, \"tid\": 1, \"ts\": 3, \"name\": \"b\", \"args\": {\"v\": true}}, {\"ph\": \"C\", \"pid\": "
            "1, \"tid\": 1, \"ts\": 4, \"name\": \"b\", \"args\": {}}, {\"ph\": \"C\", \"pid\": 1, \"tid\": 1, \"ts"
            "\": 5, \"name\": \"b\"}]",
            "chrome",
            "1/0 0 a=0.75 [(none)]\n"
            "1/0 1000 a=10.5 [(none)]\n"
            "1/0 2000 a=12 [(none)]\n"
            "note 1 event 4 byte 233: A counter's value that is not a number is left out\n"
            "note 2 event 5 byte 309: A counter without a value is left out\n");
}

static void durations_that_are_none_are_noted(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":10,\"dur\":null,\"name\":\"nulldur\"},{\"ph\":\"X\",\"pid\":1"
            ",\"tid\":1,\"ts\":20,\"dur\":NaN,\"name\":\"nandur\"},{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":NaN,\"du"
            "r\":4,\"name\":\"nants\"},{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":30,\"dur\":Infinity,\"name\":\"infdu"
            "r\"},{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":40,\"dur\":-Infinity,\"name\":\"minf\",\"args\":{\"x\":Na"
            "N,\"y\":-Infinity}}]",
            "chrome",
            "1/1 0 nulldur [(none)]\n"
            "1/1 10000 nandur [(none)]\n"
            "1/1 20000 infdur [(none)]\n"
            "1/1 30000 minf [(none)] {\"x\":NaN,\"y\":-Infinity}\n"
            "note 1 event 1 byte 1: An event without a duration is shown as an instant\n"
            "note 3 event 2 byte 64: An event whose duration is not a number is shown as an instant\n"
            "note 1 event 3 byte 125: An event whose time is not a number is left out\n");
}

static void pairs_since_1970_last_as_long_as_they_did(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\": \"B\", \"pid\": 1, \"tid\": 1, \"ts\": 1700000000000001, \"name\": \"one us\"}, {\"ph\": \"E"
            "\", \"pid\": 1, \"tid\": 1, \"ts\": 1700000000000002, \"name\": \"one us\"}, {\"ph\": \"B\", \"pid\": 1"
            ", \"tid\": 1, \"ts\": 1700000000000003, \"name\": \"ten us\"}, {\"ph\": \"E\", \"pid\": 1, \"tid\": 1, "
            "\"ts\": 1700000000000013, \"name\": \"ten us\"}]",
            "chrome",
            "1/1 0+1000 one us [(none)]\n"
            "1/1 2000+10000 ten us [(none)]\n");
}

static void spans_since_1970_are_in_each_other(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\": \"X\", \"pid\": 1, \"tid\": 1, \"ts\": 1700000000000000, \"name\": \"parent 0\", \"dur\": 5},"
            " {\"ph\": \"X\", \"pid\": 1, \"tid\": 1, \"ts\": 1700000000000007, \"name\": \"parent 1\", \"dur\": 5},"
            " {\"ph\": \"X\", \"pid\": 1, \"tid\": 1, \"ts\": 1700000000000014, \"name\": \"parent 2\", \"dur\": 5},"
            " {\"ph\": \"X\", \"pid\": 1, \"tid\": 1, \"ts\": 1700000000000002, \"name\": \"child 0\", \"dur\": 3}, "
            "{\"ph\": \"X\", \"pid\": 1, \"tid\": 1, \"ts\": 1700000000000009, \"name\": \"child 1\", \"dur\": 3}, {"
            "\"ph\": \"X\", \"pid\": 1, \"tid\": 1, \"ts\": 1700000000000016, \"name\": \"child 2\", \"dur\": 3}]",
            "chrome",
            "1/1 0+5000 parent 0 [(none)]\n"
            "1/1 7000+5000 parent 1 [(none)]\n"
            "1/1 14000+5000 parent 2 [(none)]\n"
            "1/1 2000+3000 child 0 <parent 0 [(none)]\n"
            "1/1 9000+3000 child 1 <parent 1 [(none)]\n"
            "1/1 16000+3000 child 2 <parent 2 [(none)]\n");
}

static void an_arrow_leads_to_the_next_span(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\": \"X\", \"pid\": 1, \"tid\": 1, \"ts\": 1, \"name\": \"a\", \"dur\": 2}, {\"ph\": \"s\", \"pid"
            "\": 1, \"tid\": 1, \"ts\": 1, \"name\": \"f\", \"id\": 5, \"cat\": \"f\"}, {\"ph\": \"X\", \"pid\": 1, "
            "\"tid\": 2, \"ts\": 10, \"name\": \"b\", \"dur\": 2}, {\"ph\": \"f\", \"pid\": 1, \"tid\": 2, \"ts\": 1"
            "0, \"name\": \"f\", \"id\": 5, \"cat\": \"f\", \"bp\": \"e\"}]",
            "chrome",
            "1/1 0+2000 a [(none)]\n"
            "1/2 9000+2000 b [(none)]\n"
            "flow a 0 to b 9000\n");
}

static void marks_are_instants(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\": \"R\", \"pid\": 1, \"tid\": 1, \"ts\": 1, \"name\": \"navigationStart\", \"cat\": \"blink.use"
            "r_timing\"}, {\"ph\": \"R\", \"pid\": 1, \"tid\": 1, \"ts\": 20, \"name\": \"firstPaint\", \"cat\": \"b"
            "link.user_timing\"}]",
            "chrome",
            "1/1 0 navigationStart [blink.user_timing]\n"
            "1/1 19000 firstPaint [blink.user_timing]\n");
}

static void a_missing_end_costs_one_span(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\": \"B\", \"pid\": 1, \"tid\": 1, \"ts\": 0, \"name\": \"main\"}, {\"ph\": \"B\", \"pid\": 1, \""
            "tid\": 1, \"ts\": 1, \"name\": \"step\"}, {\"ph\": \"B\", \"pid\": 1, \"tid\": 1, \"ts\": 2, \"name\": "
            "\"inner\"}, {\"ph\": \"E\", \"pid\": 1, \"tid\": 1, \"ts\": 5, \"name\": \"inner\"}, {\"ph\": \"E\", \""
            "pid\": 1, \"tid\": 1, \"ts\": 9, \"name\": \"step\"}, {\"ph\": \"B\", \"pid\": 1, \"tid\": 1, \"ts\": 1"
            "1, \"name\": \"step\"}, {\"ph\": \"B\", \"pid\": 1, \"tid\": 1, \"ts\": 12, \"name\": \"inner\"}, {\"ph"
            "\": \"E\", \"pid\": 1, \"tid\": 1, \"ts\": 19, \"name\": \"step\"}, {\"ph\": \"B\", \"pid\": 1, \"tid\""
            ": 1, \"ts\": 21, \"name\": \"step\"}, {\"ph\": \"B\", \"pid\": 1, \"tid\": 1, \"ts\": 22, \"name\": \"i"
            "nner\"}, {\"ph\": \"E\", \"pid\": 1, \"tid\": 1, \"ts\": 25, \"name\": \"inner\"}, {\"ph\": \"E\", \"pi"
            "d\": 1, \"tid\": 1, \"ts\": 29, \"name\": \"step\"}, {\"ph\": \"B\", \"pid\": 1, \"tid\": 1, \"ts\": 31"
            ", \"name\": \"step\"}, {\"ph\": \"B\", \"pid\": 1, \"tid\": 1, \"ts\": 32, \"name\": \"inner\"}, {\"ph"
            "\": \"E\", \"pid\": 1, \"tid\": 1, \"ts\": 35, \"name\": \"inner\"}, {\"ph\": \"E\", \"pid\": 1, \"tid"
            "\": 1, \"ts\": 39, \"name\": \"step\"}, {\"ph\": \"E\", \"pid\": 1, \"tid\": 1, \"ts\": 50, \"name\": "
            "\"main\"}]",
            "chrome",
            "1/1 0+50000 main [(none)]\n"
            "1/1 1000+8000 step <main [(none)]\n"
            "1/1 11000+8000 step <main [(none)]\n"
            "1/1 21000+8000 step <main [(none)]\n"
            "1/1 31000+8000 step <main [(none)]\n"
            "1/1 2000+3000 inner <step [(none)]\n"
            "1/1 12000+7000 inner <step [(none)] open\n"
            "1/1 22000+3000 inner <step [(none)]\n"
            "1/1 32000+3000 inner <step [(none)]\n"
            "note 1 event 7 byte 352: A span never ended: it is drawn to its parent's end\n");
}

static void spaces_may_come_later(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"i\",\"ts\":1},{\"ph\": \"i\",\"ts\":2}]", "chrome",
            "0/0 0 (no name) [(none)]\n"
            "0/0 1000 (no name) [(none)]\n");
}

static void a_profile_alone_is_one_too(void **state)
{
    (void)state;
    IMPORTS("{\"nodes\": [{\"id\": 1, \"callFrame\": {\"functionName\": \"(root)\"}, \"children\": [2]}, {\"id\": 2,"
            " \"callFrame\": {\"functionName\": \"f\"}}], \"startTime\": 0, \"endTime\": 100, \"samples\": [2, 2], "
            "\"timeDeltas\": [10, 10]}",
            "cpuprofile",
            "0/0 0+20000 (root) [native] 2 samples\n"
            "0/0 0+20000 f <(root) [native] 2 samples\n");
}

static void a_quote_within_a_name_costs_one_event(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":1,\"dur\":2,\"name\":\"before\"},{\"ph\":\"X\",\"pid\":1,\"ti"
            "d\":1,\"ts\":5,\"dur\":2,\"name\":\"{\"device\": \"cpu\"}(12): run\"},{\"ph\":\"X\",\"pid\":1,\"tid\":1"
            ",\"ts\":9,\"dur\":2,\"name\":\"after\"}]",
            "chrome",
            "1/1 0+2000 before [(none)]\n"
            "1/1 8000+2000 after [(none)]\n"
            "note 1 event 2 byte 59: An event that is not JSON is left out: expected a comma or }\n");
}

static void samples_have_the_stacks_that_stand_beside_them(void **state)
{
    (void)state;
    IMPORTS("{\"traceEvents\": [{\"ph\": \"M\", \"pid\": 1, \"tid\": 1, \"name\": \"thread_name\", \"args\": {\"name"
            "\": \"js\"}}], \"samples\": [{\"cpu\": 0, \"tid\": 1, \"pid\": 1, \"ts\": 0, \"name\": \"cycles\", \"sf"
            "\": 2, \"weight\": 1}, {\"cpu\": 0, \"tid\": 1, \"pid\": 1, \"ts\": 100, \"name\": \"cycles\", \"sf\": "
            "2, \"weight\": 1}, {\"cpu\": 0, \"tid\": 1, \"pid\": 1, \"ts\": 200, \"name\": \"cycles\", \"sf\": 2, "
            "\"weight\": 1}], \"stackFrames\": {\"1\": {\"category\": \"a\", \"name\": \"main\"}, \"2\": {\"category"
            "\": \"a\", \"name\": \"loop\", \"parent\": 1}}}",
            "chrome",
            "1/1 0+300000 main [a] 3 samples\n"
            "1/1 0+300000 loop <main [a] 3 samples\n"
            "thread 1 js\n");
}

static void threads_may_have_ids_of_19_digits(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"X\",\"pid\":1,\"tid\":1000000000000000001,\"ts\":1,\"dur\":2,\"name\":\"a\"},{\"ph\":\"X\","
            "\"pid\":1,\"tid\":1000000000000000002,\"ts\":1,\"dur\":2,\"name\":\"b\"},{\"ph\":\"X\",\"pid\":1,\"tid"
            "\":18446744073709551615,\"ts\":1,\"dur\":2,\"name\":\"c\"},{\"ph\":\"X\",\"pid\":1,\"tid\":922337203685"
            "4775807,\"ts\":1,\"dur\":2,\"name\":\"d\"},{\"ph\":\"X\",\"pid\":1,\"tid\":140245135296320,\"ts\":1,\"d"
            "ur\":2,\"name\":\"e\"}]",
            "chrome",
            "1/-4503599627370499 0+2000 d [(none)]\n"
            "1/-4503599627370498 0+2000 c [(none)]\n"
            "1/-4503599627370497 0+2000 b [(none)]\n"
            "1/-4503599627370496 0+2000 a [(none)]\n"
            "1/140245135296320 0+2000 e [(none)]\n"
            "thread -4503599627370499 9223372036854775807\n"
            "thread -4503599627370498 18446744073709551615\n"
            "thread -4503599627370497 1000000000000000002\n"
            "thread -4503599627370496 1000000000000000001\n");
}

static void an_event_at_0_does_not_stretch_the_trace(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\": \"i\", \"pid\": 1, \"tid\": 1, \"ts\": 0, \"name\": \"start\", \"s\": \"g\"}, {\"ph\": \"X\","
            " \"pid\": 1, \"tid\": 1, \"ts\": 1700000000000000, \"name\": \"a\", \"dur\": 1000}, {\"ph\": \"X\", \"p"
            "id\": 1, \"tid\": 1, \"ts\": 1700000000005000, \"name\": \"b\", \"dur\": 1000}]",
            "chrome",
            "1/1 0+1000000 a [(none)]\n"
            "1/1 5000000+1000000 b [(none)]\n"
            "-9007199250546688/1 0 start [(none)]\n"
            "process -9007199250546688 19675 days before the others\n"
            "note 1 event 0 byte -1: An event is days before the others: it is shown on a track of its own, from the"
            "ir beginning on\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_of_the_old_form_is_in_its_span),
        cmocka_unit_test(async_spans_of_one_id_may_overlap),
        cmocka_unit_test(spans_of_equal_times_are_nested_as_they_began),
        cmocka_unit_test(pairs_that_are_mixed_up_in_the_file_are_found),
        cmocka_unit_test(a_second_array_is_read_and_noted),
        cmocka_unit_test(counters_with_ids_have_tracks_of_their_own),
        cmocka_unit_test(counters_may_be_strings),
        cmocka_unit_test(durations_that_are_none_are_noted),
        cmocka_unit_test(pairs_since_1970_last_as_long_as_they_did),
        cmocka_unit_test(spans_since_1970_are_in_each_other),
        cmocka_unit_test(an_arrow_leads_to_the_next_span),
        cmocka_unit_test(marks_are_instants),
        cmocka_unit_test(a_missing_end_costs_one_span),
        cmocka_unit_test(spaces_may_come_later),
        cmocka_unit_test(a_profile_alone_is_one_too),
        cmocka_unit_test(a_quote_within_a_name_costs_one_event),
        cmocka_unit_test(samples_have_the_stacks_that_stand_beside_them),
        cmocka_unit_test(threads_may_have_ids_of_19_digits),
        cmocka_unit_test(an_event_at_0_does_not_stretch_the_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
