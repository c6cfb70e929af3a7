/* JSON may escape any character of a string: a key or a word written like that is still the same. */
#include "imported.h"

#define IMPORTS(text, door, expected) assert_imports(text, sizeof(text) - 1, door, expected)
#define SHOWS(text, expected) IMPORTS(text, "chrome", expected)

static void keys_and_kinds_may_be_escaped(void **state)
{
    (void)state;
    SHOWS("{\"traceEvent\\u0073\":[{\"\\u0070h\":\"\\u0042\",\"ts\":1,\"n\\u0061me\":\"a\"},"
          "{\"ph\":\"B\",\"t\\u0073\":2,\"name\":\"\\u0062\"},{\"p\\u0068\":\"E\",\"\\u0074\\u0073\":\"\\u0033\"},"
          "{\"ph\":\"\\u0045\",\"ts\":5,\"n\\u0061me\":\"\\u0061\"}]}",
          "0/0 0+4000 a [(none)]\n0/0 1000+1000 b <a [(none)]\n");
    SHOWS("[{\"ph\":\"i\",\"ts\":1,\"bind_i\\u0064\":1,\"\\u0066low_out\":true,\"\\u0064\\u0075\\u0072\":2},"
          "{\"\\u0070\\u0068\":\"\\u0058\",\"ts\":1,\"\\u0064\\u0075\\u0072\":2}]",
          "0/0 0+2000 (no name) [(none)]\n0/0 0 (no name) <(no name) [(none)]\n");
}

/* The event before teaches what keys and words look like. */
static void what_is_escaped_may_come_again(void **state)
{
    (void)state;
    SHOWS("[{\"\\u0070h\":\"\\u0069\",\"pid\":\"\\u0031\",\"ts\":1},{\"\\u0070h\":\"\\u0069\",\"pid\":\"\\u0031\","
          "\"ts\":2},{\"ph\":\"i\",\"pid\":1,\"ts\":3},{\"\\u0070h\":\"\\u0052\",\"pid\":\"\\u0032\",\"ts\":4}]",
          "1/0 0 (no name) [(none)]\n1/0 1000 (no name) [(none)]\n1/0 2000 (no name) [(none)]\n"
          "2/0 3000 (no name) [(none)]\n");
}

static void keys_that_only_look_alike_are_others(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"i\",\"ts\":1,\"\\u0074ss\":5,\"\\u0074\\\\\":6,\"ts\\u0000\":7,\"\\u0074\":8,\"\\\"\":9}]",
          "0/0 0 (no name) [(none)]\n");
}

static void ids_and_words_are_the_same_however_they_are_escaped(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"b\",\"id\":\"a\\/1\",\"cat\":\"\\u0063\",\"ts\":1,\"name\":\"n\"},"
          "{\"ph\":\"e\",\"id\":\"\\u0061/1\",\"cat\":\"c\",\"ts\":2,\"name\":\"\\u006e\"},"
          "{\"ph\":\"i\",\"pid\":\"g\\u0070u\",\"tid\":\"a\\/b\",\"ts\":3},{\"ph\":\"i\",\"pid\":\"gpu\","
          "\"tid\":\"a/b\",\"ts\":4}]",
          "-4503599627370496/-4503599627370497 2000 (no name) [(none)]\n"
          "-4503599627370496/-4503599627370497 3000 (no name) [(none)]\n0/0 0+1000 n [c]\n"
          "process -4503599627370496 gpu\nthread -4503599627370497 a/b\n");
}

static void ids_of_a_process_may_be_escaped(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"b\",\"pid\":1,\"id2\":{\"loc\\u0061l\":\"\\u0061\"},\"ts\":1,\"name\":\"n\"},"
          "{\"ph\":\"e\",\"pid\":1,\"id\\u0032\":{\"local\":\"a\"},\"ts\":2,\"name\":\"n\"}]",
          "1/0 0+1000 n [(none)]\n");
}

static void names_in_metadata_may_be_escaped(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"\\u004d\",\"pid\":1,\"tid\":2,\"name\":\"thread_n\\u0061me\",\"args\":{\"n\\u0061me\":\"main\"}},"
          "{\"ph\":\"i\",\"pid\":1,\"tid\":2,\"ts\":1}]",
          "1/2 0 (no name) [(none)]\nthread 2 main\n");
}

static void frames_and_profiles_may_be_escaped(void **state)
{
    (void)state;
    SHOWS(
        "{\"stack\\u0046rames\":{\"\\u0031\":{\"n\\u0061me\":\"main\"},\"2\":{\"name\":\"f\",\"p\\u0061rent\":"
        "\"\\u0031\"}},\"s\\u0061mples\":[{\"sf\":\"\\u0032\",\"ts\":1,\"tid\":1},{\"s\\u0066\":2,\"ts\":2,\"tid\":1}],"
        "\"traceEvents\":[]}",
        "0/1 0+2000 main [(none)] 2 samples\n0/1 0+2000 f <main [(none)] 2 samples\n");
    IMPORTS("{\"node\\u0073\":[{\"\\u0069d\":1,\"callFr\\u0061me\":{\"functionN\\u0061me\":\"f\",\"url\":\"\"}}],"
            "\"s\\u0061mples\":[1,1],\"timeDelt\\u0061s\":[0,10]}",
            "cpuprofile", "0/0 0+20000 f [native] 2 samples\n");
}

static void an_event_alone_may_be_escaped(void **state)
{
    (void)state;
    SHOWS("{\"\\u0070h\":\"i\",\"ts\":1}", "0/0 0 (no name) [(none)]\n");
    IMPORTS("{\"lockfile\\u0056ersion\":3}", "json", "error: this is a package-lock.json, not a trace\n");
}

static void the_first_of_several_categories_counts(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"i\",\"ts\":1,\"name\":\"a\",\"cat\":\"x,y\"},{\"ph\":\"i\",\"ts\":2,\"name\":\"b\",\"cat\":[ "
          "\"x\",\"y\"]},"
          "{\"ph\":\"i\",\"ts\":3,\"name\":\"c\",\"cat\":[]},{\"ph\":\"i\",\"ts\":4,\"name\":\"d\",\"cat\":[\"\\u0078,"
          "y\"]}]",
          "0/0 0 a [x]\n0/0 1000 b [x]\n0/0 2000 c [(none)]\n0/0 3000 d [x]\n");
}

/* As Chrome's own viewer has it: other numbers are compared as text. */
static void hexadecimal_ids_are_equal_in_any_form(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"b\",\"ts\":1,\"name\":\"a\",\"id\":\"0x1F\"},{\"ph\":\"e\",\"ts\":5,\"name\":\"a\",\"id\":"
          "\"0X001f\"},"
          "{\"ph\":\"b\",\"ts\":6,\"name\":\"b\",\"id\":\"31\"},{\"ph\":\"e\",\"ts\":7,\"name\":\"b\",\"id\":\"0x1f\"},"
          "{\"ph\":\"e\",\"ts\":8,\"name\":\"b\",\"id\":31}]",
          "0/0 0+4000 a [(none)]\n0/0 5000+2000 b [(none)]\n"
          "note 1 event 4 byte 124: An end without a beginning is left out\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_and_kinds_may_be_escaped),
        cmocka_unit_test(what_is_escaped_may_come_again),
        cmocka_unit_test(keys_that_only_look_alike_are_others),
        cmocka_unit_test(ids_and_words_are_the_same_however_they_are_escaped),
        cmocka_unit_test(ids_of_a_process_may_be_escaped),
        cmocka_unit_test(names_in_metadata_may_be_escaped),
        cmocka_unit_test(frames_and_profiles_may_be_escaped),
        cmocka_unit_test(an_event_alone_may_be_escaped),
        cmocka_unit_test(the_first_of_several_categories_counts),
        cmocka_unit_test(hexadecimal_ids_are_equal_in_any_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
