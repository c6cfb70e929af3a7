/* The platform contract's files on Linux and other POSIX systems. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform.h"

#define NAME_TRIES 100

static enum tracer_error fail(struct tracer_message *message, const char *path, int code)
{
    if (message)
        snprintf(message->text, sizeof message->text, "%.180s: %s", path, strerror(code));
    switch (code) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return TRACER_ERROR_NO_SPACE;
    case EACCES:
    case EPERM:
    case EROFS:
        return TRACER_ERROR_PERMISSION;
    case ENOMEM:
        return TRACER_ERROR_MEMORY;
    default:
        return TRACER_ERROR_OPEN;
    }
}

/* ---------------------------------------------------------------- creating */

static int open_temporary(const char *path, char *temporary, size_t size)
{
    for (int i = 0; i < NAME_TRIES; i++) {
        uint64_t random = (uint64_t)i;
        if (getrandom(&random, sizeof random, GRND_NONBLOCK) < 0)
            random ^= (uint64_t)getpid() << 32;
        int length = snprintf(temporary, size, "%s.%016llx.tmp", path, (unsigned long long)random);
        if (length < 0 || (size_t)length >= size) {
            errno = ENAMETOOLONG;
            return -1;
        }
        int file = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (file >= 0 || errno != EEXIST)
            return file;
    }
    return -1;
}

/* Beyond the limit, the allocation would not fail but kill the process with SIGXFSZ. */
static int allocate_blocks(int file, uint64_t size_bytes)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && size_bytes > limit.rlim_cur)
        return EFBIG;
    int code;
    do {
        code = posix_fallocate(file, 0, (off_t)size_bytes);
    } while (code == EINTR);
    return code;
}

/* What root writes for somebody who called sudo is that person's. */
static int give_to_invoking_user(int file)
{
    const char *uid = getenv("SUDO_UID"), *gid = getenv("SUDO_GID");
    if (geteuid() != 0 || !uid || !gid)
        return 0;
    return fchown(file, (uid_t)strtoul(uid, NULL, 10), (gid_t)strtoul(gid, NULL, 10)) == 0 ? 0 : errno;
}

static int map_new_file(int file, uint64_t size_bytes, struct platform_mapping *mapping)
{
    int code = allocate_blocks(file, size_bytes);
    if (code == 0)
        code = give_to_invoking_user(file);
    if (code != 0)
        return code;
    void *memory = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory == MAP_FAILED)
        return errno;
    *mapping = (struct platform_mapping){ memory, size_bytes };
    return 0;
}

enum tracer_error platform_file_create(const char *path, uint64_t size_bytes, struct platform_mapping *mapping,
                                       char *temporary, size_t temporary_size, struct tracer_message *message)
{
    int file = open_temporary(path, temporary, temporary_size);
    if (file < 0)
        return fail(message, path, errno);
    int code = map_new_file(file, size_bytes, mapping);
    close(file);
    if (code == 0)
        return TRACER_OK;
    unlink(temporary);
    return fail(message, path, code);
}

enum tracer_error platform_file_commit(const char *temporary, const char *path, struct tracer_message *message)
{
    return rename(temporary, path) == 0 ? TRACER_OK : fail(message, path, errno);
}

void platform_file_abandon(struct platform_mapping *mapping, const char *temporary)
{
    platform_file_unmap(mapping);
    unlink(temporary);
}

void platform_file_unmap(struct platform_mapping *mapping)
{
    if (mapping->memory)
        munmap(mapping->memory, mapping->size_bytes);
    mapping->memory = NULL;
}

/* ----------------------------------------------------------------- reading */

static enum tracer_error describe(struct platform_file *file, const char *path, struct tracer_message *message)
{
    struct stat status;
    if (fstat(file->descriptor, &status) != 0)
        return fail(message, path, errno);
    if (!S_ISREG(status.st_mode)) {
        if (message)
            snprintf(message->text, sizeof message->text, "%.180s: %s", path,
                     S_ISDIR(status.st_mode) ? "is a directory" : "is not a regular file");
        return TRACER_ERROR_NOT_A_FILE;
    }
    file->size_bytes = (uint64_t)status.st_size;
    file->owner = status.st_uid;
    return TRACER_OK;
}

bool platform_path_exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

/* Without O_NONBLOCK, opening a pipe that nobody writes to would wait. */
enum tracer_error platform_file_open(const char *path, bool writable, struct platform_file *file,
                                     struct tracer_message *message)
{
    int flags = O_CLOEXEC | O_NONBLOCK | (writable ? O_RDWR | O_NOFOLLOW : O_RDONLY);
    file->descriptor = open(path, flags);
    if (file->descriptor < 0 && errno == EISDIR) {
        fail(message, path, errno);
        return TRACER_ERROR_NOT_A_FILE;
    }
    if (file->descriptor < 0)
        return fail(message, path, errno);
    enum tracer_error error = describe(file, path, message);
    if (error != TRACER_OK)
        platform_file_close(file);
    return error;
}

void platform_file_close(struct platform_file *file)
{
    if (file->descriptor >= 0)
        close(file->descriptor);
    file->descriptor = -1;
}

bool platform_may_control(uint32_t owner)
{
    return geteuid() == 0 || geteuid() == owner;
}

enum tracer_error platform_file_read(const struct platform_file *file, uint64_t offset, void *buffer, size_t size_bytes,
                                     size_t *got)
{
    for (*got = 0; *got < size_bytes;) {
        ssize_t more = pread(file->descriptor, (char *)buffer + *got, size_bytes - *got, (off_t)(offset + *got));
        if (more == 0)
            break;
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            return TRACER_ERROR_READ;
        *got += (size_t)more;
    }
    return TRACER_OK;
}

bool platform_file_has_data(const struct platform_file *file, uint64_t from, uint64_t to)
{
    off_t data = lseek(file->descriptor, (off_t)from, SEEK_DATA);
    return data < 0 ? errno != ENXIO : (uint64_t)data < to;
}

void *platform_file_map_header(const struct platform_file *file, size_t size_bytes)
{
    void *memory = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file->descriptor, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void platform_file_unmap_header(void *memory, size_t size_bytes)
{
    munmap(memory, size_bytes);
}
