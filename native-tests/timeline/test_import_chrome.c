/* Trace Event JSON as tools really write it: whatever is shown is true, and whatever cannot be shown is noted. */
#include "imported.h"

#define SHOWS(text, expected) assert_imports(text, sizeof(text) - 1, "chrome", expected)

/* -------------------------------------------------------------------- pairing */

static void beginnings_and_ends_pair_in_the_order_of_time(void **state)
{
    (void)state;
    SHOWS(
        "[{\"ph\":\"E\",\"pid\":1,\"tid\":1,\"ts\":80},{\"ph\":\"B\",\"pid\":1,\"tid\":1,\"ts\":50,\"name\":\"second\"}"
        ","
        "{\"ph\":\"E\",\"pid\":1,\"tid\":1,\"ts\":30},{\"ph\":\"B\",\"pid\":1,\"tid\":1,\"ts\":10,\"name\":\"first\"}]",
        "1/1 0+20000 first [(none)]\n1/1 40000+30000 second [(none)]\n");
}

static void spans_of_one_time_rank_by_their_beginnings(void **state)
{
    (void)state;
    SHOWS(
        "[{\"ph\":\"B\",\"pid\":1,\"tid\":1,\"ts\":10,\"name\":\"outer\"},{\"ph\":\"B\",\"pid\":1,\"tid\":1,\"ts\":10,"
        "\"name\":\"middle\"},"
        "{\"ph\":\"B\",\"pid\":1,\"tid\":1,\"ts\":10,\"name\":\"inner\"},{\"ph\":\"E\",\"pid\":1,\"tid\":1,\"ts\":12},"
        "{\"ph\":\"E\",\"pid\":1,\"tid\":1,\"ts\":12},{\"ph\":\"E\",\"pid\":1,\"tid\":1,\"ts\":12}]",
        "1/1 0+2000 outer [(none)]\n1/1 0+2000 middle <outer [(none)]\n1/1 0+2000 inner <middle [(none)]\n");
}

static void a_named_end_closes_its_own_and_what_it_passes_over(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"B\",\"ts\":0,\"name\":\"main\"},{\"ph\":\"B\",\"ts\":11,\"name\":\"step\"},{\"ph\":\"B\",\"ts\":"
          "12,\"name\":\"inner\"},"
          "{\"ph\":\"E\",\"ts\":19,\"name\":\"step\"},{\"ph\":\"E\",\"ts\":20,\"name\":\"inner\"},{\"ph\":\"B\",\"ts\":"
          "21,\"name\":\"step\"},"
          "{\"ph\":\"E\",\"ts\":29},{\"ph\":\"E\",\"ts\":50,\"name\":\"main\"}]",
          "0/0 0+50000 main [(none)]\n0/0 11000+8000 step <main [(none)]\n0/0 21000+8000 step <main [(none)]\n"
          "0/0 12000+7000 inner <step [(none)] open\n"
          "note 1 event 3 byte 66: A span never ended: it is drawn to its parent's end\n"
          "note 1 event 5 byte 133: An end without a beginning is left out\n");
}

static void async_spans_pair_by_id_and_name(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"b\",\"ts\":0,\"name\":\"parent\",\"id\":7},{\"ph\":\"b\",\"ts\":0,\"name\":\"t0\",\"id\":7},"
          "{\"ph\":\"e\",\"ts\":40,\"name\":\"t1\",\"id\":7},{\"ph\":\"b\",\"ts\":10,\"name\":\"t1\",\"id\":7},"
          "{\"ph\":\"e\",\"ts\":50,\"name\":\"parent\",\"id\":7},{\"ph\":\"e\",\"ts\":30,\"name\":\"t0\",\"id\":7}]",
          "0/0 0+50000 parent [(none)]\n0/0 0+30000 t0 [(none)]\n0/0 10000+30000 t1 [(none)]\n");
}

static void what_ends_and_begins_says_is_one_object(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"B\",\"ts\":0,\"name\":\"a\",\"args\":{\"x\":[1,{}]}},{\"ph\":\"E\",\"ts\":1,\"args\":{ \"y\" : 2 "
          "},\"tts\":7},"
          "{\"ph\":\"B\",\"ts\":2,\"name\":\"b\",\"args\":{\"detail\":\"d\"}},{\"ph\":\"E\",\"ts\":3,\"args\":{\"y\":3}"
          "}]",
          "0/0 0+1000 a [(none)] {\"x\":[1,{}],\"y\" : 2,\"tts_end\":7}\n0/0 2000+1000 b [(none)] d {\"y\":3}\n");
}

/* -------------------------------------------------------------------- numbers */

static void what_our_own_export_says_is_taken_apart(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"i\",\"ts\":0,\"name\":\"a\",\"args\":{\"detail\":\"d\",\"failed\":true}},"
          "{\"ph\":\"i\",\"ts\":1,\"name\":\"b\",\"args\":{\"detail\":\"d\",\"arguments\":\"{\\\"n\\\":1}\",\"failed\":"
          "true}},"
          "{\"ph\":\"i\",\"ts\":2,\"name\":\"c\",\"args\":{ \"arguments\" : \"[1]\" , \"result\" : \"3\" }},"
          "{\"ph\":\"i\",\"ts\":3,\"name\":\"e\",\"args\":{\"result\":\"[1]\",\"failed\":true,\"detail_lost\":true}}]",
          "0/0 0 a [(none)] d !\n0/0 1000 b [(none)] d {\"n\":1} !\n"
          "0/0 2000 c [(none)] {\"arguments\":[1],\"result\":3}\n"
          "0/0 3000 e [(none)] {\"arguments\":null,\"result\":[1]} !\n");
}

/* Members with the same names from other tools stay as they are. */
static void what_only_looks_like_our_own_export_stays_arguments(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"i\",\"ts\":0,\"name\":\"a\",\"args\":{\"result\":\"3\"}},"
          "{\"ph\":\"i\",\"ts\":1,\"name\":\"b\",\"args\":{\"arguments\":\"-x -y\",\"result\":\"[1]\"}},"
          "{\"ph\":\"i\",\"ts\":2,\"name\":\"c\",\"args\":{\"arguments\":\"[1] or so\"}},"
          "{\"ph\":\"i\",\"ts\":3,\"name\":\"d\",\"args\":{\"detail\":\"d\",\"depth\":1}},"
          "{\"ph\":\"i\",\"ts\":4,\"name\":\"e\",\"args\":{\"arguments\":\"[1]\",\"result\":3}},"
          "{\"ph\":\"i\",\"ts\":5,\"name\":\"f\",\"args\":{\"arguments\":\"[1]\",\"result\":\"3,4\"}}]",
          "0/0 0 a [(none)] {\"result\":\"3\"}\n"
          "0/0 1000 b [(none)] {\"arguments\":\"-x -y\",\"result\":\"[1]\"}\n"
          "0/0 2000 c [(none)] {\"arguments\":\"[1] or so\"}\n"
          "0/0 3000 d [(none)] {\"detail\":\"d\",\"depth\":1}\n"
          "0/0 4000 e [(none)] {\"arguments\":\"[1]\",\"result\":3}\n"
          "0/0 5000 f [(none)] {\"arguments\":\"[1]\",\"result\":\"3,4\"}\n");
}

static void times_since_1970_keep_their_nanoseconds(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"X\",\"ts\":1700000000000000.001,\"dur\":1,\"name\":\"a\"},{\"ph\":\"X\",\"ts\":"
          "\"1700000000000001.0025\",\"dur\":0.0015,\"name\":\"b\"},"
          "{\"ph\":\"X\",\"ts\":17000000000000020e-1,\"dur\":1e1,\"name\":\"c\"}]",
          "0/0 0+1000 a [(none)]\n0/0 1002+2 b [(none)]\n0/0 1999+10000 c [(none)]\n");
}

static void times_beyond_that_are_counted_from_the_first(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"X\",\"ts\":1700000000000000001,\"dur\":1,\"name\":\"a\"},{\"ph\":\"X\",\"ts\":"
          "1700000000000000003.5,\"dur\":1,\"name\":\"b\"}]",
          "0/0 0+1000 a [(none)]\n0/0 2500+1000 b [(none)]\n");
}

static void threads_of_any_number_or_word_are_apart(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"i\",\"pid\":1,\"tid\":9223372036854775807,\"ts\":0,\"name\":\"a\"},"
          "{\"ph\":\"i\",\"pid\":1,\"tid\":18446744073709551615,\"ts\":1,\"name\":\"b\"},"
          "{\"ph\":\"i\",\"pid\":1,\"tid\":-1,\"ts\":2,\"name\":\"c\"},{\"ph\":\"i\",\"pid\":1,\"tid\":\"gpu\",\"ts\":"
          "3,\"name\":\"d\"},"
          "{\"ph\":\"i\",\"pid\":1,\"tid\":\"-1\",\"ts\":4,\"name\":\"e\"}]",
          "1/-4503599627370498 3000 d [(none)]\n1/-4503599627370497 1000 b [(none)]\n1/-4503599627370496 0 a [(none)]\n"
          "1/-1 2000 c [(none)]\n1/-1 4000 e [(none)]\n"
          "thread -4503599627370498 gpu\nthread -4503599627370497 18446744073709551615\n"
          "thread -4503599627370496 9223372036854775807\n");
}

static void durations_that_are_none_are_noted(void **state)
{
    (void)state;
    SHOWS(
        "[{\"ph\":\"X\",\"ts\":10,\"dur\":null,\"name\":\"a\"},{\"ph\":\"X\",\"ts\":20,\"dur\":NaN,\"name\":\"b\"},"
        "{\"ph\":\"X\",\"ts\":NaN,\"dur\":4,\"name\":\"c\"},{\"ph\":\"X\",\"ts\":30,\"dur\":-Infinity,\"name\":\"d\"},"
        "{\"ph\":\"X\",\"ts\":40,\"dur\":-2,\"name\":\"e\"},{\"ph\":\"X\",\"ts\":50,\"dur\":\"long\",\"name\":\"f\"},{"
        "\"ph\":\"X\",\"ts\":60,\"name\":\"g\"}]",
        "0/0 0 a [(none)]\n0/0 10000 b [(none)]\n0/0 20000 d [(none)]\n0/0 30000 e [(none)]\n0/0 40000 f [(none)]\n"
        "0/0 50000 g [(none)]\n"
        "note 2 event 1 byte 1: An event without a duration is shown as an instant\n"
        "note 3 event 2 byte 42: An event whose duration is not a number is shown as an instant\n"
        "note 1 event 3 byte 82: An event whose time is not a number is left out\n"
        "note 1 event 5 byte 167: An event with a negative duration is shown as an instant\n");
}

/* -------------------------------------------------------------------- counters */

static void counters_have_a_track_for_each_id_and_series(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"C\",\"ts\":0,\"name\":\"heap\",\"id\":\"0xa\",\"args\":{\"bytes\":0}},{\"ph\":\"C\",\"ts\":0,"
          "\"name\":\"heap\",\"id\":\"0xb\",\"args\":{\"bytes\":1}},"
          "{\"ph\":\"C\",\"ts\":1,\"name\":\"mem\",\"args\":{\"used\":5}},{\"ph\":\"C\",\"ts\":2,\"name\":\"mem\","
          "\"args\":{\"used\":\"+10.5\",\"free\":\".5\"}},"
          "{\"ph\":\"C\",\"ts\":3,\"name\":\"mem\",\"args\":{\"used\":true}},{\"ph\":\"C\",\"ts\":4,\"name\":\"mem\"}]",
          "0/0 0 heap 0xa=0 [(none)]\n0/0 0 heap 0xb=1 [(none)]\n0/0 1000 mem used=5 [(none)]\n"
          "0/0 2000 mem used=10.5 [(none)]\n0/0 2000 mem free=0.5 [(none)]\n"
          "note 1 event 5 byte 241: A counter's value that is not a number is left out\n"
          "note 1 event 6 byte 293: A counter without a value is left out\n");
}

/* ----------------------------------------------------------------------- kinds */

static void older_kinds_are_shown(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"S\",\"ts\":0,\"name\":\"load\",\"id\":1},{\"ph\":\"T\",\"ts\":5,\"name\":\"load\",\"id\":1,"
          "\"args\":{\"step\":\"headers\"}},"
          "{\"ph\":\"F\",\"ts\":20,\"name\":\"load\",\"id\":1},{\"ph\":\"R\",\"ts\":1,\"name\":\"paint\"},{\"ph\":"
          "\"I\",\"ts\":2,\"name\":\"i\"}]",
          "0/0 1000 paint [(none)]\n0/0 2000 i [(none)]\n0/0 0+20000 load [(none)]\n"
          "0/0 5000 headers [(none)] {\"step\":\"headers\"}\n");
}

static void flows_lead_from_span_to_span(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"f\",\"pid\":1,\"tid\":2,\"ts\":10,\"name\":\"f\",\"id\":5,\"cat\":\"f\",\"bp\":\"e\"},"
          "{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":1,\"dur\":2,\"name\":\"a\"},{\"ph\":\"X\",\"pid\":1,\"tid\":1,"
          "\"ts\":1,\"dur\":1,\"name\":\"inner\"},"
          "{\"ph\":\"s\",\"pid\":1,\"tid\":1,\"ts\":2,\"name\":\"f\",\"id\":5,\"cat\":\"f\"},{\"ph\":\"t\",\"pid\":1,"
          "\"tid\":1,\"ts\":5,\"name\":\"f\",\"id\":5,\"cat\":\"f\"},"
          "{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":5,\"dur\":1,\"name\":\"step\"},{\"ph\":\"X\",\"pid\":1,\"tid\":2,"
          "\"ts\":10,\"dur\":2,\"name\":\"b\"},"
          "{\"ph\":\"s\",\"pid\":1,\"tid\":1,\"ts\":2,\"name\":\"g\",\"id\":5,\"cat\":\"f\"},{\"ph\":\"f\",\"pid\":1,"
          "\"tid\":2,\"ts\":9,\"name\":\"g\",\"id\":5,\"cat\":\"f\"},"
          "{\"ph\":\"s\",\"pid\":1,\"tid\":1,\"ts\":50,\"id\":7},{\"ph\":\"s\",\"pid\":1,\"tid\":1,\"ts\":1,\"id\":8}]",
          "1/1 0+2000 a [(none)]\n1/1 4000+1000 step [(none)]\n1/1 0+1000 inner <a [(none)]\n1/2 9000+2000 b [(none)]\n"
          "flow a 1000 to step 4000\nflow step 4000 to b 9000\nflow a 1000 to b 8000\n"
          "note 1 event 0 byte -1: An end of a flow is in no span\nnote 1 event 0 byte -1: A flow has one end only\n");
}

static void spans_may_be_bound_to_flows(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"X\",\"ts\":9,\"dur\":2,\"name\":\"b\",\"bind_id\":\"0x1\",\"flow_in\":true},"
          "{\"ph\":\"X\",\"ts\":1,\"dur\":2,\"name\":\"a\",\"bind_id\":\"0x1\",\"flow_out\":true},{\"ph\":\"X\",\"ts\":"
          "1,\"dur\":1,\"name\":\"inner\"}]",
          "0/0 0+2000 a [(none)]\n0/0 8000+2000 b [(none)]\n0/0 0+1000 inner <a [(none)]\nflow a 0 to b 8000\n");
}

static void kinds_that_are_not_shown_are_counted_by_kind(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"N\",\"ts\":0},{\"ph\":\"v\",\"ts\":0},{\"ph\":\"v\",\"ts\":0},{\"ts\":1},{\"ph\":\"M\",\"name\":"
          "\"num_cpus\",\"args\":{\"number\":4}},7]",
          "note 1 event 1 byte 1: A state of an object, of kind \"N\" is not shown\n"
          "note 2 event 2 byte 19: An event of kind \"v\" is not shown\n"
          "note 1 event 4 byte 55: An event without a kind is left out\n"
          "note 1 event 5 byte 64: Metadata other than names, labels and order is not shown\n"
          "note 1 event 5 byte 113: Something among the events is not an event\n");
}

static void processes_have_labels_and_threads_an_order(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{\"name\":\"tab\"}},{\"ph\":\"M\",\"pid\":1,"
          "\"name\":\"process_labels\",\"args\":{\"labels\":\"a page\"}},"
          "{\"ph\":\"M\",\"pid\":1,\"tid\":1,\"name\":\"thread_sort_index\",\"args\":{\"sort_index\":5}},"
          "{\"ph\":\"i\",\"pid\":1,\"tid\":1,\"ts\":1,\"name\":\"late\"},{\"ph\":\"i\",\"pid\":1,\"tid\":2,\"ts\":2,"
          "\"name\":\"early\"}]",
          "1/2 1000 early [(none)]\n1/1 0 late [(none)]\nprocess 1 tab (a page)\n");
}

/* A process or thread identified by a word is shown by it; it used to be shown by one of our internal numbers. */
static void an_empty_name_is_none(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"i\",\"pid\":\"gpu\",\"tid\":\"main\",\"ts\":1,\"name\":\"a\"},"
          "{\"ph\":\"M\",\"pid\":\"gpu\",\"name\":\"process_name\",\"args\":{\"name\":\"\"}},"
          "{\"ph\":\"M\",\"pid\":\"gpu\",\"name\":\"process_labels\",\"args\":{\"labels\":\"\"}},"
          "{\"ph\":\"M\",\"pid\":\"gpu\",\"tid\":\"main\",\"name\":\"thread_name\",\"args\":{\"name\":null}}]",
          "-4503599627370496/-4503599627370497 0 a [(none)]\nprocess -4503599627370496 gpu\n"
          "thread -4503599627370497 main\n");
}

/* -------------------------------------------------------- spans without duration */

#define MARK(ph, ts, name) "{\"ph\":\"" ph "\",\"ts\":" #ts ",\"name\":\"" name "\"}"
#define PAIR(ts, name) MARK("B", ts, name) "," MARK("E", ts, name)

static void a_span_that_lasts_nothing_is_within_what_it_began_in(void **state)
{
    (void)state;
    SHOWS("[" MARK("B", 1, "a") "," MARK("B", 1, "b") "," PAIR(1, "c") "," PAIR(1, "d") "," MARK("E", 1, "b") "," MARK(
              "E", 1, "a") "]",
          "0/0 0+0 a [(none)]\n0/0 0+0 b <a [(none)]\n0/0 0+0 c <b [(none)]\n0/0 0+0 d <b [(none)]\n");
    SHOWS("[" MARK("B", 1, "a") "," PAIR(3, "b") "," PAIR(3, "c") "," MARK("E", 3, "a") "," PAIR(3, "d") "]",
          "0/0 0+2000 a [(none)]\n0/0 2000+0 d [(none)]\n0/0 2000+0 b <a [(none)]\n0/0 2000+0 c <a [(none)]\n");
}

/* A span contains its beginning, not its end: what happens when one ends and another begins is in the later one,
 * wherever it is in the file. */
static void between_two_spans_an_instant_is_in_the_later_one(void **state)
{
    (void)state;
    const char *const texts[] = {
        "[{\"ph\":\"B\",\"ts\":1,\"name\":\"a\"},{\"ph\":\"E\",\"ts\":5},{\"ph\":\"i\",\"ts\":5,\"name\":\"m\"},"
        "{\"ph\":\"B\",\"ts\":5,\"name\":\"b\"},{\"ph\":\"E\",\"ts\":9}]",
        "[{\"ph\":\"i\",\"ts\":5,\"name\":\"m\"},{\"ph\":\"X\",\"ts\":1,\"dur\":4,\"name\":\"a\"},"
        "{\"ph\":\"X\",\"ts\":5,\"dur\":4,\"name\":\"b\"}]",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_imports(texts[i], strlen(texts[i]), "chrome",
                       "0/0 0+4000 a [(none)]\n0/0 4000+4000 b [(none)]\n0/0 4000 m <b [(none)]\n");
}

static void what_follows_a_span_that_lasts_nothing_is_not_around_it(void **state)
{
    (void)state;
    SHOWS("[" MARK("B", 1, "a") "," MARK("B", 2, "b") "," PAIR(2, "c") "," MARK("E", 2, "b") "," MARK(
              "B", 2, "d") "," MARK("E", 3, "d") "," MARK("E", 3, "a") "]",
          "0/0 0+2000 a [(none)]\n0/0 1000+0 b <a [(none)]\n0/0 1000+1000 d <a [(none)]\n0/0 1000+0 c <b [(none)]\n");
    SHOWS("[" MARK("B", 1, "a") "," MARK("E", 3, "a") "," MARK("B", 3, "b") "," PAIR(3, "c") "," MARK("E", 4, "b") "]",
          "0/0 0+2000 a [(none)]\n0/0 2000+1000 b [(none)]\n0/0 2000+0 c <b [(none)]\n");
}

/* --------------------------------------------------------------------- salvage */

static void spaces_that_events_before_did_not_have_make_no_difference(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"i\",\"ts\":1},{\"ph\": \"i\",\"ts\":2},{\"ph\" :\"i\", \"ts\":\n3}]",
          "0/0 0 (no name) [(none)]\n0/0 1000 (no name) [(none)]\n0/0 2000 (no name) [(none)]\n");
}

static void a_value_may_begin_as_that_of_the_event_before(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"i\",\"pid\":1,\"tid\":2,\"cat\":\"a\",\"ts\":0,\"name\":\"one\"},"
          "{\"ph\":\"i\",\"pid\":12,\"tid\":2,\"cat\":\"ab\",\"ts\":1,\"name\":\"two\"},"
          "{\"ph\":\"i\",\"pid\":1 ,\"tid\":23,\"cat\":\"a\" ,\"ts\":2,\"name\":\"three\"}]",
          "1/2 0 one [a]\n1/23 2000 three [a]\n12/2 1000 two [ab]\n");
}

static void a_damaged_event_costs_only_itself(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"i\",\"ts\":1,\"name\":\"before\"},{\"ph\":\"i\",\"ts\":2,\"name\":\"{\"device\": \"cpu\"}: "
          "run\"},{\"ph\":\"i\",\"ts\":3,\"name\":\"after\"}]",
          "0/0 0 before [(none)]\n0/0 2000 after [(none)]\n"
          "note 1 event 2 byte 35: An event that is not JSON is left out: expected a comma or }\n");
    SHOWS("[{\"ph\":\"i\",\"ts\":1,\"args\":{\"a\":\"it\"s\"}},{\"ph\":\"i\",\"ts\":2,\"name\":\"a\nb\"},{\"ph\":\"i\","
          "\"ts\":tru},{\"ph\":\"i\",\"ts\":3}]",
          "0/0 0 (no name) [(none)]\n"
          "note 1 event 1 byte 1: An event that is not JSON is left out: expected a comma or }\n"
          "note 1 event 2 byte 39: An event that is not JSON is left out: expected no control byte within quotes\n"
          "note 1 event 3 byte 70: An event that is not JSON is left out: expected a value\n");
}

static void events_in_arrays_within_the_array_are_read(void **state)
{
    (void)state;
    SHOWS("[[{\"ph\":\"i\",\"ts\":1,\"name\":\"a\"}],[ {\"ph\":\"i\",\"ts\":2,\"name\":\"b\"}], [1, 2], "
          "{\"ph\":\"i\",\"ts\":3,\"name\":\"c\"}]",
          "0/0 0 a [(none)]\n0/0 1000 b [(none)]\n0/0 2000 c [(none)]\n"
          "note 2 event 0 byte 1: Events are in an array within the array\n"
          "note 1 event 2 byte 65: Something among the events is not an event\n");
}

static void junk_between_events_is_passed_over(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"i\",\"ts\":1} ; ]", "0/0 0 (no name) [(none)]\n"
                                          "note 1 event 1 byte 19: Something among the events is not an event\n");
}

static void what_follows_the_end_is_read_as_well(void **state)
{
    (void)state;
    SHOWS("[{\"ph\":\"i\",\"ts\":1}]\n[{\"ph\":\"i\",\"ts\":2}]",
          "0/0 0 (no name) [(none)]\n0/0 1000 (no name) [(none)]\n"
          "note 1 event 1 byte 20: There is more text after the end of the trace\n");
    SHOWS("[{\"ph\":\"i\",\"ts\":1}],{\"ph\":\"i\",\"ts\":2}]]",
          "0/0 0 (no name) [(none)]\n0/0 1000 (no name) [(none)]\n"
          "note 2 event 1 byte 19: There is more text after the end of the trace\n");
    SHOWS("{\"traceEvents\":[{\"ph\":\"i\",\"ts\":1}]}{\"traceEvents\":[{\"ph\":\"i\",\"ts\":2}]}\0\0",
          "0/0 0 (no name) [(none)]\n0/0 1000 (no name) [(none)]\n"
          "note 2 event 1 byte 35: There is more text after the end of the trace\n");
}

static void events_need_no_array(void **state)
{
    (void)state;
    SHOWS("{\"name\":\"a\",\"ph\":\"i\",\"ts\":1}\n{\"name\":\"b\",\"ph\":\"i\",\"ts\":2}\n",
          "0/0 0 a [(none)]\n0/0 1000 b [(none)]\n");
    SHOWS("{\"name\":\"of all\",\"traceEvents\":[{\"name\":\"a\",\"ph\":\"i\",\"ts\":1}]}", "0/0 0 a [(none)]\n");
}

static void a_cut_file_shows_what_it_has(void **state)
{
    (void)state;
    SHOWS("{\"traceEvents\":[{\"ph\":\"i\",\"ts\":1},{\"ph\":\"i\",\"ts\":2,\"na",
          "0/0 0 (no name) [(none)]\n"
          "note 1 event 2 byte 34: The file is cut off within an event\n");
    SHOWS("{\"traceEvents\":[{\"ph\":\"i\",\"ts\":1}",
          "0/0 0 (no name) [(none)]\nnote 1 event 1 byte 33: The file is cut off\n");
    SHOWS("[{\"ph\":\"i\",\"ts\":1},\n", "0/0 0 (no name) [(none)]\n");
}

static void damage_before_the_events_hides_none(void **state)
{
    (void)state;
    SHOWS("{\"other\":{\"a\":\"x\"y\"},\"traceEvents\":[{\"ph\":\"i\",\"ts\":1},{\"ph\":\"i\",\"ts\":2}]}",
          "0/0 0 (no name) [(none)]\n0/0 1000 (no name) [(none)]\n"
          "note 1 event 0 byte 17: The data beside the events is damaged\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beginnings_and_ends_pair_in_the_order_of_time),
        cmocka_unit_test(spans_of_one_time_rank_by_their_beginnings),
        cmocka_unit_test(a_named_end_closes_its_own_and_what_it_passes_over),
        cmocka_unit_test(async_spans_pair_by_id_and_name),
        cmocka_unit_test(what_ends_and_begins_says_is_one_object),
        cmocka_unit_test(what_our_own_export_says_is_taken_apart),
        cmocka_unit_test(what_only_looks_like_our_own_export_stays_arguments),
        cmocka_unit_test(times_since_1970_keep_their_nanoseconds),
        cmocka_unit_test(times_beyond_that_are_counted_from_the_first),
        cmocka_unit_test(threads_of_any_number_or_word_are_apart),
        cmocka_unit_test(durations_that_are_none_are_noted),
        cmocka_unit_test(counters_have_a_track_for_each_id_and_series),
        cmocka_unit_test(older_kinds_are_shown),
        cmocka_unit_test(flows_lead_from_span_to_span),
        cmocka_unit_test(spans_may_be_bound_to_flows),
        cmocka_unit_test(kinds_that_are_not_shown_are_counted_by_kind),
        cmocka_unit_test(processes_have_labels_and_threads_an_order),
        cmocka_unit_test(an_empty_name_is_none),
        cmocka_unit_test(a_span_that_lasts_nothing_is_within_what_it_began_in),
        cmocka_unit_test(between_two_spans_an_instant_is_in_the_later_one),
        cmocka_unit_test(what_follows_a_span_that_lasts_nothing_is_not_around_it),
        cmocka_unit_test(spaces_that_events_before_did_not_have_make_no_difference),
        cmocka_unit_test(a_value_may_begin_as_that_of_the_event_before),
        cmocka_unit_test(a_damaged_event_costs_only_itself),
        cmocka_unit_test(events_in_arrays_within_the_array_are_read),
        cmocka_unit_test(junk_between_events_is_passed_over),
        cmocka_unit_test(what_follows_the_end_is_read_as_well),
        cmocka_unit_test(events_need_no_array),
        cmocka_unit_test(a_cut_file_shows_what_it_has),
        cmocka_unit_test(damage_before_the_events_hides_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
