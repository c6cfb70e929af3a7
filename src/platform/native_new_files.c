/* The platform contract's new files on Linux and other POSIX systems: each has a temporary name until it is complete. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "native.h"
#include "platform.h"

#define NAME_TRIES 100

/* ------------------------------------------------------ names of new files */

#define RANDOM_DIGITS 16
#define SUFFIX ".tmp"

/* PATH.0123456789abcdef.tmp; false if that is too long. */
static bool name_temporary(struct platform_new_file *file, uint64_t salt)
{
    uint64_t random = salt;
    if (getrandom(&random, sizeof random, GRND_NONBLOCK) < 0)
        random ^= (uint64_t)getpid() << 32;
    int length = snprintf(file->temporary, sizeof file->temporary, "%s.%0*llx" SUFFIX, file->path, RANDOM_DIGITS,
                          (unsigned long long)random);
    return length > 0 && (size_t)length < sizeof file->temporary;
}

/* The length of the path up to and including its last slash; 0 if it has none. */
static size_t directory_bytes(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

static void directory_of(const char *path, char directory[PLATFORM_PATH_BYTES])
{
    size_t length = directory_bytes(path);
    memcpy(directory, length ? path : ".", length ? length : 1);
    directory[length ? length : 1] = '\0';
}

static int open_named(struct platform_new_file *file)
{
    for (uint64_t i = 0; i < NAME_TRIES; i++) {
        if (!name_temporary(file, i)) {
            errno = ENAMETOOLONG;
            return -1;
        }
        int descriptor = open(file->temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor;
    }
    return -1;
}

/* A file without a name leaves nothing if the process is killed. It gets its name through /proc. */
static int open_new(struct platform_new_file *file)
{
    int descriptor = -1;
#ifdef O_TMPFILE
    char directory[PLATFORM_PATH_BYTES];
    directory_of(file->path, directory);
    if (access("/proc/self/fd", X_OK) == 0)
        descriptor = open(directory, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
#endif
    file->temporary[0] = '\0';
    return native_above_standard(descriptor >= 0 ? descriptor : open_named(file));
}

/* ------------------------------------------------- what was left behind */

static bool is_temporary_of(const char *name, const char *file_name)
{
    size_t length = strlen(file_name);
    if (strncmp(name, file_name, length) != 0 || name[length] != '.')
        return false;
    const char *random = name + length + 1;
    return strspn(random, "0123456789abcdef") == RANDOM_DIGITS && strcmp(random + RANDOM_DIGITS, SUFFIX) == 0;
}

/* The creator of a file holds its lock until the file has its name or the process has ended. */
static void remove_if_left(int directory, const char *name)
{
    struct stat status;
    int file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
        flock(file, LOCK_EX | LOCK_NB) == 0)
        unlinkat(directory, name, 0);
    close(file);
}

static void remove_left_behind(const char *path)
{
    char text[PLATFORM_PATH_BYTES];
    const struct dirent *entry;
    directory_of(path, text);
    DIR *directory = opendir(text);
    while (directory && (entry = readdir(directory))) {
        if (is_temporary_of(entry->d_name, path + directory_bytes(path)))
            remove_if_left(dirfd(directory), entry->d_name);
    }
    if (directory)
        closedir(directory);
}

/* ---------------------------------------------------------------- creating */

/* Beyond the size limit the allocation would not fail but kill the process with SIGXFSZ. */
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

/* Files that root writes for a user of sudo belong to that user. */
static int give_to_invoking_user(int file)
{
    const char *uid = getenv("SUDO_UID"), *gid = getenv("SUDO_GID");
    if (geteuid() != 0 || !uid || !gid)
        return 0;
    return fchown(file, (uid_t)strtoul(uid, NULL, 10), (gid_t)strtoul(gid, NULL, 10)) == 0 ? 0 : errno;
}

static void forget_new(struct platform_new_file *file)
{
    close(file->descriptor);
    file->descriptor = -1;
}

/* As /dev/stdout is: whoever replaced such a link would take it from all others, and from the system. */
static bool is_link_to_open_file(const char *path)
{
    static const char processes[] = "/proc/";
    char target[sizeof processes - 1];
    return readlink(path, target, sizeof target) == (ssize_t)sizeof target &&
           memcmp(target, processes, sizeof target) == 0;
}

enum tracer_error platform_file_begin(const char *path, uint64_t size_bytes, struct platform_new_file *file,
                                      struct tracer_message *message)
{
    file->mapping = (struct platform_mapping){ NULL, 0 };
    size_t length = strlen(path);
    if (length >= sizeof file->path)
        return native_file_failed(message, path, ENAMETOOLONG);
    if (is_link_to_open_file(path)) {
        if (message)
            snprintf(message->text, sizeof message->text, "%.180s: is a link to an open file", path);
        return TRACER_ERROR_NOT_A_FILE;
    }
    memcpy(file->path, path, length + 1);
    file->descriptor = open_new(file);
    if (file->descriptor < 0)
        return native_file_failed(message, path, errno);
    flock(file->descriptor, LOCK_EX | LOCK_NB); /* nobody else has it; without locks, nothing is ever removed */
    int code = allocate_blocks(file->descriptor, size_bytes);
    if (code == 0)
        code = give_to_invoking_user(file->descriptor);
    if (code == 0) {
        remove_left_behind(path);
        return TRACER_OK;
    }
    platform_file_abandon(file);
    return native_file_failed(message, path, code);
}

static int map_new_file(struct platform_new_file *file, uint64_t size_bytes)
{
    void *memory = mmap(NULL, (size_t)size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file->descriptor, 0);
    if (memory == MAP_FAILED)
        return errno;
    madvise(memory, (size_t)size_bytes, MADV_RANDOM); /* a new image is filled in at a few distant places */
    file->mapping = (struct platform_mapping){ memory, size_bytes };
    return 0;
}

enum tracer_error platform_file_create(const char *path, uint64_t size_bytes, struct platform_new_file *file,
                                       struct tracer_message *message)
{
    enum tracer_error error = platform_file_begin(path, size_bytes, file, message);
    if (error != TRACER_OK)
        return error;
    int code = map_new_file(file, size_bytes);
    if (code == 0)
        return TRACER_OK;
    platform_file_abandon(file);
    return native_file_failed(message, path, code);
}

enum tracer_error platform_file_append(struct platform_new_file *file, const void *bytes, size_t size_bytes,
                                       struct tracer_message *message)
{
    for (size_t done = 0; done < size_bytes;) {
        ssize_t more = write(file->descriptor, (const char *)bytes + done, size_bytes - done);
        if (more < 0 && errno != EINTR)
            return native_file_failed(message, file->path, errno);
        done += more > 0 ? (size_t)more : 0;
    }
    return TRACER_OK;
}

/* linkat() replaces nothing: if the path exists, goes through a temporary name. Returns 0, or errno. */
static int give_name(struct platform_new_file *file)
{
    char own[64];
    snprintf(own, sizeof own, "/proc/self/fd/%d", file->descriptor);
    if (linkat(AT_FDCWD, own, AT_FDCWD, file->path, AT_SYMLINK_FOLLOW) == 0)
        return 0;
    int code = errno;
    for (uint64_t i = 0; i < NAME_TRIES && code == EEXIST; i++) {
        if (!name_temporary(file, i))
            code = ENAMETOOLONG;
        else
            code = linkat(AT_FDCWD, own, AT_FDCWD, file->temporary, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
        if (code == 0)
            return rename(file->temporary, file->path) == 0 ? 0 : errno;
    }
    file->temporary[0] = '\0';
    return code;
}

static struct platform_stamp stamp_of(const struct stat *status)
{
    return (struct platform_stamp){
        .device = status->st_dev,
        .inode = status->st_ino,
        .size_bytes = (uint64_t)status->st_size,
        .modified_s = status->st_mtim.tv_sec,
        .modified_ns = status->st_mtim.tv_nsec,
    };
}

struct platform_stamp platform_path_stamp(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 ? stamp_of(&status) : (struct platform_stamp){ 0 };
}

enum tracer_error platform_file_commit_open(struct platform_new_file *file, struct platform_kept_file *kept,
                                            struct tracer_message *message)
{
    struct stat status = { 0 };
    int code = fstat(file->descriptor, &status) == 0 ? 0 : errno;
    if (code == 0 && file->temporary[0] == '\0')
        code = give_name(file);
    else if (code == 0)
        code = rename(file->temporary, file->path) == 0 ? 0 : errno;
    if (code != 0)
        return native_file_failed(message, file->path, code);
    flock(file->descriptor, LOCK_UN);
    if (file->mapping.memory)
        madvise(file->mapping.memory, (size_t)file->mapping.size_bytes, MADV_NORMAL);
    *kept = (struct platform_kept_file){ file->descriptor, stamp_of(&status) };
    file->descriptor = -1;
    return TRACER_OK;
}

void platform_kept_file_close(struct platform_kept_file *kept)
{
    if (kept->descriptor >= 0)
        close(kept->descriptor);
    kept->descriptor = -1;
}

enum tracer_error platform_file_commit(struct platform_new_file *file, struct tracer_message *message)
{
    struct platform_kept_file kept = { .descriptor = -1 };
    enum tracer_error error = platform_file_commit_open(file, &kept, message);
    if (error == TRACER_OK)
        platform_kept_file_close(&kept);
    return error;
}

void platform_file_abandon(struct platform_new_file *file)
{
    platform_file_unmap(&file->mapping);
    if (file->temporary[0])
        unlink(file->temporary);
    forget_new(file);
}

enum tracer_error platform_file_rename(const char *from, const char *to, struct tracer_message *message)
{
    return rename(from, to) == 0 ? TRACER_OK : native_file_failed(message, to, errno);
}

void platform_file_unmap(struct platform_mapping *mapping)
{
    if (mapping->memory)
        munmap(mapping->memory, (size_t)mapping->size_bytes);
    mapping->memory = NULL;
}
