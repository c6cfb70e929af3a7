/*
 * Arbitrary bytes as a file that changes, and shrinks, while it is being read.
 *
 * The input is an image followed by a script: how the bytes change from one pread() to the next. This file's own
 * pread() plays it, so that a failure can be reproduced.
 */
#include "mutate.h"
#include "script.h"

#include "../support/drive.h"
#include "image/reader.h"

#define CHANGING_DESCRIPTOR (-7)

static struct {
    uint8_t *bytes;
    size_t size, shrunk; /* at first; now */
    struct step steps[STEPS];
    unsigned step, reads;
    uint64_t random;
} file;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void change(const struct step *step)
{
    struct mutation mutation = { .bytes = file.bytes, .size = file.size };
    uint64_t offset = (uint64_t)step->where * 8 % (file.size / 8 * 8 + 8);
    switch (step->what % 8) {
    case 0:
        file.shrunk = (size_t)(offset < file.size ? offset : file.size);
        break;
    case 1:
        file.shrunk = file.size;
        break;
    case 2:
        put_word(&mutation, offset, step->value);
        break;
    case 3:
        put_word(&mutation, offset, word_at(&mutation, offset) + (uint64_t)(int64_t)(int32_t)step->value);
        break;
    default: /* a meaningful field */
        mutate_image(file.bytes, file.size, (uint64_t)step->value << 16 | step->where);
    }
}

static void play_script(void)
{
    if (file.step >= STEPS || ++file.reads < file.steps[file.step].reads)
        return;
    change(&file.steps[file.step++]);
    file.reads = 0;
}

/* Replaces the system's, for the readers that are linked with it. */
ssize_t pread(int fd, void *buf, size_t nbytes, off_t offset)
{
    MUST(fd == CHANGING_DESCRIPTOR && offset >= 0, "pread of %d at %lld", fd, (long long)offset);
    play_script();
    if ((size_t)offset >= file.shrunk)
        return 0;
    if (nbytes > file.shrunk - (size_t)offset)
        nbytes = file.shrunk - (size_t)offset;
    memcpy(buf, file.bytes + offset, nbytes);
    return (ssize_t)nbytes;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    uint64_t random = seed;
    if (size < SCRIPT_BYTES + IMAGE_HEADER_BYTES)
        return LLVMFuzzerMutate(data, size, max_size);
    struct step step;
    uint64_t drawn = stress_random(&random);
    size_t at = size - SCRIPT_BYTES + drawn % STEPS * sizeof step;
    memcpy(&step, &drawn, sizeof step);
    step.reads %= seed % 3 ? 8 : 255;
    memcpy(data + at, &step, sizeof step);
    if (seed % 2)
        mutate_image(data, size - SCRIPT_BYTES, drawn);
    return size;
}

/* The writer is this process, so that the image counts as live. */
static void impersonate(struct image_header *header)
{
    header->state = IMAGE_LIVE;
    header->pid = platform_pid();
    header->process_start = platform_self(true).start;
    platform_boot_id(header->boot_id, sizeof header->boot_id);
}

static void load(const uint8_t *data, size_t size)
{
    size_t image_bytes = size > SCRIPT_BYTES ? size - SCRIPT_BYTES : 0;
    file.bytes = malloc(image_bytes + 1);
    MUST(file.bytes, "no memory");
    memcpy(file.bytes, data, image_bytes);
    memset(file.steps, 0, sizeof file.steps);
    memcpy(file.steps, data + image_bytes, size - image_bytes);
    file.size = file.shrunk = image_bytes;
    file.step = file.reads = 0;
    if (image_bytes >= IMAGE_HEADER_BYTES && file.steps[STEPS - 1].what % 2)
        impersonate((struct image_header *)(void *)file.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    struct tracer_reader *reader;
    struct tracer_message message = { "" };
    struct platform_file opened = { .descriptor = CHANGING_DESCRIPTOR };
    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    MUST(nowhere, "/dev/null");
    load(data, size);
    opened.size_bytes = file.size;
    if (!drive_is_error(reader_open_file(&reader, &opened, &message))) {
        drive_reader(reader, nowhere);
        tracer_reader_close(reader);
    } else {
        MUST(message.text[0] != '\0', "an error without a message");
    }
    free(file.bytes);
    return 0;
}
