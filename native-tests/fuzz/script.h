/* How a file changes while it is read: the end of each input, which readers treat as unused bytes. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdint.h>

/* After this many reads, a word or the size changes. */
struct step {
    uint8_t reads;
    uint8_t what;
    uint16_t where; /* in words; taken modulo the size */
    uint32_t value;
};

#define STEPS 32
#define SCRIPT_BYTES (STEPS * sizeof(struct step))

#endif
