/*
 * The tables of names, tracks, processes, stacks and notes.
 */
#ifndef RINGSCOPE_IMAGE_TABLES_H
#define RINGSCOPE_IMAGE_TABLES_H

#include "image_record.h"

/* NAMES, OPERATIONS: entry i is the name of id i, one word: 0 until published. Id 0 is no name (operations: "(other)").
 * Bits 40 to 55 may hold a label: the id of another name. */
#define NAME_PUBLISHED (1ull << 63)
#define NAME_BYTES_MAX 255u

static inline uint64_t name_entry(uint64_t offset_bytes, uint64_t length_bytes)
{
    return NAME_PUBLISHED | length_bytes << 32 | offset_bytes;
}
#define NAME_LABEL_SHIFT 40
static inline uint32_t name_entry_label(uint64_t entry)
{
    return (uint32_t)(entry >> NAME_LABEL_SHIFT & RECORD_NAME_MASK);
}
static inline uint32_t name_entry_offset(uint64_t entry)
{
    return (uint32_t)entry;
}
static inline uint32_t name_entry_length(uint64_t entry)
{
    return (uint32_t)(entry >> 32) & 0xff;
}

/* TRACKS: entry i is track i; 0 is the unknown track. state: NAME_PUBLISHED | name id, 0 until published. */
struct image_track {
    uint64_t pid_tid; /* pid | tid << 32 */
    uint64_t state;
};

/* PROCESSES: in the order in which they were first seen, from entry 1 on. A pid may appear more than once, for
 * processes that had it one after the other. Times are ns since time 0. */
#define PROCESS_TIME_UNKNOWN UINT64_MAX /* also before time 0 */
struct image_process {
    uint64_t pid_parent; /* pid | parent << 32; parent 0: unknown */
    uint64_t state; /* NAME_PUBLISHED | name id, 0 until published; the program's own process needs no name */
    uint64_t start_ns;
    uint64_t end_ns;
    uint64_t exit; /* 0: unknown; else PROCESS_EXITED | code or PROCESS_KILLED | signal */
};
#define PROCESS_EXITED (1ull << 32)
#define PROCESS_KILLED (2ull << 32)

/* STACKS: from entry 1 on, by ascending id. The id of a stack is that of its innermost frame; each frame has the id of
 * its caller, which is lower than its own, so that stacks share their common callers and always end. In a live image
 * the id is the entry; a sealed one keeps the ids but holds used frames only.
 * FRAME_IS_SOURCE: in no stack; says where the function of this name begins, in the module's name: "lua.c:317". */
struct image_frame {
    uint64_t id_caller; /* id | caller << 32; caller 0: outermost */
    uint64_t state; /* NAME_PUBLISHED | name id | name id of the module << 16, 0 while unpublished */
    uint64_t address; /* in the module, or in memory */
};
#define FRAME_MODULE_SHIFT 16
#define FRAME_IS_SOURCE (1ull << 32)

/* NOTES: lines in plain words with a count, such as "An end without a beginning is left out" and 12. */
#define NOTE_TEXT_BYTES 248u
#define NOTES_MAX 256u
struct image_note {
    uint64_t count;
    char text[NOTE_TEXT_BYTES]; /* NUL-terminated */
};

#endif
