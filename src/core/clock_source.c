/* Chooses between the processor's counter and the system's clock. */
#include "clock_source.h"

#include <string.h>

#define CPUID_FEATURES 1u
#define CPUID_HYPERVISOR 0x40000000u
#define CPUID_KVM_FEATURES 0x40000001u
#define CPUID_EXTENDED 0x80000000u
#define CPUID_POWER 0x80000007u

#define HYPERVISOR_PRESENT (1u << 31) /* ECX of CPUID_FEATURES */
#define KVM_CLOCK_STABLE (1u << 24) /* EAX of CPUID_KVM_FEATURES */
#define TSC_INVARIANT (1u << 8) /* EDX of CPUID_POWER */

static struct platform_cpuid cpuid(const struct platform_clock *machine, uint32_t leaf)
{
    return machine->cpuid ? machine->cpuid(leaf) : (struct platform_cpuid){ 0, 0, 0, 0 };
}

/* Whether the counter runs at one rate in all power states. */
static bool is_invariant(const struct platform_clock *machine)
{
    return cpuid(machine, CPUID_EXTENDED).eax >= CPUID_POWER && (cpuid(machine, CPUID_POWER).edx & TSC_INVARIANT);
}

/* KVM promises one offset and scale for all its virtual processors. With another hypervisor, the same CPUID leaf means
 * something else. */
static bool kvm_clock_is_stable(const struct platform_clock *machine)
{
    char signature[12];
    if (!(cpuid(machine, CPUID_FEATURES).ecx & HYPERVISOR_PRESENT))
        return false;
    struct platform_cpuid who = cpuid(machine, CPUID_HYPERVISOR);
    memcpy(signature, &who.ebx, 4);
    memcpy(signature + 4, &who.ecx, 4);
    memcpy(signature + 8, &who.edx, 4);
    return memcmp(signature, "KVMKVMKVM\0\0\0", sizeof signature) == 0 &&
           (cpuid(machine, CPUID_KVM_FEATURES).eax & KVM_CLOCK_STABLE);
}

static bool is_kvm_clock(const struct platform_clock *machine)
{
    return strcmp(machine->clocksource, "kvm-clock") == 0;
}

/* Whether the kernel reads its own clock from the counter, in user space. */
static bool kernel_trusts_it(const struct platform_clock *machine)
{
    return strcmp(machine->clocksource, "tsc") == 0 ||
           strcmp(machine->clocksource, "hyperv_clocksource_tsc_page") == 0 ||
           (is_kvm_clock(machine) && kvm_clock_is_stable(machine));
}

static void give_reason(struct clock_choice *choice, const struct platform_clock *machine, bool asked)
{
    int length =
        snprintf(choice->reason, sizeof choice->reason, "%s%sinvariant; clocksource %s%s", asked ? "asked for; " : "",
                 is_invariant(machine) ? "" : "not ", machine->clocksource[0] ? machine->clocksource : "unknown",
                 !is_kvm_clock(machine)         ? ""
                 : kvm_clock_is_stable(machine) ? ", stable"
                                                : ", not stable");
    if (length >= (int)sizeof choice->reason)
        memcpy(choice->reason + sizeof choice->reason - sizeof "...", "...", sizeof "...");
}

struct clock_choice clock_choose(const struct platform_clock *machine, enum tracer_clock_source wanted)
{
    struct clock_choice choice = { .clock = (enum image_clock)machine->clock };
    if (choice.clock != IMAGE_CLOCK_MONOTONIC)
        return choice;
    if (!machine->cpuid) {
        snprintf(choice.reason, sizeof choice.reason, "no counter that the program may read");
        return choice;
    }
    give_reason(&choice, machine, wanted != TRACER_CLOCK_DEFAULT);
    bool trusted = is_invariant(machine) && kernel_trusts_it(machine);
    if (wanted == TRACER_CLOCK_TSC || (wanted == TRACER_CLOCK_DEFAULT && trusted))
        choice.clock = IMAGE_CLOCK_TSC;
    return choice;
}

enum tracer_clock_source clock_wanted(const char *environment, enum tracer_clock_source program)
{
    if (environment && strcmp(environment, "tsc") == 0)
        return TRACER_CLOCK_TSC;
    if (environment && strcmp(environment, "monotonic") == 0)
        return TRACER_CLOCK_MONOTONIC;
    return program;
}

void clock_note_unknown(struct clock_choice *choice, const char *environment)
{
    static const char note[] = "RINGSCOPE_CLOCK unknown; ";
    const size_t room = sizeof choice->reason - (sizeof note - 1);
    if (!environment || !environment[0] || clock_wanted(environment, TRACER_CLOCK_DEFAULT) != TRACER_CLOCK_DEFAULT)
        return;
    bool cut = strlen(choice->reason) >= room;
    memmove(choice->reason + sizeof note - 1, choice->reason, room - 1);
    memcpy(choice->reason, note, sizeof note - 1);
    if (cut)
        memcpy(choice->reason + sizeof choice->reason - sizeof "...", "...", sizeof "...");
}
