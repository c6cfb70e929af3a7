/* Counters in Perfetto's format: values that events of other tracks bring along. */
#include "imported.h"
#include "protobuf.h"

enum { BEGIN = 1, END = 2, COUNTER = 4 };
enum { VALUES = 12, VALUE = 30, TRACKS = 31, DOUBLE_TRACKS = 45, DOUBLE_VALUES = 46 };

static void put_descriptor(struct proto *trace, uint64_t uuid, uint64_t parent, const struct proto *thread,
                           const struct proto *counter)
{
    struct proto packet = { 0 }, descriptor = { 0 };
    proto_number(&descriptor, 1, uuid);
    proto_number(&descriptor, 5, parent);
    if (thread)
        proto_message(&descriptor, 4, thread);
    if (counter)
        proto_message(&descriptor, 8, counter);
    proto_message(&packet, 60, &descriptor);
    proto_message(trace, 1, &packet);
}

/* Thread 2 of process 1, with its time on the processor (3, counted in differences) and its instructions (4). */
static struct proto thread_with_counters(void)
{
    struct proto trace = { 0 }, thread = { 0 }, time = { 0 }, instructions = { 0 };
    proto_number(&thread, 1, 1);
    proto_number(&thread, 2, 2);
    proto_number(&time, 1, 1);
    proto_number(&time, 4, 1000);
    proto_number(&time, 5, 1);
    proto_number(&instructions, 1, 2);
    put_descriptor(&trace, 2, 0, &thread, NULL);
    put_descriptor(&trace, 3, 2, NULL, &time);
    put_descriptor(&trace, 4, 2, NULL, &instructions);
    return trace;
}

static void put_defaults(struct proto *trace)
{
    struct proto packet = { 0 }, defaults = { 0 }, event = { 0 };
    proto_number(&event, 11, 2);
    proto_number(&event, TRACKS, 3);
    proto_number(&event, TRACKS, 4);
    proto_message(&defaults, 11, &event);
    proto_number(&packet, 10, 7);
    proto_number(&packet, 13, 1); /* the sequence begins anew */
    proto_message(&packet, 59, &defaults);
    proto_message(trace, 1, &packet);
}

static void put_event(struct proto *trace, uint64_t time_ns, int type, const struct proto *more)
{
    struct proto packet = { 0 }, event = { 0 };
    proto_number(&event, 9, (uint64_t)type);
    if (type == BEGIN)
        proto_text(&event, 23, "work");
    memcpy(event.bytes + event.used, more->bytes, more->used);
    event.used += more->used;
    proto_number(&packet, 8, time_ns);
    proto_number(&packet, 10, 7);
    proto_message(&packet, 11, &event);
    proto_message(trace, 1, &packet);
}

static struct proto two_values(uint64_t time, uint64_t instructions)
{
    struct proto values = { 0 };
    proto_number(&values, VALUES, time);
    proto_number(&values, VALUES, instructions);
    return values;
}

static void check(const struct proto *trace, const char *expected)
{
    assert_imports((const char *)trace->bytes, trace->used, "perfetto", expected);
}

static void values_of_an_event_belong_to_its_sequences_counters(void **state)
{
    (void)state;
    struct proto trace = thread_with_counters(), first = two_values(5, 100), second = two_values(2, 350);
    put_defaults(&trace);
    put_event(&trace, 10, BEGIN, &first);
    put_event(&trace, 30, END, &second);
    check(&trace, "1/2 0+20 work [(none)]\n1/2 0 thread_time=5000 [(none)]\n1/2 20 thread_time=7000 [(none)]\n"
                  "1/2 0 thread_instruction_count=100 [(none)]\n1/2 20 thread_instruction_count=350 [(none)]\n");
}

static void an_event_may_name_its_counters(void **state)
{
    (void)state;
    const unsigned char packed[] = { 0xac, 2, 7 }; /* 300, 7 */
    const double halves[] = { 0.5 };
    struct proto trace = thread_with_counters(), more = { 0 };
    put_defaults(&trace);
    proto_bytes(&more, VALUES, packed, sizeof packed);
    proto_number(&more, TRACKS, 4);
    proto_number(&more, DOUBLE_TRACKS, 4);
    proto_bytes(&more, DOUBLE_VALUES, halves, sizeof halves);
    put_event(&trace, 10, BEGIN, &more);
    more.used = 0;
    proto_double(&more, DOUBLE_VALUES, 1.5);
    put_event(&trace, 20, END, &more);
    check(&trace, "1/2 0+10 work [(none)]\n1/2 0 thread_instruction_count=300 [(none)]\n"
                  "1/2 0 thread_instruction_count=0.5 [(none)]\n"
                  "note 2 packet 5 byte 65: A counter's value without a track is left out\n");
}

static void differences_begin_anew_with_a_sequences_state(void **state)
{
    (void)state;
    struct proto trace = thread_with_counters(), value = { 0 };
    proto_number(&value, 11, 3);
    proto_number(&value, VALUE, 5);
    put_defaults(&trace);
    put_event(&trace, 10, COUNTER, &value);
    put_event(&trace, 20, COUNTER, &value);
    put_defaults(&trace);
    put_event(&trace, 30, COUNTER, &value);
    check(&trace, "1/2 0 thread_time=5000 [(none)]\n1/2 10 thread_time=10000 [(none)]\n"
                  "1/2 20 thread_time=5000 [(none)]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_an_event_belong_to_its_sequences_counters),
        cmocka_unit_test(an_event_may_name_its_counters),
        cmocka_unit_test(differences_begin_anew_with_a_sequences_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
