/* JSON other than Trace Event: V8 profiles, and JSON that is not a trace. */
#include "imported.h"

#define IMPORTS(text, door, expected) assert_imports(text, sizeof(text) - 1, door, expected)

static void a_profile_is_a_flame_chart_of_its_samples(void **state)
{
    (void)state;
    IMPORTS("{\"nodes\": [{\"id\": 1, \"callFrame\": {\"functionName\": \"(root)\"}, \"children\": [2]}, "
            "{\"id\": 2, \"callFrame\": {\"functionName\": \"f\"}}], \"startTime\": 0, \"endTime\": 100, "
            "\"samples\": [2, 2], \"timeDeltas\": [10, 10]}",
            "cpuprofile", "0/0 0+20000 (root) [native] 2 samples\n0/0 0+20000 f <(root) [native] 2 samples\n");
}

/* Calls may precede their callers, and samples may precede both; µs have fractions. */
static void the_order_of_a_profile_makes_no_difference(void **state)
{
    (void)state;
    IMPORTS("{\"samples\":[3,2,3,1],\"timeDeltas\":[0.5,1,1,1.25],\"startTime\":1700000000000000,\"nodes\":["
            "{\"id\":3,\"callFrame\":{\"functionName\":\"\",\"url\":\"file:///a/b.js\"}},"
            "{\"id\":2,\"callFrame\":{\"functionName\":\"g\\u0041\",\"url\":\"node:fs\"},\"children\":[3]},"
            "{\"id\":1,\"callFrame\":{\"functionName\":\"(root)\",\"url\":\"\"},\"children\":[2]}]}",
            "cpuprofile",
            "0/0 0+4250 (root) [native] 4 samples\n0/0 0+3250 gA <(root) [node:fs] 3 samples\n"
            "0/0 0+1000 (anonymous) <gA [b.js] 1 sample\n0/0 2000+1250 (anonymous) <gA [b.js] 1 sample\n");
}

static void a_profile_that_is_cut_off_says_so(void **state)
{
    (void)state;
    IMPORTS("{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"f\"}}],\"timeDeltas\":[1,1,1],\"samples\":[1,1",
            "cpuprofile", "0/0 0+2000 f [native] 2 samples\nnote 1 sample 0 byte -1: The file is cut off\n");
    IMPORTS("{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"f\"}}],\"samples\":[1,1],\"timeDeltas\":[1]}",
            "cpuprofile",
            "0/0 0+0 f [native] 1 sample\n"
            "note 1 sample 0 byte -1: A sample of the profile without a time is left out\n");
}

static void calls_inside_each_other_end(void **state)
{
    (void)state;
    IMPORTS("{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"f\"},\"children\":[2]},"
            "{\"id\":2,\"callFrame\":{\"functionName\":\"g\"},\"children\":[1]}],"
            "\"samples\":[1,2],\"timeDeltas\":[1,1]}",
            "cpuprofile", "0/0 0+2000 g [native] 2 samples\n0/0 0+1000 f <g [native] 1 sample\n");
}

#define PROFILE                                                                                          \
    "{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"f\"}}],\"samples\":[1],\"timeDeltas\":[5]," \
    "\"startTime\":1}"

static void several_profiles_are_threads_of_one_trace(void **state)
{
    (void)state;
    const char *both = "0/0 0+0 f [native] 1 sample\n0/1 0+0 f [native] 1 sample\nthread 0 profile 1\n"
                       "thread 1 profile 2\n";
    IMPORTS("[" PROFILE ",\n" PROFILE "]", "cpuprofile", both);
    IMPORTS(PROFILE "\n" PROFILE, "cpuprofile", both);
    IMPORTS(PROFILE " {\"a\":1} x", "cpuprofile",
            "0/0 0+0 f [native] 1 sample\nnote 2 sample 0 byte 99: Something that is not a profile is left out\n");
}

static void a_profile_may_be_in_a_protocols_answer(void **state)
{
    (void)state;
    IMPORTS("{\"profile\":" PROFILE "}", "cpuprofile", "0/0 0+0 f [native] 1 sample\n");
    IMPORTS("{\"id\":3,\"result\":{\"profile\":" PROFILE "}}", "cpuprofile", "0/0 0+0 f [native] 1 sample\n");
}

/* ------------------------------------------------- samples in Trace Event files */

#define FRAMES \
    "\"stackFrames\":{\"1\":{\"name\":\"main\",\"category\":\"m\"},\"2\":{\"name\":\"loop\",\"parent\":\"1\"}}"

static void events_of_kind_p_are_samples_of_their_stacks(void **state)
{
    (void)state;
    IMPORTS("{\"traceEvents\":[{\"ph\":\"P\",\"name\":\"s\",\"pid\":1,\"tid\":2,\"ts\":100,\"sf\":2},"
            "{\"ph\":\"P\",\"name\":\"s\",\"pid\":1,\"tid\":2,\"ts\":110,\"sf\":\"2\"},"
            "{\"ph\":\"P\",\"name\":\"s\",\"pid\":1,\"tid\":2,\"ts\":120,\"sf\":7},"
            "{\"ph\":\"P\",\"name\":\"s\",\"pid\":1,\"tid\":2,\"ts\":130,\"sf\":1},"
            "{\"ph\":\"P\",\"name\":\"alone\",\"pid\":1,\"tid\":2,\"ts\":145}]," FRAMES "}",
            "chrome",
            "1/2 0+40000 main [m] 3 samples\n1/2 45000 alone [(none)]\n1/2 0+30000 loop <main [(none)] 2 samples\n"
            "note 1 event 0 byte -1: A sample whose stack is missing is left out\n");
}

/* perf's samples are identified by their thread; together with events of kind P they form one chart. */
static void samples_without_a_process_are_of_the_thread_that_has_events(void **state)
{
    (void)state;
    IMPORTS("{" FRAMES ",\"samples\":[{\"cpu\":0,\"tid\":2,\"ts\":100.5,\"sf\":2},{\"tid\":2,\"ts\":110.5,\"sf\":2},"
            "{\"tid\":5,\"ts\":110.5,\"sf\":1}],\"traceEvents\":["
            "{\"ph\":\"P\",\"name\":\"s\",\"pid\":7,\"tid\":2,\"ts\":120.5,\"sf\":1},"
            "{\"ph\":\"i\",\"name\":\"of a stack\",\"pid\":7,\"tid\":2,\"ts\":100.5,\"sf\":1}]}",
            "chrome",
            "0/5 10000+10000 main [m] 1 sample\n7/2 0+30000 main [m] 3 samples\n"
            "7/2 0+20000 loop <main [(none)] 2 samples\n7/2 0 of a stack <loop [(none)]\n"
            "note 1 event 2 byte 260: The stack of an event is not shown\n");
}

static void stacks_of_events_themselves_are_reported(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"i\",\"ts\":1,\"name\":\"a\",\"stack\":[\"main\",\"f\"]},"
            "{\"ph\":\"P\",\"ts\":2,\"name\":\"b\",\"stack\":[\"main\"]},{\"ph\":\"i\",\"ts\":3,\"stack\":null,"
            "\"name\":\"c\"}]",
            "chrome",
            "0/0 0 a [(none)]\n0/0 1000 b [(none)]\n0/0 2000 c [(none)]\n"
            "note 2 event 1 byte 1: The stack of an event is not shown\n");
}

static void samples_and_stack_frames_are_a_flame_chart(void **state)
{
    (void)state;
    IMPORTS("{\"traceEvents\":[{\"ph\":\"M\",\"pid\":1,\"tid\":1,\"name\":\"thread_name\",\"args\":{\"name\":\"js\"}}],"
            "\"samples\": [{\"tid\":1,\"pid\":1,\"ts\":0,\"sf\":2},{\"tid\":1,\"pid\":1,\"ts\":100,\"sf\":\"2\"},"
            "{\"tid\":1,\"pid\":1,\"ts\":200,\"sf\":2},{\"tid\":1,\"pid\":1,\"ts\":300,\"sf\":9},"
            "{\"tid\":1,\"pid\":1,\"ts\":400,\"sf\":9}],"
            "\"stackFrames\": {\"2\":{\"category\":\"a\",\"name\":\"loop\",\"parent\":1},"
            "\"1\":{\"category\":\"a\",\"name\":\"main\"}}}",
            "chrome",
            "1/1 0+300000 main [a] 3 samples\n1/1 0+300000 loop <main [a] 3 samples\nthread 1 js\n"
            "note 2 event 0 byte -1: A sample whose stack is missing is left out\n");
    IMPORTS("{\"stackFrames\":{\"1\":{\"name\":\"f\"}},\"samples\":[{\"sf\":1,\"ts\":1},{\"sf\":1,\"ts\":3}]}",
            "chrome", "0/0 0+4000 f [(none)] 2 samples\n");
    IMPORTS("{\"stackFrames\":{\"1\":{\"name\":\"f\"}}}", "chrome",
            "error: this is JSON without traceEvents, so no trace: it has \"stackFrames\"\n");
}

static void pieces_of_a_profile_belong_together(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"P\",\"name\":\"Profile\",\"pid\":1,\"tid\":2,\"id\":\"0x1\",\"ts\":90,"
            "\"cat\":\"another\",\"args\":{\"data\":{\"startTime\":100}}},"
            "{\"ph\":\"P\",\"name\":\"ProfileChunk\",\"pid\":1,\"tid\":3,\"id\":\"0x1\",\"ts\":120,\"args\":{\"data\":{"
            "\"cpuProfile\":{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"(root)\"}},"
            "{\"id\":2,\"parent\":1,\"callFrame\":{\"functionName\":\"f\",\"url\":\"x.js\"}}],\"samples\":[2,2]},"
            "\"timeDeltas\":[10,10]}}},"
            "{\"ph\":\"P\",\"name\":\"ProfileChunk\",\"pid\":1,\"tid\":3,\"id\":\"0x1\",\"ts\":150,\"args\":{\"data\":{"
            "\"cpuProfile\":{\"samples\":[1]},\"timeDeltas\":[10]}}},"
            "{\"ph\":\"i\",\"name\":\"m\",\"pid\":1,\"tid\":2,\"ts\":110}]",
            "chrome",
            "1/2 0+30000 (root) [native] 3 samples\n1/2 0+20000 f <(root) [x.js] 2 samples\n"
            "1/2 0 m <f [(none)]\n");
}

/* As webpack's ProfilingPlugin and older Chromes write it: the event is at the profile's end. */
static void an_event_may_be_a_whole_profile(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"I\",\"name\":\"CpuProfile\",\"pid\":1,\"tid\":2,\"id\":3,\"ts\":130,\"args\":{\"data\":{"
            "\"cpuProfile\":{\"startTime\":100,\"endTime\":130,"
            "\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"(root)\"},\"children\":[2]},"
            "{\"id\":2,\"callFrame\":{\"functionName\":\"f\",\"url\":\"x.js\"}}],\"samples\":[2,2],"
            "\"timeDeltas\":[10,10]}}}},"
            "{\"ph\":\"X\",\"name\":\"compile\",\"pid\":1,\"tid\":2,\"ts\":100,\"dur\":50}]",
            "chrome",
            "1/2 0+50000 compile [(none)]\n1/2 10000+20000 (root) <compile [native] 2 samples\n"
            "1/2 10000+20000 f <(root) [x.js] 2 samples\n");
    IMPORTS("[{\"ph\":\"I\",\"name\":\"CpuProfile\",\"pid\":1,\"tid\":2,\"ts\":130,\"args\":{\"a\":1}}]", "chrome",
            "1/2 0 CpuProfile [(none)] {\"a\":1}\n");
}

/* ----------------------------------------------------------------- not traces */

#define SAYS(text, words) IMPORTS(text, "json", "error: " words "\n")

static void what_is_no_trace_is_called_by_its_name(void **state)
{
    (void)state;
    SAYS("{\"name\":\"x\",\"version\":\"1.0.0\",\"dependencies\":{}}", "this is a package.json, not a trace");
    SAYS("{\"name\":\"x\",\"lockfileVersion\":3}", "this is a package-lock.json, not a trace");
    SAYS("{\"compilerOptions\":{}}", "this is a tsconfig.json, not a trace");
    SAYS("{\"version\":3,\"sources\":[],\"mappings\":\"\"}", "this is a source map, not a trace");
    SAYS("{\"log\":{\"version\":\"1.2\",\"entries\":[]}}",
         "this is an HTTP archive (HAR): the network panel of a browser's developer tools opens it");
    SAYS("{\"meta\":{},\"libs\":[],\"threads\":[]}",
         "this is a Firefox profile: profiler.firefox.com opens it. For ringscope, record the program with perf");
    SAYS("{\"$schema\":\"x\",\"shared\":{\"frames\":[]},\"profiles\":[]}",
         "this is a speedscope file: speedscope.app opens it. For ringscope, take the file that it was made of");
    SAYS("{\"a\":1,\"b\":{\"traceEvents\":[]},\"c\":3,\"d\":4,\"e\":5,\"f\":6}",
         "this is JSON without traceEvents, so no trace: it has \"a\", \"b\", \"c\", \"d\" and 2 more keys");
    SAYS("{}", "this is JSON without traceEvents, so no trace: it has no keys");
}

static void reports_of_other_tools_are_called_by_their_names(void **state)
{
    (void)state;
    SAYS("{\"resourceMetrics\":[]}", "these are metrics of OpenTelemetry (OTLP), not a trace");
    SAYS("{\"resourceLogs\":[]}", "these are logs of OpenTelemetry (OTLP), not a trace");
    SAYS("{\"openapi\":\"3.1.0\",\"info\":{},\"paths\":{}}", "this is an OpenAPI description, not a trace");
    SAYS("{\"type\":\"FeatureCollection\",\"features\":[]}", "this is GeoJSON, not a trace");
    SAYS("{\"$schema\":\"x\",\"version\":\"2.1.0\",\"runs\":[]}",
         "this is a report of a static analysis (SARIF), not a trace");
    SAYS("{\"context\":{},\"benchmarks\":[]}", "these are results of Google Benchmark, not a trace");
    SAYS("{\"numFailedTests\":0,\"numTotalTests\":1,\"testResults\":[]}", "this is a report of Jest, not a trace");
    SAYS("{\"result\":[{\"scriptId\":\"7\",\"url\":\"x\",\"functions\":[]}],\"timestamp\":1.5}",
         "this is a report of V8's coverage, not a trace");
    SAYS("{\"result\":[1]}", "this is JSON without traceEvents, so no trace: it has \"result\"");
}

static void what_an_array_has_instead_of_events_is_said(void **state)
{
    (void)state;
    SAYS("[{\"traceId\":\"a\",\"id\":\"b\",\"localEndpoint\":{}}]",
         "these are spans of Zipkin, which ringscope does not read");
    SAYS("[{\"directory\":\"/\",\"command\":\"cc\",\"file\":\"a.c\"}]", "this is a compile_commands.json, not a trace");
    SAYS("[{\"arguments\":[\"cc\"],\"directory\":\"/\",\"file\":\"a.c\"}]",
         "this is a compile_commands.json, not a trace");
    SAYS("[{\"url\":\"x\",\"ranges\":[],\"text\":\"\"}]", "this is a report of Chrome's Coverage panel, not a trace");
    SAYS("[{\"resourceSpans\":[]}]", "these are spans of OpenTelemetry (OTLP), which ringscope does not read");
    SAYS("[{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5}]", "this is JSON without events, which have a \"ph\": its first "
                                                        "object has \"a\", \"b\", \"c\", \"d\" and 1 more key");
    SAYS("[1,2,3]", "this is an array of JSON without events, so no trace");
    SAYS("[null]", "this is an array of JSON without events, so no trace");
}

static void events_that_stand_elsewhere_are_no_empty_trace(void **state)
{
    (void)state;
    IMPORTS("{\"data\":{\"traceEvents\":[{\"ph\":\"i\",\"ts\":1}]}}", "chrome",
            "error: this is JSON without traceEvents, so no trace: it has \"data\"\n");
    IMPORTS("{\"traceEvents\":{\"0\":{\"ph\":\"i\",\"ts\":1}}}", "chrome",
            "error: this is JSON whose traceEvents is no array of events\n");
    IMPORTS("{\"traceEvents\":null}", "chrome", "error: this is JSON whose traceEvents is no array of events\n");
    IMPORTS("{\"traceEvents\":[{\"a\":{\"ph\":1}}]}", "chrome",
            "error: this is JSON, but nothing in its array is an event, which has a \"ph\"\n");
    IMPORTS("{\"traceEvents\":[]}", "chrome", "");
    IMPORTS("[]", "chrome", "");
}

/* The identifying text may come after everything that is inspected in advance. */
static void long_files_are_called_by_their_names_too(void **state)
{
    (void)state;
    const size_t room = 200000;
    char *text = malloc(room);
    assert_non_null(text);
    size_t used = (size_t)snprintf(text, room, "{\"nodes\":[1");
    while (used < room - 100)
        used += (size_t)snprintf(text + used, room - used, ",\n1");
    used += (size_t)snprintf(text + used, room - used, "],\"snapshot\":{}}");
    struct imported imported = import_text(text, used, 1000);
    assert_string_equal(imported.message.text, "this is a heap snapshot of V8, which has no times: Chrome's developer "
                                               "tools open it, under Memory");
    imported_free(&imported);
    free(text);
}

/* A file whose beginning does not identify it is read as a trace to its end. */
static void keys_that_are_long_or_late_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *begin, *end, *words;
    } each[] = {
        { "{\"", "\":1}", "1 key" },
        { "{\"a\":1,\"", "\":1,\"b\":2}", "\"a\", \"b\" and 1 more key" },
        { "{ ", "}", "no keys" },
    };
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        const size_t filled = 70000, begin = strlen(each[i].begin), end = strlen(each[i].end);
        char words[100], *text = malloc(begin + filled + end);
        assert_non_null(text);
        memcpy(text, each[i].begin, begin);
        memset(text + begin, each[i].begin[begin - 1] == ' ' ? ' ' : 'k', filled);
        memcpy(text + begin + filled, each[i].end, end);
        struct imported imported = import_text(text, begin + filled + end, 1000);
        snprintf(words, sizeof words, "this is JSON without traceEvents, so no trace: it has %s", each[i].words);
        assert_string_equal(imported.message.text, words);
        imported_free(&imported);
        free(text);
    }
}

static void profiles_of_v8_are_told_apart(void **state)
{
    (void)state;
    SAYS("{\"head\":{\"functionName\":\"(root)\",\"callUID\":1},\"startTime\":1,\"endTime\":2,\"samples\":[1],"
         "\"timestamps\":[1]}",
         "this is a CPU profile of an old V8, before 2016: record it anew, or open it in Chrome's developer tools");
    SAYS("{\"head\":{\"callFrame\":{\"functionName\":\"(root)\"},\"selfSize\":0,\"children\":[]}}",
         "this is a heap profile of V8: Chrome's developer tools open it, under Memory");
}

/* Chrome traces with systrace contain the kernel's events as ftrace text. */
static void events_in_a_text_are_noted(void **state)
{
    (void)state;
    IMPORTS("{\"traceEvents\":[{\"ph\":\"i\",\"ts\":1,\"name\":\"a\"}],\"systemTraceEvents\":\"\"}", "chrome",
            "0/0 0 a [(none)]\n");
    IMPORTS("{\"traceEvents\":[{\"ph\":\"i\",\"ts\":1,\"name\":\"a\"}],\"systemTraceEvents\":\"# tracer\"}", "chrome",
            "0/0 0 a [(none)]\n"
            "note 1 event 1 byte 46: The kernel's events in a text beside the others are not shown\n");
}

static void traces_with_such_keys_are_traces(void **state)
{
    (void)state;
    IMPORTS("{\"name\":\"x\",\"dependencies\":{},\"traceEvents\":[{\"ph\":\"i\",\"ts\":1,\"name\":\"a\"}]}", "chrome",
            "0/0 0 a [(none)]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_is_a_flame_chart_of_its_samples),
        cmocka_unit_test(the_order_of_a_profile_makes_no_difference),
        cmocka_unit_test(a_profile_that_is_cut_off_says_so),
        cmocka_unit_test(calls_inside_each_other_end),
        cmocka_unit_test(several_profiles_are_threads_of_one_trace),
        cmocka_unit_test(a_profile_may_be_in_a_protocols_answer),
        cmocka_unit_test(events_of_kind_p_are_samples_of_their_stacks),
        cmocka_unit_test(samples_without_a_process_are_of_the_thread_that_has_events),
        cmocka_unit_test(stacks_of_events_themselves_are_reported),
        cmocka_unit_test(samples_and_stack_frames_are_a_flame_chart),
        cmocka_unit_test(pieces_of_a_profile_belong_together),
        cmocka_unit_test(an_event_may_be_a_whole_profile),
        cmocka_unit_test(what_is_no_trace_is_called_by_its_name),
        cmocka_unit_test(reports_of_other_tools_are_called_by_their_names),
        cmocka_unit_test(what_an_array_has_instead_of_events_is_said),
        cmocka_unit_test(events_that_stand_elsewhere_are_no_empty_trace),
        cmocka_unit_test(long_files_are_called_by_their_names_too),
        cmocka_unit_test(keys_that_are_long_or_late_are_counted),
        cmocka_unit_test(profiles_of_v8_are_told_apart),
        cmocka_unit_test(events_in_a_text_are_noted),
        cmocka_unit_test(traces_with_such_keys_are_traces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
