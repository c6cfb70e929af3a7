/*
 * Binary heaps: the first item of the array is the one above all others.
 *
 * HEAP_FUNCTIONS(name, item, owner, is_above) defines the functions of one kind of heap. They order items by
 *
 *     static bool is_above(const owner *, const item *a, const item *b);
 *
 * which is inlined: calling it through a pointer would cost more than the comparison itself.
 *
 *     name_sink(owner, heap, count, at)   moves an item down to where it belongs
 *     name_rise(owner, heap, at)          moves an item up to where it belongs
 *     name_build(owner, heap, count)      makes a heap of items in any order
 */
#ifndef RINGSCOPE_BASE_HEAP_H
#define RINGSCOPE_BASE_HEAP_H

#include <stddef.h>

#define HEAP_FUNCTION __attribute__((unused)) static inline void

#define HEAP_FUNCTIONS(name, item, owner, is_above)                                          \
    HEAP_FUNCTION name##_sink(const owner *context, item *heap, size_t count, size_t at)     \
    {                                                                                        \
        item moving = heap[at];                                                              \
        for (size_t child; (child = 2 * at + 1) < count; at = child) {                       \
            if (child + 1 < count && is_above(context, &heap[child + 1], &heap[child]))      \
                child++;                                                                     \
            if (!is_above(context, &heap[child], &moving))                                   \
                break;                                                                       \
            heap[at] = heap[child];                                                          \
        }                                                                                    \
        heap[at] = moving;                                                                   \
    }                                                                                        \
    HEAP_FUNCTION name##_rise(const owner *context, item *heap, size_t at)                   \
    {                                                                                        \
        item moving = heap[at];                                                              \
        for (; at > 0 && is_above(context, &moving, &heap[(at - 1) / 2]); at = (at - 1) / 2) \
            heap[at] = heap[(at - 1) / 2];                                                   \
        heap[at] = moving;                                                                   \
    }                                                                                        \
    HEAP_FUNCTION name##_build(const owner *context, item *heap, size_t count)               \
    {                                                                                        \
        for (size_t at = count / 2; at-- > 0;)                                               \
            name##_sink(context, heap, count, at);                                           \
    }

#endif
