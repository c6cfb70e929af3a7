/* The doubles nearest to decimal numbers, compared with those of strtod(). */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/decimal.h"

static void assert_nearest(const char *digits, int ten)
{
    char text[DECIMAL_DIGITS_MAX + 16];
    const struct decimal_number decimal = { digits, (int)strlen(digits), ten };
    snprintf(text, sizeof text, "%se%d", digits, ten);
    const double expected = strtod(text, NULL), nearest = decimal_nearest(&decimal);
    if (nearest != expected)
        fail_msg("%s: expected %a, got %a", text, expected, nearest);
}

static void extremes_and_ties_are_right(void **state)
{
    static const struct {
        const char *digits;
        int ten;
    } known[] = {
        { "0", 0 },
        { "000", 500 },
        { "1", 23 },
        { "1", -23 },
        { "9007199254740993", 0 }, /* halfway between two doubles: the even one */
        { "9007199254740995", 0 },
        { "90071992547409930000000000000000000001", -22 }, /* and a bit more */
        { "17976931348623157", 292 },
        { "179769313486231580793728971405301", 276 }, /* just below halfway to infinity */
        { "17976931348623159", 292 },
        { "1", 309 },
        { "1", 99999 },
        { "1", -99999 },
        { "5", -324 },
        { "2470328229206232720", -342 }, /* just below half of the smallest */
        { "2470328229206232721", -342 },
        { "22250738585072011", -324 }, /* around the smallest that is normal */
        { "22250738585072014", -324 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        assert_nearest(known[i].digits, known[i].ten);
}

/* Decimals of exactly halfway between two doubles have up to 767 digits; as many as may be given are tried. */
static void many_digits_decide(void **state)
{
    char digits[DECIMAL_DIGITS_MAX + 1];
    (void)state;
    memset(digits, '0', sizeof digits - 1);
    digits[sizeof digits - 1] = '\0';
    memcpy(digits, "9007199254740993", 16);
    assert_nearest(digits, -384);
    digits[sizeof digits - 2] = '1';
    assert_nearest(digits, -384);
    memset(digits, '9', sizeof digits - 1);
    for (int ten = -730; ten <= -80; ten += 13)
        assert_nearest(digits, ten);
}

static void numbers_of_all_sizes(void **state)
{
    uint64_t random = 88172645463325252u;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char digits[48];
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        snprintf(digits, sizeof digits, "%llu", (unsigned long long)(random >> random % 60));
        assert_nearest(digits, (int)(random % 700) - 360);
        assert_nearest(digits, (int)(random % 50) - 25);
        snprintf(digits, sizeof digits, "%llu%llu", (unsigned long long)random, (unsigned long long)(random >> 9));
        assert_nearest(digits, (int)(random % 680) - 360);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extremes_and_ties_are_right),
        cmocka_unit_test(many_digits_decide),
        cmocka_unit_test(numbers_of_all_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
