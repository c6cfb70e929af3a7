/* Shows arguments of calls about files; see show.h. */
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

#include "show.h"
#include "tasks.h"

void show_offset_at(struct shown *shown, unsigned index)
{
    const int64_t *offset = shown_struct(shown, index, sizeof *offset);
    if (offset)
        detail_format(shown->detail, "at %lld", (long long)*offset);
}

void show_how(struct shown *shown, unsigned index)
{
    const struct open_how *how = shown_struct(shown, index, sizeof *how);
    if (!how)
        return;
    add_words_of(shown->detail, "open", how->flags);
    if (how->flags & O_CREAT)
        detail_format(shown->detail, ", 0%llo", (unsigned long long)how->mode);
    if (!how->resolve)
        return;
    detail_add(shown->detail, ", ");
    add_words_of(shown->detail, "resolve", how->resolve);
}

/* "{MOUNT_ATTR_RDONLY, without MOUNT_ATTR_NOEXEC, MS_PRIVATE}": what is set, cleared, and propagated. */
void show_mount_attributes(struct shown *shown, unsigned index)
{
    const struct mount_attr *attr = shown_struct(shown, index, sizeof *attr);
    const char *before = "";
    if (!attr)
        return;
    detail_add(shown->detail, "{");
    if (attr->attr_set) {
        add_words_of(shown->detail, "mount_attr", attr->attr_set);
        before = ", ";
    }
    if (attr->attr_clr) {
        detail_format(shown->detail, "%swithout ", before);
        add_words_of(shown->detail, "mount_attr", attr->attr_clr);
        before = ", ";
    }
    if (attr->propagation) {
        detail_add(shown->detail, before);
        add_words_of(shown->detail, "mount", attr->propagation);
    }
    detail_add(shown->detail, "}");
}

/* ------------------------------------------------------------------------ stat */

/* Adds a device's number, or the size of any other file. */
static void add_status(struct detail *detail, uint64_t mode, uint64_t size, unsigned device_major,
                       unsigned device_minor)
{
    detail_add(detail, "{");
    add_words_of(detail, "file_type", mode & S_IFMT);
    detail_format(detail, "|0%llo, ", (unsigned long long)mode & 07777);
    if (S_ISCHR(mode) || S_ISBLK(mode))
        detail_format(detail, "device %u:%u}", device_major, device_minor);
    else
        detail_format(detail, "size %llu}", (unsigned long long)size);
}

void show_stat(struct shown *shown, unsigned index)
{
    const struct stat *status = shown_struct(shown, index, sizeof *status);
    if (status)
        add_status(shown->detail, status->st_mode, (uint64_t)status->st_size, major(status->st_rdev),
                   minor(status->st_rdev));
}

void show_statx(struct shown *shown, unsigned index)
{
    struct statx status = { 0 };
    const char *bytes = shown_struct(shown, index, STATX_SHOWN);
    if (!bytes)
        return;
    memcpy(&status, bytes, STATX_SHOWN);
    add_status(shown->detail, status.stx_mode, status.stx_size, status.stx_rdev_major, status.stx_rdev_minor);
}

void show_statfs(struct shown *shown, unsigned index)
{
    const struct statfs *system = shown_struct(shown, index, sizeof *system);
    if (!system)
        return;
    const char *name = words_name(words_find("fs_magic"), (uint64_t)system->f_type);
    detail_add(shown->detail, "{");
    if (name)
        detail_add(shown->detail, name);
    else
        detail_format(shown->detail, "0x%lx", (unsigned long)system->f_type);
    detail_format(shown->detail,
                  ", blocks %llu of %lld, %llu free, %llu available, files %llu, %llu free, names of %ld}",
                  (unsigned long long)system->f_blocks, (long long)system->f_bsize, (unsigned long long)system->f_bfree,
                  (unsigned long long)system->f_bavail, (unsigned long long)system->f_files,
                  (unsigned long long)system->f_ffree, (long)system->f_namelen);
}

static void add_file_time(struct detail *detail, const struct timespec *time)
{
    if (time->tv_nsec == UTIME_NOW)
        detail_add(detail, "UTIME_NOW");
    else if (time->tv_nsec == UTIME_OMIT)
        detail_add(detail, "UTIME_OMIT");
    else
        add_seconds(detail, time->tv_sec, (uint64_t)time->tv_nsec);
}

void show_file_times(struct shown *shown, unsigned index)
{
    const struct timespec *times = shown_struct(shown, index, 2 * sizeof *times);
    if (!times)
        return;
    detail_add(shown->detail, "[");
    add_file_time(shown->detail, &times[0]);
    detail_add(shown->detail, ", ");
    add_file_time(shown->detail, &times[1]);
    detail_add(shown->detail, "]");
}

/* ----------------------------------------------------------------------- fcntl */

bool fcntl_duplicates(const struct kernel_event *event)
{
    int64_t command = as_int(event->args[1]);
    return command == F_DUPFD || command == F_DUPFD_CLOEXEC;
}

bool fcntl_result(struct shown *shown)
{
    static const struct {
        int command;
        const char *group;
    } flags[] = { { F_GETFL, "open" },
                  { F_GETFD, "fd_flags" },
                  { F_GET_SEALS, "seals" },
                  { F_GETLEASE, "lock_type" },
                  { F_GETSIG, "signal" } };
    const struct kernel_event *event = shown->event;
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (as_int(event->args[1]) != flags[i].command)
            continue;
        size_t before = shown->detail->bytes;
        add_words_of(shown->detail, flags[i].group, (uint64_t)event->result);
        return shown->detail->bytes > before;
    }
    return false;
}

static void add_lock(struct shown *shown, unsigned index)
{
    const struct flock *lock = shown_struct(shown, index, sizeof *lock);
    if (!lock)
        return;
    detail_add(shown->detail, "{");
    add_words_of(shown->detail, "lock_type", (uint64_t)lock->l_type);
    detail_add(shown->detail, ", ");
    add_words_of(shown->detail, "seek", (uint64_t)lock->l_whence);
    detail_format(shown->detail, ", start %lld, len %lld}", (long long)lock->l_start, (long long)lock->l_len);
}

static void add_owner(struct shown *shown, unsigned index)
{
    const struct f_owner_ex *owner = shown_struct(shown, index, sizeof *owner);
    if (!owner)
        return;
    detail_add(shown->detail, "{");
    add_words_of(shown->detail, "file_owner", (uint32_t)owner->type);
    detail_format(shown->detail, ", %d}", owner->pid);
}

/* How long what is written will live. */
static void add_lifetime(struct shown *shown, unsigned index)
{
    const uint64_t *lifetime = shown_struct(shown, index, sizeof *lifetime);
    if (!lifetime) {
        show_address(shown, index);
        return;
    }
    detail_add(shown->detail, "[");
    add_words_of(shown->detail, "rw_hint", *lifetime);
    detail_add(shown->detail, "]");
}

/* Of a command that is not known here. */
static void add_number_or_address(struct shown *shown, unsigned index)
{
    const uint64_t value = shown->event->args[index];
    if (value > UINT32_MAX && (int64_t)value != as_int(value))
        show_address(shown, index);
    else
        detail_add_number(shown->detail, as_int(value));
}

void show_fcntl(struct shown *shown, unsigned index)
{
    uint64_t value = shown->event->args[index];
    switch (as_int(shown->event->args[1])) {
    case F_GETFL:
    case F_GETFD:
    case F_GET_SEALS:
    case F_GETOWN:
    case F_GETSIG:
    case F_GETLEASE:
    case F_GETPIPE_SZ:
        return;
    case F_SETSIG:
        show_signal(shown, index);
        return;
    case F_SETLEASE:
        add_words_of(shown->detail, "lock_type", (uint32_t)value);
        return;
    case F_NOTIFY:
        add_words_of(shown->detail, "notify", (uint32_t)value);
        return;
    case F_GETOWN_EX:
    case F_SETOWN_EX:
        add_owner(shown, index);
        return;
    case F_SETFL:
        add_words_of(shown->detail, "open", (uint32_t)value);
        return;
    case F_SETFD:
        add_words_of(shown->detail, "fd_flags", (uint32_t)value);
        return;
    case F_ADD_SEALS:
        add_words_of(shown->detail, "seals", (uint32_t)value);
        return;
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_GETLK:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
        add_lock(shown, index);
        return;
    case F_GET_RW_HINT:
    case F_SET_RW_HINT:
    case F_GET_FILE_RW_HINT:
    case F_SET_FILE_RW_HINT:
        add_lifetime(shown, index);
        return;
    default:
        add_number_or_address(shown, index);
    }
}

/* ------------------------------------------------------------------ descriptors */

void show_pair(struct shown *shown, unsigned index)
{
    const int *pair = shown_struct(shown, index, 2 * sizeof *pair);
    if (!pair)
        return;
    add_descriptor(shown->detail, pair[0], shown->task);
    detail_add(shown->detail, ", ");
    add_descriptor(shown->detail, pair[1], shown->task);
}

void show_uring(struct shown *shown, unsigned index)
{
    const struct io_uring_params *params = shown_struct(shown, index, sizeof *params);
    if (!params)
        return;
    detail_add(shown->detail, "{");
    if (params->flags) {
        add_words_of(shown->detail, "uring_setup", params->flags);
        detail_add(shown->detail, ", ");
    }
    detail_format(shown->detail, "sq %u, cq %u, ", params->sq_entries, params->cq_entries);
    add_words_of(shown->detail, "uring_features", params->features);
    const struct io_sqring_offsets *sq = &params->sq_off;
    const struct io_cqring_offsets *cq = &params->cq_off;
    detail_format(shown->detail, ", sq at {head %u, tail %u, mask %u, entries %u, flags %u, dropped %u, array %u}",
                  sq->head, sq->tail, sq->ring_mask, sq->ring_entries, sq->flags, sq->dropped, sq->array);
    detail_format(shown->detail, ", cq at {head %u, tail %u, mask %u, entries %u, overflow %u, cqes %u, flags %u}}",
                  cq->head, cq->tail, cq->ring_mask, cq->ring_entries, cq->overflow, cq->cqes, cq->flags);
}
