/* Decimals that read back as the same double, made without strtod() and checked against it. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "export/shortest.h"

static void with_strtod(char *to, size_t size, double value)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(to, size, "%.*g", digits, value);
        if (strtod(to, NULL) == value)
            return;
    }
}

static void assert_same(double value)
{
    char expected[48], printed[48];
    if (!isfinite(value))
        return;
    with_strtod(expected, sizeof expected, value);
    shortest_print(printed, sizeof printed, value);
    assert_string_equal(printed, expected);
}

static void known_numbers_are_printed_as_people_write_them(void **state)
{
    static const struct {
        double value;
        const char *text;
    } known[] = {
        { 0, "0" },
        { 0.1, "0.1" },
        { 0.1 + 0.2, "0.30000000000000004" },
        { 1e22, "1e+22" },
        { -2.5, "-2.5" },
        { 1e15, "1e+15" },
        { 9007199254740993.0, "9007199254740992" },
        { DBL_MAX, "1.7976931348623157e+308" },
        { 5e-324, "4.94065645841247e-324" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        char printed[48];
        shortest_print(printed, sizeof printed, known[i].value);
        assert_string_equal(printed, known[i].text);
    }
}

static void powers_of_two_and_their_neighbours(void **state)
{
    (void)state;
    for (int exponent = -1074; exponent < 1024; exponent++) {
        double power = ldexp(1, exponent);
        assert_same(power);
        assert_same(-power);
        assert_same(nextafter(power, 0));
        assert_same(nextafter(power, INFINITY));
    }
}

static void doubles_of_all_sizes(void **state)
{
    uint64_t random = 88172645463325252u;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        double value;
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        memcpy(&value, &random, sizeof value);
        assert_same(value);
        assert_same((double)(random >> 11) / 1e6);
        assert_same((double)(random % 100000) / 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_numbers_are_printed_as_people_write_them),
        cmocka_unit_test(powers_of_two_and_their_neighbours),
        cmocka_unit_test(doubles_of_all_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
