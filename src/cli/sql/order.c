/* Puts names into the order of their bytes. */
#include <stdlib.h>

#include "tables.h"

static int compare_names(const void *a, const void *b, void *context)
{
    const struct interned *names = context;
    return strcmp(interned_text(names, *(const uint32_t *)a), interned_text(names, *(const uint32_t *)b));
}

static void rank(struct name_order *order, const uint32_t *counts)
{
    const uint32_t names = order->names->count;
    for (uint32_t i = 0; i < names; i++)
        order->id[i] = i;
    qsort_r(order->id, names, sizeof *order->id, compare_names, (void *)order->names);
    for (uint32_t i = 0; i < names; i++) {
        order->rank[order->id[i]] = i;
        order->first[i + 1] = order->first[i] + counts[order->id[i]];
    }
}

bool name_order_make(struct name_order *order, const struct interned *names, const uint32_t *counts)
{
    const size_t count = (size_t)names->count + 2; /* without names, the first one needs an end as well */
    *order = (struct name_order){
        .names = names,
        .first = calloc(count, sizeof *order->first),
        .rank = malloc(count * sizeof *order->rank),
        .id = malloc(count * sizeof *order->id),
    };
    if (order->first && order->rank && order->id) {
        rank(order, counts);
        return true;
    }
    name_order_free(order);
    return false;
}

void name_order_free(struct name_order *order)
{
    free(order->first);
    free(order->rank);
    free(order->id);
    *order = (struct name_order){ 0 };
}
