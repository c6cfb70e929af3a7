/* Turns .eh_frame into rules; see frames.h and capture/unwind.h. */
#include "frames.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "elf_file.h"

/* For x86-64, as .eh_frame numbers them. */
enum { REGISTER_BP = 6, REGISTER_SP = 7, REGISTER_RETURN = 16 };

#define OPERATIONS 3 /* of a rule that is an offset from a register or from the frame */

struct frames {
    Elf *elf;
    Dwarf_CFI *cfi; /* NULL: none */
    int file;
    bool native;
};

static void close_frames(void *context)
{
    struct frames *frames = context;
    if (frames->cfi)
        dwarf_cfi_end(frames->cfi);
    if (frames->elf)
        elf_end(frames->elf);
    if (frames->file >= 0)
        close(frames->file);
    free(frames);
}

static bool open_elf(struct frames *frames, const char *path)
{
    elf_version(EV_CURRENT);
    frames->file = elf_open(path);
    frames->elf = frames->file >= 0 ? elf_begin(frames->file, ELF_C_READ_MMAP_PRIVATE, NULL) : NULL;
    return frames->elf && elf_kind(frames->elf) == ELF_K_ELF;
}

static void put_build_id(Elf *elf, char *to, size_t size)
{
    const void *bits = NULL;
    ssize_t bytes = dwelf_elf_gnu_build_id(elf, &bits);
    to[0] = '\0';
    for (ssize_t i = 0; i < bytes && 2 * (size_t)i + 3 <= size; i++)
        snprintf(to + 2 * (size_t)i, 3, "%02x", ((const unsigned char *)bits)[i]);
}

static void read_build_id(const char *path, char *build_id, size_t size)
{
    struct frames *frames = calloc(1, sizeof *frames);
    build_id[0] = '\0';
    if (!frames)
        return;
    if (open_elf(frames, path))
        put_build_id(frames->elf, build_id, size);
    close_frames(frames);
}

/* A private mapping of a file may still change with it, so if the file is overwritten nothing is certain: libdw checks
 * what it reads, and a wrong rule leads to no function. */
static void *open_frames(const char *path, const char *build_id)
{
    char own[2 * SPACES_BUILD_ID_BYTES + 1];
    GElf_Ehdr header;
    struct frames *frames = calloc(1, sizeof *frames);
    if (!frames)
        return NULL;
    bool ok = open_elf(frames, path);
    if (ok) {
        put_build_id(frames->elf, own, sizeof own);
        ok = strcmp(own, build_id) == 0 && gelf_getehdr(frames->elf, &header);
    }
    if (!ok) {
        close_frames(frames);
        return NULL;
    }
    frames->native = header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_machine == EM_X86_64;
    frames->cfi = dwarf_getcfi_elf(frames->elf);
    return frames;
}

/* The frame as an offset from one of two registers. */
static bool take_frame(Dwarf_Frame *frame, struct unwind_rule *rule)
{
    Dwarf_Op *operations;
    size_t count;
    if (dwarf_frame_cfa(frame, &operations, &count) != 0 || count != 1)
        return false;
    uint64_t in_register = operations->number;
    Dwarf_Word offset = operations->atom == DW_OP_bregx ? operations->number2 : operations->number;
    if (operations->atom == DW_OP_breg0 + REGISTER_BP || operations->atom == DW_OP_breg0 + REGISTER_SP)
        rule->from_bp = operations->atom == DW_OP_breg0 + REGISTER_BP;
    else if (operations->atom == DW_OP_bregx && (in_register == REGISTER_BP || in_register == REGISTER_SP))
        rule->from_bp = in_register == REGISTER_BP;
    else
        return false;
    rule->frame_offset = (int)offset;
    return (Dwarf_Sword)offset == rule->frame_offset;
}

enum place { PLACE_SAME, PLACE_UNDEFINED, PLACE_SAVED, PLACE_OTHER };

/* Where to find the caller's value of a register; *offset: of a saved one, from the frame. */
static enum place place_of(Dwarf_Frame *frame, int number, int *offset)
{
    Dwarf_Op memory[OPERATIONS], *operations;
    size_t count;
    *offset = 0;
    if (dwarf_frame_register(frame, number, memory, &operations, &count) != 0)
        return PLACE_OTHER;
    if (count == 0)
        return operations ? PLACE_UNDEFINED : PLACE_SAME;
    if (operations[0].atom != DW_OP_call_frame_cfa || count > 2 ||
        (count == 2 && operations[1].atom != DW_OP_plus_uconst))
        return PLACE_OTHER;
    Dwarf_Sword beside = count == 2 ? (Dwarf_Sword)operations[1].number : 0;
    *offset = (int)beside;
    return *offset == beside ? PLACE_SAVED : PLACE_OTHER;
}

static enum unwind_known take_rule(Dwarf_Frame *frame, struct unwind_rule *rule)
{
    int return_offset;
    bool signal = false;
    dwarf_frame_info(frame, NULL, NULL, &signal);
    rule->signal = signal;
    if (signal)
        return UNWIND_KNOWN;
    enum place returns_to = place_of(frame, REGISTER_RETURN, &return_offset);
    rule->outermost = returns_to == PLACE_UNDEFINED;
    if (rule->outermost)
        return UNWIND_KNOWN;
    enum place bp = place_of(frame, REGISTER_BP, &rule->bp_offset);
    rule->bp_saved = bp == PLACE_SAVED;
    rule->bp_lost = bp == PLACE_UNDEFINED || bp == PLACE_OTHER;
    bool plain = returns_to == PLACE_SAVED && return_offset == -8 && take_frame(frame, rule);
    return plain ? UNWIND_KNOWN : UNWIND_UNUSABLE;
}

static enum unwind_known find_rule(void *context, uint64_t offset, struct unwind_rule *rule)
{
    const struct frames *frames = context;
    GElf_Addr address;
    Dwarf_Frame *frame;
    if (!frames->native)
        return UNWIND_UNUSABLE;
    if (!frames->cfi || !elf_address(frames->elf, offset, &address) ||
        dwarf_cfi_addrframe(frames->cfi, address, &frame) != 0)
        return UNWIND_ABSENT;
    enum unwind_known known = take_rule(frame, rule);
    free(frame);
    return known;
}

bool frames_fill(struct stacks_request *request)
{
    request->open = open_frames;
    request->find = find_rule;
    request->close = close_frames;
    request->read_build_id = read_build_id;
    return true;
}
