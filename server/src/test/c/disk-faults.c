/* A disk that fails on command: preloaded into a broker, it fails or delays what is written to the
   logs of the store. What it is to do stands in the file that DISK_FAULTS names:

     sync-error        the next sync fails with EIO; the ones after that succeed
     write-error       the next write fails with EIO
     write-full        every write fails with ENOSPC
     write-short       every write takes a half
     sync-slow         every sync takes two seconds */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int is_log(int fd) {
    char link[64], path[512];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 5) return 0;
    path[length] = 0;
    return strcmp(path + length - 4, ".log") == 0;
}

static int is_asked(const char *what) {
    const char *file = getenv("DISK_FAULTS");
    char order[32] = {0};
    if (!file) return 0;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDONLY);
    if (fd < 0) return 0;
    long length = syscall(SYS_read, fd, order, sizeof order - 1);
    syscall(SYS_close, fd);
    return length > 0 && strncmp(order, what, strlen(what)) == 0;
}

static int once(const char *what) {
    return is_asked(what) && unlink(getenv("DISK_FAULTS")) == 0;
}

static int synced(const char *name, int fd) {
    if (is_log(fd)) {
        if (once("sync-error")) {
            errno = EIO;
            return -1;
        }
        if (is_asked("sync-slow")) sleep(2);
    }
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return real(fd);
}

int fsync(int fd) { return synced("fsync", fd); }

int fdatasync(int fd) { return synced("fdatasync", fd); }

ssize_t write(int fd, const void *bytes, size_t count) {
    if (count > 1 && is_log(fd)) {
        if (once("write-error")) {
            errno = EIO;
            return -1;
        }
        if (is_asked("write-full")) {
            errno = ENOSPC;
            return -1;
        }
        if (is_asked("write-short")) count /= 2;
    }
    return syscall(SYS_write, fd, bytes, count);
}
