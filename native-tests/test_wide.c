/* 128-bit products and quotients for compilers without such a type, compared with the compiler's own. */
#undef __SIZEOF_INT128__
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "platform/wide.h"

static uint64_t state = 88172645463325252u;

/* Any number of bits, so that small and large numbers are mixed. */
static uint64_t next_number(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> (state % 61);
}

static void product_is_the_compilers(void **unused)
{
    (void)unused;
    for (int i = 0; i < 100000; i++) {
        uint64_t a = next_number(), b = next_number();
        unsigned __int128 expected = (unsigned __int128)a * b;
        struct wide product = wide_product(a, b);
        assert_int_equal(product.high, (uint64_t)(expected >> 64));
        assert_int_equal(product.low, (uint64_t)expected);
    }
}

static void quotient_is_the_compilers_or_said_not_to_fit(void **unused)
{
    (void)unused;
    for (int i = 0; i < 100000; i++) {
        struct wide dividend = { next_number(), next_number() };
        uint64_t divisor = next_number(), quotient;
        bool fits = wide_quotient(dividend, divisor, &quotient);
        assert_int_equal(fits, dividend.high < divisor);
        unsigned __int128 whole = (unsigned __int128)dividend.high << 64 | dividend.low;
        assert_int_equal(quotient, fits ? (uint64_t)(whole / divisor) : UINT64_MAX);
    }
}

static void division_by_nothing_does_not_fit(void **unused)
{
    uint64_t quotient;
    (void)unused;
    assert_false(wide_quotient((struct wide){ 0, 1 }, 0, &quotient));
    assert_int_equal(quotient, UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(product_is_the_compilers),
        cmocka_unit_test(quotient_is_the_compilers_or_said_not_to_fit),
        cmocka_unit_test(division_by_nothing_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
