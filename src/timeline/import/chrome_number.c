/* Takes decimal numbers apart. */
#include "chrome_number.h"

#include "../../base/decimal.h"

#define EXPONENT_MAX 100000

/* digits[0] … digits[count - 1], of which the first `point` stand before the decimal point; that may lie outside. */
struct decimal {
    char digits[DECIMAL_DIGITS_MAX];
    int count;
    int64_t point;
    bool negative;
};

struct reading {
    const char *at, *end;
};

static struct reading trimmed(const struct token *token)
{
    struct reading reading = { token->at, token->at + token->bytes };
    reading.at = skip_spaces(reading.at, reading.end);
    while (reading.end > reading.at && is_space(reading.end[-1]))
        reading.end--;
    return reading;
}

static bool take_sign(struct reading *reading)
{
    bool negative = reading->at < reading->end && *reading->at == '-';
    if (reading->at < reading->end && (*reading->at == '-' || *reading->at == '+'))
        reading->at++;
    return negative;
}

/* Those beyond what is kept are dropped: they are beyond any precision. */
static int64_t take_digits(struct reading *reading, struct decimal *decimal)
{
    const char *first = reading->at;
    for (; reading->at < reading->end && is_digit(*reading->at); reading->at++)
        if (decimal->count < DECIMAL_DIGITS_MAX)
            decimal->digits[decimal->count++] = *reading->at;
    return reading->at - first;
}

static bool take_exponent(struct reading *reading, int64_t *exponent)
{
    *exponent = 0;
    if (reading->at == reading->end)
        return true;
    if (*reading->at != 'e' && *reading->at != 'E')
        return false;
    reading->at++;
    bool negative = take_sign(reading);
    const char *first = reading->at;
    for (; reading->at < reading->end && is_digit(*reading->at); reading->at++)
        if (*exponent < EXPONENT_MAX)
            *exponent = *exponent * 10 + (*reading->at - '0');
    if (negative)
        *exponent = -*exponent;
    return reading->at > first && reading->at == reading->end;
}

static bool take_decimal(const struct token *token, struct decimal *decimal)
{
    struct reading reading = trimmed(token);
    int64_t exponent, fraction = 0;
    decimal->count = 0;
    decimal->negative = take_sign(&reading);
    decimal->point = take_digits(&reading, decimal);
    if (reading.at < reading.end && *reading.at == '.') {
        reading.at++;
        fraction = take_digits(&reading, decimal);
    }
    if (decimal->point + fraction == 0 || !take_exponent(&reading, &exponent))
        return false;
    decimal->point += exponent;
    return true;
}

static int digit_at(const struct decimal *decimal, int64_t index)
{
    return index >= 0 && index < decimal->count ? decimal->digits[index] - '0' : 0;
}

/* What stands before the point. False if it is 2^63 or more. */
static bool whole_part(const struct decimal *decimal, int64_t *whole)
{
    int64_t value = 0, first = 0;
    while (first < decimal->count && decimal->digits[first] == '0')
        first++;
    if (first < decimal->count && decimal->point - first > 19)
        return false;
    for (int64_t i = first; i < decimal->point && i < first + 19; i++)
        if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
            __builtin_add_overflow(value, (int64_t)digit_at(decimal, i), &value))
            return false;
    *whole = value;
    return true;
}

bool parse_micros(const struct token *token, struct micros *micros)
{
    struct decimal decimal;
    if (!take_decimal(token, &decimal) || !whole_part(&decimal, &micros->us))
        return false;
    int32_t ns = 0;
    for (int i = 0; i < 3; i++)
        ns = ns * 10 + digit_at(&decimal, decimal.point + i);
    ns += digit_at(&decimal, decimal.point + 3) >= 5;
    micros->ns = decimal.negative ? -ns : ns;
    if (decimal.negative)
        micros->us = -micros->us;
    return true;
}

bool parse_integer(const struct token *token, int64_t *integer)
{
    struct decimal decimal;
    if (!take_decimal(token, &decimal) || !whole_part(&decimal, integer) || *integer >= INTEGER_BOUND)
        return false;
    for (int64_t i = decimal.point < 0 ? 0 : decimal.point; i < decimal.count; i++)
        if (decimal.digits[i] != '0')
            return false;
    if (decimal.negative)
        *integer = -*integer;
    return true;
}

bool token_number(const struct token *token, double *number)
{
    struct decimal decimal;
    if (!token->at || !take_decimal(token, &decimal))
        return false;
    *number = decimal_nearest(
        &(struct decimal_number){ decimal.digits, decimal.count, (int)(decimal.point - decimal.count) });
    if (decimal.negative)
        *number = -*number;
    return *number - *number == 0;
}
