/* Prints doubles with as many digits as it takes. */
#include "shortest.h"

#include <stdio.h>
#include <stdlib.h>

#include "../base/decimal.h"

#define DIGITS_MIN 15
#define DIGITS_MAX 17

/* Whether "1.2345e-06", of this many digits, is nearer to the double than to any other. Moves its point. */
static bool reads_back(char *scientific, int digits, double value)
{
    scientific[1] = scientific[0];
    const struct decimal_number decimal = {
        .digits = scientific + 1,
        .count = digits,
        .ten = atoi(scientific + 1 + digits + 1) - (digits - 1),
    };
    return decimal_side(&decimal, value) == 0;
}

void shortest_print(char *to, size_t size, double value)
{
    char scientific[40];
    double positive = value < 0 ? -value : value;
    int digits = DIGITS_MIN;
    for (; digits < DIGITS_MAX && positive > 0; digits++) {
        snprintf(scientific, sizeof scientific, "%.*e", digits - 1, positive);
        if (reads_back(scientific, digits, positive))
            break;
    }
    snprintf(to, size, "%.*g", digits, value);
}
