/* Perfetto's own format. PERFETTO_DUMP=FILE keeps the trace of the first test, for other tools. */
#include "imported.h"
#include "protobuf.h"

/* ----------------------------------------------------------- writing the format */

enum { BEGIN = 1, END = 2, INSTANT = 3, COUNTER = 4 };

static void put_packet(struct proto *trace, const struct proto *packet)
{
    proto_message(trace, 1, packet);
}

static struct proto packet_at(uint64_t time_ns)
{
    struct proto packet = { 0 };
    proto_number(&packet, 8, time_ns);
    proto_number(&packet, 10, 7);
    return packet;
}

static void put_event(struct proto *trace, uint64_t time_ns, int type, uint64_t track, const char *name)
{
    struct proto packet = packet_at(time_ns), event = { 0 };
    proto_number(&event, 9, (uint64_t)type);
    proto_number(&event, 11, track);
    if (name)
        proto_text(&event, 23, name);
    proto_message(&packet, 11, &event);
    put_packet(trace, &packet);
}

static void put_thread(struct proto *trace, uint64_t uuid, uint64_t pid, uint64_t tid, const char *name)
{
    struct proto packet = { 0 }, descriptor = { 0 }, thread = { 0 };
    proto_number(&thread, 1, pid);
    proto_number(&thread, 2, tid);
    proto_text(&thread, 5, name);
    proto_number(&descriptor, 1, uuid);
    proto_message(&descriptor, 4, &thread);
    proto_message(&packet, 60, &descriptor);
    put_packet(trace, &packet);
}

static void put_process(struct proto *trace, uint64_t uuid, uint64_t pid, const char *name)
{
    struct proto packet = { 0 }, descriptor = { 0 }, process = { 0 };
    proto_number(&process, 1, pid);
    proto_text(&process, 6, name);
    proto_number(&descriptor, 1, uuid);
    proto_message(&descriptor, 3, &process);
    proto_message(&packet, 60, &descriptor);
    put_packet(trace, &packet);
}

static void put_track(struct proto *trace, uint64_t uuid, uint64_t parent, const char *name, bool counter)
{
    struct proto packet = { 0 }, descriptor = { 0 };
    const struct proto nothing = { 0 };
    proto_number(&descriptor, 1, uuid);
    proto_text(&descriptor, 2, name);
    proto_number(&descriptor, 5, parent);
    if (counter)
        proto_message(&descriptor, 8, &nothing);
    proto_message(&packet, 60, &descriptor);
    put_packet(trace, &packet);
}

static void put_name(struct proto *data, uint32_t list, uint64_t iid, const char *text)
{
    struct proto entry = { 0 };
    proto_number(&entry, 1, iid);
    proto_text(&entry, 2, text);
    proto_message(data, list, &entry);
}

static void check(const struct proto *trace, const char *expected)
{
    assert_imports((const char *)trace->bytes, trace->used, "perfetto", expected);
}

/* ------------------------------------------------------------ reading the format */

static void add_interned_event(struct proto *trace)
{
    struct proto packet = packet_at(2000), event = { 0 }, data = { 0 }, annotation = { 0 }, inner = { 0 }, list = { 0 };
    put_name(&data, 1, 5, "net");
    put_name(&data, 2, 5, "fetch");
    put_name(&data, 3, 5, "url");
    put_name(&data, 29, 9, "http://a/\"q\"");
    proto_number(&event, 9, BEGIN);
    proto_number(&event, 11, 2);
    proto_number(&event, 3, 5);
    proto_number(&event, 10, 5);
    proto_number(&annotation, 1, 5);
    proto_number(&annotation, 17, 9);
    proto_message(&event, 4, &annotation);
    annotation.used = 0;
    proto_text(&annotation, 10, "size");
    proto_number(&annotation, 4, (uint64_t)-3);
    proto_message(&event, 4, &annotation);
    annotation.used = 0;
    proto_text(&annotation, 10, "in");
    proto_text(&inner, 10, "ok");
    proto_number(&inner, 2, 1);
    proto_message(&annotation, 11, &inner);
    inner.used = 0;
    proto_double(&list, 5, 0.5);
    proto_text(&inner, 10, "list");
    proto_message(&inner, 12, &list);
    proto_message(&annotation, 11, &inner);
    proto_message(&event, 4, &annotation);
    proto_message(&packet, 11, &event);
    proto_message(&packet, 12, &data);
    proto_number(&packet, 13, 1);
    put_packet(trace, &packet);
}

static void dump(const struct proto *trace)
{
    const char *path = getenv("PERFETTO_DUMP");
    FILE *file = path ? fopen(path, "we") : NULL;
    if (!file)
        return;
    assert_int_equal(fwrite(trace->bytes, 1, trace->used, file), trace->used);
    assert_int_equal(fclose(file), 0);
}

static void put_counter(struct proto *trace, uint64_t time_ns, uint64_t track, uint64_t value)
{
    struct proto packet = packet_at(time_ns), event = { 0 };
    proto_number(&event, 9, COUNTER);
    proto_number(&event, 11, track);
    proto_number(&event, 30, value);
    proto_message(&packet, 11, &event);
    put_packet(trace, &packet);
}

static void events_of_every_kind_are_on_their_tracks(void **state)
{
    (void)state;
    struct proto trace = { 0 };
    put_process(&trace, 1, 40, "server");
    put_thread(&trace, 2, 40, 41, "worker");
    put_track(&trace, 3, 2, "queue", true);
    put_track(&trace, 4, 1, "requests", false);
    put_event(&trace, 1000, BEGIN, 2, "outer");
    add_interned_event(&trace);
    put_event(&trace, 3000, END, 2, NULL);
    put_event(&trace, 3500, INSTANT, 2, "mark");
    put_event(&trace, 4000, END, 2, NULL);
    put_counter(&trace, 1500, 3, 12);
    put_counter(&trace, 2500, 3, (uint64_t)-4);
    put_event(&trace, 1200, BEGIN, 4, "GET /");
    put_event(&trace, 9000, END, 4, NULL);
    dump(&trace);
    check(&trace, "40/41 0+3000 outer [(none)]\n"
                  "40/41 1000+1000 fetch <outer [net] "
                  "{\"url\":\"http://a/\\\"q\\\"\",\"size\":-3,\"in\":{\"ok\":true,\"list\":[0.5]}}\n"
                  "40/41 2500 mark <outer [(none)]\n"
                  "40/2147483648 200+7800 GET / [(none)]\n"
                  "40/41 500 queue=12 [(none)]\n"
                  "40/41 1500 queue=-4 [(none)]\n"
                  "process 40 server\nthread 41 worker\nthread 2147483648 requests\n");
}

/* In the file, the end comes before the beginning, and the thread is described last. */
static void the_order_in_the_file_makes_no_difference(void **state)
{
    (void)state;
    struct proto trace = { 0 };
    put_event(&trace, 300, END, 9, NULL);
    put_event(&trace, 100, BEGIN, 9, "a");
    put_event(&trace, 100, BEGIN, 9, "b");
    put_event(&trace, 300, END, 9, NULL);
    put_thread(&trace, 9, 1, 2, "t");
    check(&trace, "1/2 0+200 a [(none)]\n1/2 0+200 b <a [(none)]\nthread 2 t\n");
}

static void names_are_of_a_sequence_until_they_are_cleared(void **state)
{
    (void)state;
    struct proto trace = { 0 };
    const char *const names[] = { "first", "second" };
    put_thread(&trace, 2, 1, 1, "t");
    for (uint64_t i = 0; i < 3; i++) {
        struct proto packet = packet_at(i * 100), event = { 0 }, data = { 0 };
        proto_number(&event, 9, INSTANT);
        proto_number(&event, 11, 2);
        proto_number(&event, 10, 5);
        proto_message(&packet, 11, &event);
        if (i < 2)
            put_name(&data, 2, 5, names[i]);
        proto_message(&packet, 12, &data);
        proto_number(&packet, 13, 1); /* cleared */
        put_packet(&trace, &packet);
    }
    check(&trace, "1/1 0 first [(none)]\n1/1 100 second [(none)]\n1/1 200 ? [(none)]\nthread 1 t\n"
                  "note 1 packet 4 byte 75: An event's name is an unknown number: it is shown as ?\n");
}

/* As the SDK writes them: a clock local to the sequence, in µs since the previous packet. */
static void clocks_that_count_differences_are_added_up(void **state)
{
    (void)state;
    struct proto trace = { 0 }, packet = { 0 }, snapshot = { 0 }, clock = { 0 }, defaults = { 0 };
    put_thread(&trace, 2, 1, 1, "t");
    proto_number(&clock, 1, 6);
    proto_number(&clock, 2, 5000000);
    proto_message(&snapshot, 1, &clock);
    clock.used = 0;
    proto_number(&clock, 1, 64);
    proto_number(&clock, 2, 5000);
    proto_number(&clock, 3, 1);
    proto_number(&clock, 4, 1000);
    proto_message(&snapshot, 1, &clock);
    proto_number(&defaults, 58, 64);
    proto_message(&packet, 6, &snapshot);
    proto_message(&packet, 59, &defaults);
    proto_number(&packet, 10, 7);
    put_packet(&trace, &packet);
    put_event(&trace, 10, BEGIN, 2, "a");
    put_event(&trace, 20, END, 2, NULL);
    put_event(&trace, 5, INSTANT, 2, "b");
    check(&trace, "1/1 0+20000 a [(none)]\n1/1 25000 b [(none)]\nthread 1 t\n");
}

/* Flows of today's form and of the old one, at beginnings, an end and an instant. */
static void put_flow(struct proto *trace, uint64_t time_ns, int type, uint64_t track, uint32_t field)
{
    struct proto packet = packet_at(time_ns), event = { 0 };
    const uint64_t id = 0x0706050403020107; /* of bytes that are varints as well */
    proto_number(&event, 9, (uint64_t)type);
    proto_number(&event, 11, track);
    if (type == BEGIN)
        proto_text(&event, 23, track == 2 ? "a" : "b");
    if (field == 36)
        proto_number(&event, field, id);
    else
        proto_bytes(&event, field, &id, sizeof id); /* packed */
    proto_message(&packet, 11, &event);
    put_packet(trace, &packet);
}

static void arrows_lead_from_event_to_event(void **state)
{
    (void)state;
    struct proto trace = { 0 };
    put_thread(&trace, 2, 1, 1, "s");
    put_thread(&trace, 3, 1, 2, "t");
    put_flow(&trace, 10, BEGIN, 2, 47);
    put_flow(&trace, 20, BEGIN, 3, 36);
    put_event(&trace, 25, BEGIN, 2, "inner");
    put_flow(&trace, 30, END, 2, 47);
    put_flow(&trace, 40, INSTANT, 3, 48);
    put_event(&trace, 50, END, 2, NULL);
    put_flow(&trace, 60, END, 3, 47);
    check(&trace, "1/1 0+40 a [(none)]\n1/1 15+5 inner <a [(none)]\n1/2 10+40 b [(none)]\n1/2 30 ? <b [(none)]\n"
                  "thread 1 s\nthread 2 t\n"
                  "flow a 0 to b 10\nflow b 10 to inner 19\nflow inner 19 to b 30\n"
                  "note 1 packet 0 byte -1: A flow has one end only\n");
}

static void an_empty_span_is_in_what_it_began_in(void **state)
{
    (void)state;
    struct proto trace = { 0 };
    put_thread(&trace, 2, 1, 1, "t");
    put_event(&trace, 1, BEGIN, 2, "main");
    put_event(&trace, 5, BEGIN, 2, "a");
    put_event(&trace, 5, END, 2, NULL);
    put_event(&trace, 5, BEGIN, 2, "b");
    put_event(&trace, 9, END, 2, NULL);
    put_event(&trace, 9, END, 2, NULL);
    check(&trace, "1/1 0+8 main [(none)]\n1/1 4+0 a <main [(none)]\n1/1 4+4 b <main [(none)]\nthread 1 t\n");
}

static void what_is_not_shown_or_missing_is_noted(void **state)
{
    (void)state;
    struct proto trace = { 0 }, packet = { 0 }, bundle = { 0 };
    put_thread(&trace, 2, 1, 1, "t");
    proto_number(&bundle, 1, 0);
    proto_message(&packet, 1, &bundle);
    put_packet(&trace, &packet);
    put_event(&trace, 10, END, 2, NULL);
    put_event(&trace, 20, BEGIN, 2, "a");
    put_event(&trace, 30, INSTANT, 2, "b");
    trace.used -= 3;
    check(&trace, "1/1 0+0 a [(none)] open\nthread 1 t\n"
                  "note 1 packet 2 byte 16: A packet of the kernel's ftrace is not shown\n"
                  "note 1 packet 5 byte 50: The trace is cut off, or damaged, and ends here\n"
                  "note 1 packet 3 byte 22: An end without a beginning is left out\n"
                  "note 1 packet 4 byte 34: A span never ended: it is drawn to the end of the trace\n");
}

/* zlib's format, with uncompressed blocks. bytes: the part of the packets that is kept. */
static void put_packed(struct proto *trace, const struct proto *packets, size_t bytes)
{
    struct proto packet = { 0 }, packed = { 0 };
    const unsigned char header[] = { 0x78,
                                     0x01,
                                     0x01,
                                     (unsigned char)packets->used,
                                     (unsigned char)(packets->used >> 8),
                                     (unsigned char)~packets->used,
                                     (unsigned char)~(packets->used >> 8) };
    assert_true(packets->used < 0x10000);
    memcpy(packed.bytes, header, sizeof header);
    memcpy(packed.bytes + sizeof header, packets->bytes, bytes);
    packed.used = sizeof header + bytes;
    proto_message(&packet, 50, &packed);
    put_packet(trace, &packet);
}

static void compressed_packets_are_read(void **state)
{
    (void)state;
    struct proto trace = { 0 }, packets = { 0 }, more = { 0 };
    put_thread(&packets, 2, 1, 1, "t");
    put_event(&packets, 10, BEGIN, 2, "a");
    put_event(&packets, 30, END, 2, NULL);
    put_packed(&trace, &packets, packets.used);
    put_event(&trace, 40, INSTANT, 2, "b");
    put_event(&more, 50, INSTANT, 2, "c");
    put_packed(&more, &packets, packets.used);
    put_event(&more, 60, INSTANT, 2, "never");
    put_packed(&trace, &more, more.used - 5);
    check(&trace, "1/1 0+20 a [(none)]\n1/1 30 b [(none)]\n1/1 40 c [(none)]\nthread 1 t\n"
                  "note 1 packet 8 byte 72: A compressed packet in a compressed one is left out\n"
                  "note 1 packet 6 byte 72: A compressed packet is damaged: the rest of it is left out\n");
}

/* ------------------------------------------------------------- events of the old form */

/* id_field: 6 unscoped, 10 local, 11 global; 0: no id. */
static void put_legacy(struct proto *trace, uint64_t time_ns, uint64_t track, char phase, const char *name,
                       uint32_t id_field, const struct proto *more)
{
    struct proto packet = packet_at(time_ns), event = { 0 }, legacy = { 0 };
    proto_number(&legacy, 2, (uint64_t)phase);
    proto_number(&legacy, 3, 2); /* us, of X */
    if (id_field)
        proto_number(&legacy, id_field, 5);
    if (more)
        memcpy(legacy.bytes + legacy.used, more->bytes, more->used);
    legacy.used += more ? more->used : 0;
    proto_message(&event, 6, &legacy);
    proto_number(&event, 11, track);
    proto_text(&event, 22, "c");
    proto_text(&event, 23, name);
    proto_message(&packet, 11, &event);
    put_packet(trace, &packet);
}

static struct proto two_threads(void)
{
    struct proto trace = { 0 };
    put_thread(&trace, 2, 1, 1, "s");
    put_thread(&trace, 3, 2, 2, "t");
    return trace;
}

static void old_async_events_are_paired_by_their_id(void **state)
{
    (void)state;
    struct proto trace = two_threads(), x = { 0 }, y = { 0 };
    proto_text(&x, 7, "x");
    proto_text(&y, 7, "y");
    put_legacy(&trace, 10, 2, 'b', "a", 6, NULL);
    put_legacy(&trace, 20, 2, 'b', "b", 6, NULL);
    put_legacy(&trace, 30, 3, 'n', "m", 6, NULL);
    put_legacy(&trace, 40, 3, 'e', "a", 6, NULL);
    put_legacy(&trace, 50, 3, 'e', "b", 6, NULL);
    put_legacy(&trace, 60, 2, 'S', "scope", 6, &x);
    put_legacy(&trace, 61, 2, 'S', "scope", 6, &y);
    put_legacy(&trace, 62, 2, 'T', "step", 6, &x);
    put_legacy(&trace, 70, 2, 'F', "scope", 6, &x);
    put_legacy(&trace, 71, 2, 'F', "other", 6, &y);
    put_legacy(&trace, 80, 2, 'b', "local", 10, NULL);
    put_legacy(&trace, 81, 3, 'b', "local", 10, NULL);
    put_legacy(&trace, 90, 3, 'e', "local", 10, NULL);
    put_legacy(&trace, 99, 2, 'e', "local", 10, NULL);
    check(&trace, "1/1 0+30 a [c]\n1/1 50+10 scope [c]\n1/1 70+19 local [c]\n1/1 10+30 b [c]\n1/1 51+10 scope [c]\n"
                  "1/1 52 step [c]\n2/2 20 m [c]\n2/2 71+9 local [c]\nthread 1 s\nthread 2 t\n");
}

static void old_arrows_lead_from_span_to_span(void **state)
{
    (void)state;
    struct proto trace = two_threads(), enclosing = { 0 }, out = { 0 }, in = { 0 };
    proto_number(&enclosing, 12, 1);
    proto_number(&out, 8, 9);
    proto_number(&out, 13, 2);
    proto_number(&in, 8, 9);
    proto_number(&in, 13, 1);
    put_legacy(&trace, 1000, 2, 'X', "a", 0, NULL);
    put_legacy(&trace, 1500, 2, 's', "flow", 6, NULL);
    put_legacy(&trace, 5000, 3, 'X', "b", 0, NULL);
    put_legacy(&trace, 5500, 3, 't', "flow", 6, NULL);
    put_legacy(&trace, 8000, 2, 'X', "c", 0, NULL);
    put_legacy(&trace, 8500, 2, 'f', "flow", 6, &enclosing);
    put_legacy(&trace, 20000, 2, 'X', "d", 0, &out);
    put_legacy(&trace, 25000, 3, 'X', "e", 0, &in);
    check(&trace, "1/1 0+2000 a [c]\n1/1 7000+2000 c [c]\n1/1 19000+2000 d [c]\n2/2 4000+2000 b [c]\n"
                  "2/2 24000+2000 e [c]\nthread 1 s\nthread 2 t\n"
                  "flow d 19000 to e 24000\nflow a 500 to b 4500\nflow b 4500 to c 7500\n");
}

static void old_events_may_be_about_another_thread(void **state)
{
    (void)state;
    struct proto trace = two_threads(), other = { 0 };
    proto_number(&other, 18, 7);
    proto_number(&other, 19, 8);
    put_legacy(&trace, 1000, 2, 'X', "a", 0, &other);
    put_legacy(&trace, 2000, 2, 'O', "b", 6, NULL);
    check(&trace, "7/8 0+2000 a [c]\nnote 1 packet 4 byte 63: An event of the old kind \"O\" is not shown\n");
}

static void a_named_end_is_of_the_span_of_that_name(void **state)
{
    (void)state;
    struct proto trace = two_threads();
    put_event(&trace, 10, BEGIN, 2, "outer");
    put_event(&trace, 20, BEGIN, 2, "inner");
    put_event(&trace, 30, END, 2, "outer");
    put_event(&trace, 40, END, 2, "outer");
    check(&trace, "1/1 0+20 outer [(none)]\n1/1 10+10 inner <outer [(none)] open\nthread 1 s\n"
                  "note 1 packet 4 byte 52: A span never ended: it is drawn to its parent's end\n"
                  "note 1 packet 6 byte 92: An end without a beginning is left out\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_of_every_kind_are_on_their_tracks),
        cmocka_unit_test(the_order_in_the_file_makes_no_difference),
        cmocka_unit_test(names_are_of_a_sequence_until_they_are_cleared),
        cmocka_unit_test(clocks_that_count_differences_are_added_up),
        cmocka_unit_test(arrows_lead_from_event_to_event),
        cmocka_unit_test(an_empty_span_is_in_what_it_began_in),
        cmocka_unit_test(what_is_not_shown_or_missing_is_noted),
        cmocka_unit_test(compressed_packets_are_read),
        cmocka_unit_test(old_async_events_are_paired_by_their_id),
        cmocka_unit_test(old_arrows_lead_from_span_to_span),
        cmocka_unit_test(old_events_may_be_about_another_thread),
        cmocka_unit_test(a_named_end_is_of_the_span_of_that_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
