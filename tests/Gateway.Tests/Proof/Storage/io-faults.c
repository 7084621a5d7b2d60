/*
 * Loaded into the gateway before its libraries (LD_PRELOAD): lets calls on some files fail with EIO while a control file says so.
 * The control file, named by IO_FAULTS, holds "sync" or "write", a blank, and how the names of the files end.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int fails(int fd, const char *kind)
{
    const char *path = getenv("IO_FAULTS");
    char control[256], link[64], name[4096], *end;
    ssize_t length;
    int file, broken = 0, before = errno;

    if (path == NULL || (file = open(path, O_RDONLY)) < 0) {
        errno = before;
        return 0;
    }
    length = read(file, control, sizeof control - 1);
    close(file);
    control[length < 0 ? 0 : length] = '\0';
    if ((end = strchr(control, ' ')) != NULL) {
        *end++ = '\0';
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        length = readlink(link, name, sizeof name - 1);
        if (length > 0 && strcmp(control, kind) == 0) {
            size_t tail = strlen(end);
            broken = (size_t)length >= tail && memcmp(name + length - tail, end, tail) == 0;
        }
    }
    errno = broken ? EIO : before;
    return broken;
}

#define NEXT(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

int fsync(int fd) { return fails(fd, "sync") ? -1 : NEXT(fsync)(fd); }

int fdatasync(int fd) { return fails(fd, "sync") ? -1 : NEXT(fdatasync)(fd); }

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
    return fails(fd, "write") ? -1 : NEXT(pwrite)(fd, bytes, count, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
    return fails(fd, "write") ? -1 : NEXT(pwrite64)(fd, bytes, count, offset);
}
