/* The clock that is chosen on various machines, which need not be this one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/clock_source.h"

/* The processor that cpuid() simulates. */
static struct processor {
    const char *hypervisor; /* NULL: none; "KVMKVMKVM" */
    uint32_t hypervisor_features;
    uint32_t last_extended;
    bool invariant;
} processor;

static struct platform_cpuid cpuid(uint32_t leaf)
{
    struct platform_cpuid of = { 0, 0, 0, 0 };
    char signature[12] = { 0 };
    if (leaf == 1)
        of.ecx = processor.hypervisor ? 1u << 31 : 0;
    if (leaf == 0x40000000 && processor.hypervisor) {
        memcpy(signature, processor.hypervisor, strlen(processor.hypervisor));
        memcpy(&of.ebx, signature, 4);
        memcpy(&of.ecx, signature + 4, 4);
        memcpy(&of.edx, signature + 8, 4);
    }
    if (leaf == 0x40000001)
        of.eax = processor.hypervisor_features;
    if (leaf == 0x80000000)
        of.eax = processor.last_extended;
    if (leaf == 0x80000007)
        of.edx = processor.invariant ? 1u << 8 : 0;
    return of;
}

#define KVM_STABLE (1u << 24)

static struct platform_clock machine(struct processor given, const char *clocksource)
{
    struct platform_clock clock = { .clock = IMAGE_CLOCK_MONOTONIC, .cpuid = cpuid };
    processor = given;
    snprintf(clock.clocksource, sizeof clock.clocksource, "%s", clocksource);
    return clock;
}

static void assert_choice(struct processor given, const char *clocksource, enum image_clock clock, const char *reason)
{
    struct platform_clock asked = machine(given, clocksource);
    struct clock_choice choice = clock_choose(&asked, TRACER_CLOCK_DEFAULT);
    assert_string_equal(choice.reason, reason);
    assert_int_equal(choice.clock, clock);
}

static void the_counter_is_read_where_the_kernel_does(void **state)
{
    const struct processor bare = { NULL, 0, 0x80000008, true };
    const struct processor kvm = { "KVMKVMKVM", KVM_STABLE, 0x80000008, true };
    const struct processor hyperv = { "Microsoft Hv", 0, 0x80000008, true };
    (void)state;
    assert_choice(bare, "tsc", IMAGE_CLOCK_TSC, "invariant; clocksource tsc");
    assert_choice(kvm, "tsc", IMAGE_CLOCK_TSC, "invariant; clocksource tsc");
    assert_choice(kvm, "kvm-clock", IMAGE_CLOCK_TSC, "invariant; clocksource kvm-clock, stable");
    assert_choice(hyperv, "hyperv_clocksource_tsc_page", IMAGE_CLOCK_TSC,
                  "invariant; clocksource hyperv_clocksource_tsc_page");
}

static void the_counter_is_left_alone_where_anything_is_missing(void **state)
{
    const struct processor bare = { NULL, 0, 0x80000008, true };
    const struct processor varies = { NULL, 0, 0x80000008, false }, old = { NULL, 0, 0x80000004, true };
    const struct processor unstable = { "KVMKVMKVM", 0, 0x80000008, true };
    const struct processor other = { "XenVMMXenVMM", KVM_STABLE, 0x80000008, true };
    const struct processor leaf_of_nobody = { NULL, KVM_STABLE, 0x80000008, true };
    (void)state;
    assert_choice(bare, "hpet", IMAGE_CLOCK_MONOTONIC, "invariant; clocksource hpet");
    assert_choice(bare, "", IMAGE_CLOCK_MONOTONIC, "invariant; clocksource unknown");
    assert_choice(bare, "hyperv_clocksource_msr", IMAGE_CLOCK_MONOTONIC,
                  "invariant; clocksource hyperv_clocksource_msr");
    assert_choice(varies, "tsc", IMAGE_CLOCK_MONOTONIC, "not invariant; clocksource tsc");
    assert_choice(old, "tsc", IMAGE_CLOCK_MONOTONIC, "not invariant; clocksource tsc");
    assert_choice(unstable, "kvm-clock", IMAGE_CLOCK_MONOTONIC, "invariant; clocksource kvm-clock, not stable");
    assert_choice(other, "kvm-clock", IMAGE_CLOCK_MONOTONIC, "invariant; clocksource kvm-clock, not stable");
    assert_choice(leaf_of_nobody, "kvm-clock", IMAGE_CLOCK_MONOTONIC, "invariant; clocksource kvm-clock, not stable");
}

static void what_is_asked_for_is_done_where_it_can_be(void **state)
{
    struct platform_clock slow = machine((struct processor){ NULL, 0, 0, false }, "hpet"), none = slow;
    struct clock_choice choice = clock_choose(&slow, TRACER_CLOCK_TSC);
    (void)state;
    assert_int_equal(choice.clock, IMAGE_CLOCK_TSC);
    assert_string_equal(choice.reason, "asked for; not invariant; clocksource hpet");
    none.cpuid = NULL;
    choice = clock_choose(&none, TRACER_CLOCK_TSC);
    assert_int_equal(choice.clock, IMAGE_CLOCK_MONOTONIC);
    assert_string_equal(choice.reason, "no counter that the program may read");
    struct platform_clock best = machine((struct processor){ NULL, 0, 0x80000008, true }, "tsc");
    choice = clock_choose(&best, TRACER_CLOCK_MONOTONIC);
    assert_int_equal(choice.clock, IMAGE_CLOCK_MONOTONIC);
    assert_string_equal(choice.reason, "asked for; invariant; clocksource tsc");
    const struct platform_clock wasm = { .clock = IMAGE_CLOCK_PERFORMANCE };
    choice = clock_choose(&wasm, TRACER_CLOCK_TSC);
    assert_int_equal(choice.clock, IMAGE_CLOCK_PERFORMANCE);
    assert_string_equal(choice.reason, "");
}

static void a_reason_that_is_too_long_shows_it(void **state)
{
    struct platform_clock asked = machine((struct processor){ 0 }, "a_clocksource_whose_name_is_39_bytes_long");
    struct clock_choice choice = clock_choose(&asked, TRACER_CLOCK_TSC);
    (void)state;
    assert_int_equal(strlen(choice.reason), sizeof choice.reason - 1);
    assert_string_equal(choice.reason + sizeof choice.reason - 4, "...");
}

static void the_environment_overrides_the_program(void **state)
{
    (void)state;
    assert_int_equal(clock_wanted("tsc", TRACER_CLOCK_MONOTONIC), TRACER_CLOCK_TSC);
    assert_int_equal(clock_wanted("monotonic", TRACER_CLOCK_TSC), TRACER_CLOCK_MONOTONIC);
    assert_int_equal(clock_wanted(NULL, TRACER_CLOCK_TSC), TRACER_CLOCK_TSC);
    assert_int_equal(clock_wanted("", TRACER_CLOCK_DEFAULT), TRACER_CLOCK_DEFAULT);
    assert_int_equal(clock_wanted("TSC", TRACER_CLOCK_MONOTONIC), TRACER_CLOCK_MONOTONIC);
}

static void a_clock_that_is_mistyped_is_reported(void **state)
{
    static const char *const known[] = { NULL, "", "tsc", "monotonic" };
    struct clock_choice choice = { IMAGE_CLOCK_TSC, "invariant; clocksource tsc" };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        clock_note_unknown(&choice, known[i]);
    assert_string_equal(choice.reason, "invariant; clocksource tsc");
    clock_note_unknown(&choice, "TSC");
    assert_string_equal(choice.reason, "RINGSCOPE_CLOCK unknown; invariant; clocksource tsc");
    choice = (struct clock_choice){ IMAGE_CLOCK_MONOTONIC, "not invariant; clocksource kvm-clock, not stable" };
    clock_note_unknown(&choice, "tcs");
    assert_string_equal(choice.reason, "RINGSCOPE_CLOCK unknown; not invariant; clocksource kvm-cloc...");
}

static const char *clock_of(const struct tracer_options *options, char reason[64])
{
    struct tracer_info info;
    struct tracer *tracer;
    struct tracer_reader *reader;
    assert_int_equal(tracer_create(&tracer, options, NULL), TRACER_OK);
    assert_int_equal(tracer_reader_attach(&reader, tracer), TRACER_OK);
    assert_int_equal(tracer_reader_info(reader, &info), TRACER_OK);
    snprintf(reason, 64, "%s", info.clock_reason);
    tracer_reader_close(reader);
    tracer_destroy(tracer);
    return info.clock;
}

static void a_tracer_takes_the_clock_that_it_is_told_to(void **state)
{
    struct tracer_options options = { .clock_source = TRACER_CLOCK_MONOTONIC };
    struct platform_clock here = platform_clock();
    char reason[64];
    (void)state;
    unsetenv("RINGSCOPE_CLOCK");
    assert_string_equal(clock_of(&options, reason), "monotonic");
    if (!here.cpuid)
        print_message("skipped: this processor has no counter that a program may read\n");
    options.clock_source = TRACER_CLOCK_TSC;
    assert_string_equal(clock_of(&options, reason), here.cpuid ? "tsc" : "monotonic");
    setenv("RINGSCOPE_CLOCK", "monotonic", 1);
    assert_string_equal(clock_of(&options, reason), "monotonic");
    assert_int_equal(strncmp(reason, here.cpuid ? "asked for; " : "no counter", 10), 0);
    setenv("RINGSCOPE_CLOCK", "tsc", 1);
    assert_string_equal(clock_of(NULL, reason), here.cpuid ? "tsc" : "monotonic");
    unsetenv("RINGSCOPE_CLOCK");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_counter_is_read_where_the_kernel_does),
        cmocka_unit_test(the_counter_is_left_alone_where_anything_is_missing),
        cmocka_unit_test(what_is_asked_for_is_done_where_it_can_be),
        cmocka_unit_test(a_reason_that_is_too_long_shows_it),
        cmocka_unit_test(the_environment_overrides_the_program),
        cmocka_unit_test(a_clock_that_is_mistyped_is_reported),
        cmocka_unit_test(a_tracer_takes_the_clock_that_it_is_told_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
