/* ringscope extract: finds the images in a core dump, also of tracers on the heap. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../image/reader.h"
#include "../image/upgrade.h"
#include "commands.h"
#include "output.h"
#include "progress.h"
#include "show.h"

#define CHUNK_BYTES (1u << 20)
#define MAGIC_BYTES sizeof(uint64_t)

enum { OUTPUT, NUMBER };
static const struct cli_option options[] = {
    [OUTPUT] = { .name = "output", .letter = 'o', .value = "OUT", .help = OUTPUT_IMAGE_HELP },
    [NUMBER] = { .name = "number",
                 .letter = 'n',
                 .value = "N",
                 .help = "the number of the image, if there are several" },
    { 0 },
};

/* The state of the search. */
struct search {
    const struct cli_call *call;
    struct platform_file file;
    uint64_t at; /* where the current image begins */
    uint64_t found;
    uint64_t wanted; /* its number; 0: list all */
    uint64_t wanted_at; /* where it begins */
    bool writing; /* done after all has been read, so that a core that cannot be read costs nobody an older file */
    int code;
};

/* ------------------------------------------------------------ one image */

static void list(const struct search *search, const struct tracer_reader *reader, const struct tracer_snapshot *events)
{
    printf("%" PRIu64 ": ", search->found);
    show_text(reader->header.program[0] ? reader->header.program : "?", stdout);
    printf(", pid %" PRIu64 ", %zu events, at byte %" PRIu64 "\n", reader->header.pid, tracer_snapshot_count(events),
           search->at);
}

/* Written as a sealed image, like all that is saved: a copy of the memory would look like a live process's image. */
static int write_image(const struct search *search, const struct tracer_snapshot *events)
{
    return output_write_image(search->call, OUTPUT, events);
}

static void write_events(struct search *search, struct tracer_reader *reader)
{
    struct tracer_snapshot *events;
    enum tracer_error error = tracer_snapshot_create(&events, reader, NULL);
    if (error != TRACER_OK) {
        search->code = cli_fail(search->call, "%s: the image at byte %" PRIu64 ": %s", search->call->arguments[0],
                                search->at, tracer_error_text(error));
        return;
    }
    if (search->writing)
        search->code = write_image(search, events);
    else if (++search->found == search->wanted)
        search->wanted_at = search->at;
    else if (search->wanted == 0)
        list(search, reader, events);
    tracer_snapshot_destroy(events);
}

/* Code that makes images contains the magic number as well, so anything else is skipped silently; a damaged image, or
 * one that was not dumped completely, is reported. */
static bool begins_like_an_image(struct search *search)
{
    struct image_header header;
    size_t got;
    enum tracer_error error = platform_file_read(&search->file, search->at, &header, sizeof header, &got);
    if (error != TRACER_OK)
        search->code = cli_fail(search->call, "%s: at byte %" PRIu64 ": %s", search->call->arguments[0], search->at,
                                tracer_error_text(error));
    return error == TRACER_OK && got == sizeof header && header.byte_order == IMAGE_BYTE_ORDER &&
           header.version >= IMAGE_VERSION_OLDEST && header.version <= IMAGE_VERSION;
}

static void look_at(struct search *search, uint64_t at)
{
    struct tracer_message message;
    struct tracer_reader *reader;
    search->at = at;
    if (!begins_like_an_image(search))
        return;
    struct source source = source_file_from(&search->file, at);
    enum tracer_error error = reader_open_source(&reader, &source, &message);
    if (error != TRACER_OK) {
        fprintf(stderr, "ringscope extract: the image at byte %" PRIu64 " is left out: ", at);
        show_text(message.text, stderr);
        fputc('\n', stderr);
        if (search->writing || error == TRACER_ERROR_READ || error == TRACER_ERROR_MEMORY)
            search->code = CLI_FAILURE; /* it may be the wanted one */
        return;
    }
    write_events(search, reader);
    tracer_reader_close(reader);
}

/* ------------------------------------------------------------- the search */

/* The next data in the file, or a little before it. Cores have holes of terabytes, so steps double. */
static uint64_t skip_hole(const struct platform_file *file, uint64_t offset)
{
    for (uint64_t step = CHUNK_BYTES; offset < file->size_bytes; step *= 2) {
        if (step > file->size_bytes - offset)
            step = file->size_bytes - offset;
        if (platform_file_has_data(file, offset, offset + step))
            break;
        offset += step;
    }
    return offset;
}

/* Chunks overlap, so that a magic number across their border is found. */
static enum tracer_error search_core(struct search *search, char *chunk)
{
    const uint64_t magic = IMAGE_MAGIC;
    struct progress progress;
    enum tracer_error error = TRACER_OK;
    size_t got = 0;
    progress_init(&progress, "searched", true);
    for (uint64_t offset = 0; offset < search->file.size_bytes; offset += CHUNK_BYTES) {
        offset = skip_hole(&search->file, offset);
        error = platform_file_read(&search->file, offset, chunk, CHUNK_BYTES + MAGIC_BYTES - 1, &got);
        if (error != TRACER_OK || got < MAGIC_BYTES)
            break;
        const char *at = chunk, *end = chunk + got;
        for (; (at = memmem(at, (size_t)(end - at), &magic, MAGIC_BYTES)); at++)
            look_at(search, offset + (uint64_t)(at - chunk));
        progress_add(&progress, CHUNK_BYTES);
    }
    progress_end(&progress);
    return error;
}

static int finish(struct search *search)
{
    const struct cli_call *call = search->call;
    if (search->code != CLI_SUCCESS)
        return search->code;
    if (search->found == 0)
        return cli_fail(call, "%s: there is no image in it", call->arguments[0]);
    if (search->wanted > search->found)
        return cli_fail(call, "%s: it has %" PRIu64 " images, there is no number %" PRIu64, call->arguments[0],
                        search->found, search->wanted);
    if (search->wanted && search->found > 1 && !cli_given(call, NUMBER))
        fprintf(stderr, "ringscope extract: the first of %" PRIu64 " images; --number takes another\n", search->found);
    search->writing = true;
    if (!search->wanted)
        return cli_finish(call);
    look_at(search, search->wanted_at);
    return search->code;
}

static int run(const struct cli_call *call)
{
    struct tracer_message message;
    struct search search = { .call = call, .wanted = cli_given(call, OUTPUT) ? 1 : 0 };
    if (!cli_number(call, NUMBER, &search.wanted))
        return CLI_USAGE;
    if (cli_given(call, NUMBER) && (search.wanted == 0 || !cli_given(call, OUTPUT)))
        return cli_usage(call, "--number takes 1 and more, and needs -o OUT");
    int code = cli_given(call, OUTPUT) ? output_check_image(call, OUTPUT) : CLI_SUCCESS;
    if (code != CLI_SUCCESS)
        return code;
    if (platform_file_open(call->arguments[0], false, &search.file, &message) != TRACER_OK)
        return cli_fail_on(call, call->arguments[0], &message);
    char *chunk = malloc(CHUNK_BYTES + MAGIC_BYTES);
    enum tracer_error error = chunk ? search_core(&search, chunk) : TRACER_ERROR_MEMORY;
    free(chunk);
    code =
        error == TRACER_OK ? finish(&search) : cli_fail(call, "%s: %s", call->arguments[0], tracer_error_text(error));
    platform_file_close(&search.file);
    return code;
}

const struct cli_command cli_extract = {
    .name = "extract",
    .synopsis = "CORE [-o OUT]",
    .summary = "find the images in a core dump",
    .help = "Without -o OUT, lists the images: sealed ones, and those of tracers in memory.",
    .details = "The kernel leaves mapped files out of cores, unless /proc/PID/coredump_filter says otherwise: a tracer "
               "that records into a file leaves that file. Images are checked like any file.",
    .example = "ringscope extract core.4711 -o crash.ring",
    .example_text = "what a program recorded on its heap before it crashed",
    .options = options,
    .operands = { { .name = "CORE" } },
    .least = 1,
    .run = run,
};
