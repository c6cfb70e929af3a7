/* The platform contract's files on Linux and other POSIX systems; new ones are in native_new_files.c. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "native.h"
#include "platform.h"

enum tracer_error native_file_failed(struct tracer_message *message, const char *path, int code)
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

static enum tracer_error describe(struct platform_file *file, const char *path, struct tracer_message *message)
{
    struct stat status;
    if (fstat(file->descriptor, &status) != 0)
        return native_file_failed(message, path, errno);
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

/* Without O_NONBLOCK, opening a pipe without a writer would wait. */
enum tracer_error platform_file_open(const char *path, bool writable, struct platform_file *file,
                                     struct tracer_message *message)
{
    int flags = O_CLOEXEC | O_NONBLOCK | (writable ? O_RDWR | O_NOFOLLOW : O_RDONLY);
    file->descriptor = native_above_standard(open(path, flags));
    if (file->descriptor < 0 && errno == EISDIR) {
        native_file_failed(message, path, errno);
        return TRACER_ERROR_NOT_A_FILE;
    }
    if (file->descriptor < 0)
        return native_file_failed(message, path, errno);
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

/* A lock goes with its open file, however its process ends. Those of a process would be in the way of one that has the
 * file open twice. */
#ifdef F_OFD_SETLK
void platform_file_attend(const struct platform_file *file)
{
    fcntl(file->descriptor, F_OFD_SETLK, &(struct flock){ .l_type = F_RDLCK, .l_whence = SEEK_SET });
}

bool platform_file_is_attended(const struct platform_file *file)
{
    struct flock other = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    return fcntl(file->descriptor, F_OFD_GETLK, &other) != 0 || other.l_type != F_UNLCK;
}
#else
void platform_file_attend(const struct platform_file *file)
{
    (void)file;
}

bool platform_file_is_attended(const struct platform_file *file)
{
    (void)file;
    return true;
}
#endif

void *platform_file_map_header(const struct platform_file *file, size_t size_bytes)
{
    void *memory = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file->descriptor, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void platform_file_unmap_header(void *memory, size_t size_bytes)
{
    munmap(memory, size_bytes);
}
