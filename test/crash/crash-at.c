/*
 * What can go wrong below a PHP program of a simulated firewall. Preloaded into every one; the orders lie in
 * /var/db/crash:
 *   plan   `MODE PROGRAM N`: at the n-th call of PROGRAM (a part of its command line) that changes a file. MODE is `kill`
 *          (the call does not happen), `half` (only half of what a write was to write), `grow` (from now on nothing under
 *          /cf/conf grows any more), `full` (nothing there is made or written, as on a copy-on-write file system) or
 *          `everywhere` (nothing grows anywhere), or `stop` (it stands still before the call until it is let go on; its pid
 *          is told behind the call).
 *   disk   the mode of the full disk, as long as it is full.
 *   clock  `SECONDS SINCE`: the clock of the wall goes wrong by so many seconds since that time.
 * The call that was met is told in `log`.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#define HOME "/var/db/crash/"
#define NEXT(name, type) ((type)dlsym(RTLD_NEXT, name))

static char line[4096], known[256];
static int count;

__attribute__((constructor)) static void begin(void) {
    unsetenv("LD_PRELOAD");
    int file = syscall(SYS_openat, AT_FDCWD, "/proc/self/cmdline", O_RDONLY);
    long length = file < 0 ? 0 : syscall(SYS_read, file, line, sizeof line - 1);
    if (file >= 0) syscall(SYS_close, file);
    for (long i = 0; i < length; i++) if (!line[i]) line[i] = ' ';
}

/* The text of an order; 0 when there is none. */
static int order(const char *name, char *text, int size) {
    int file = syscall(SYS_openat, AT_FDCWD, name, O_RDONLY);
    if (file < 0) return 0;
    long length = syscall(SYS_read, file, text, size - 1);
    syscall(SYS_close, file);
    text[length < 0 ? 0 : length] = 0;
    return length > 0;
}

static void put(const char *name, const char *text) {
    int file = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (syscall(SYS_write, file, text, strlen(text)) < 0) _exit(1);
    syscall(SYS_close, file);
}

static int under(const char *path, const char *folder) { return !strncmp(path, folder, strlen(folder)); }

static int is_ours(const char *path) {
    return under(path, "/cf/conf") || under(path, "/tmp/") || under(path, "/var/run/") || under(path, "/usr/local/etc/");
}

enum { KILL = 1, HALF, FULL };

/* What happens at this call: nothing, or one of the above. `isWrite`: whether it writes bytes. */
static int step(const char *call, const char *path, int isWrite) {
    char plan[256], mode[20], program[200], text[700];
    int at;
    if (!path || !is_ours(path) || !order(HOME "plan", plan, sizeof plan)) return 0;
    if (sscanf(plan, "%19s %199s %d", mode, program, &at) != 3 || !strstr(line, program)) return 0;
    if (strcmp(plan, known)) {
        strcpy(known, plan);
        count = 0;
    }
    int isKill = !strcmp(mode, "kill"), isStop = !strcmp(mode, "stop");
    if (!isKill && !isStop && (!isWrite || (strcmp(mode, "half") && strcmp(mode, "everywhere") && !under(path, "/cf/conf")))) return 0;
    if (++count != at) return 0;
    snprintf(text, sizeof text, isStop ? "%s %.500s, pid %d\n" : "%s %.500s\n", call, path, getpid());
    syscall(SYS_unlinkat, AT_FDCWD, HOME "plan", 0);
    put(HOME "log", text);
    if (isStop) {
        kill(getpid(), SIGSTOP);
        return 0;
    }
    if (isKill) kill(getpid(), SIGKILL);
    if (!strcmp(mode, "half")) return HALF;
    put(HOME "disk", mode);
    return FULL;
}

/* Whether the disk takes no more of this. */
static int is_full(const char *path, int grows, int makes) {
    char mode[20];
    if (!path || !is_ours(path) || !order(HOME "disk", mode, sizeof mode)) return 0;
    if (!strcmp(mode, "everywhere")) return grows;
    if (!under(path, "/cf/conf")) return 0;
    return !strcmp(mode, "full") ? 1 : grows && !makes;
}

static const char *absolute(const char *path, char *whole) {
    if (path[0] == '/' || !getcwd(whole, 2000)) return path;
    strcat(whole, "/");
    return strncat(whole, path, 1000);
}

static const char *named(int file, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    long length = readlink(link, path, 1999);
    path[length < 0 ? 0 : length] = 0;
    return path;
}

static int refused(void) {
    errno = ENOSPC;
    return -1;
}

static int opening(const char *name, const char *given, int flags, mode_t mode) {
    char whole[4096];
    if (flags & (O_CREAT | O_TRUNC)) {
        const char *path = absolute(given, whole);
        step(name, path, 0);
        if ((flags & O_CREAT) && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) < 0 && is_full(path, 0, 1)) return refused();
    }
    return NEXT(name, int (*)(const char *, int, mode_t))(given, flags, mode);
}
int open(const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = va_arg(list, mode_t);
    va_end(list);
    return opening("open", path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = va_arg(list, mode_t);
    va_end(list);
    return opening("open64", path, flags, mode);
}

static ssize_t plain_write(int file, const void *bytes, size_t length) { return syscall(SYS_write, file, bytes, length); }

/* Whether a write makes the file longer. */
static int is_growth(int file, size_t length) {
    struct stat now;
    if (syscall(SYS_fstat, file, &now) < 0) return 1;
    long at = syscall(SYS_lseek, file, 0, SEEK_CUR);
    return at < 0 || at + (long)length > now.st_size;
}
ssize_t write(int file, const void *bytes, size_t length) {
    char path[2000];
    named(file, path);
    int met = step("write", path, 1);
    if (met == HALF) {
        plain_write(file, bytes, length / 2);
        kill(getpid(), SIGKILL);
    }
    if (is_full(path, is_growth(file, length), 0)) return met == FULL && length > 1 ? plain_write(file, bytes, length / 2) : refused();
    return plain_write(file, bytes, length);
}
ssize_t copy_file_range(int in, off_t *in_at, int out, off_t *out_at, size_t length, unsigned flags) {
    char path[2000];
    named(out, path);
    int met = step("copy", path, 1);
    if (met == HALF) {
        struct stat whole;
        syscall(SYS_fstat, in, &whole);
        syscall(SYS_copy_file_range, in, in_at, out, out_at, (size_t)whole.st_size / 2, flags);
        kill(getpid(), SIGKILL);
    }
    if (is_full(path, 1, 0)) return refused();
    return syscall(SYS_copy_file_range, in, in_at, out, out_at, length, flags);
}
int rename(const char *from, const char *to) {
    char whole[4096];
    step("rename", absolute(to, whole), 0);
    return NEXT("rename", int (*)(const char *, const char *))(from, to);
}
int unlink(const char *path) {
    char whole[4096];
    step("unlink", absolute(path, whole), 0);
    return NEXT("unlink", int (*)(const char *))(path);
}
int rmdir(const char *path) {
    char whole[4096];
    step("rmdir", absolute(path, whole), 0);
    return NEXT("rmdir", int (*)(const char *))(path);
}
int mkdir(const char *path, mode_t mode) {
    char whole[4096];
    step("mkdir", absolute(path, whole), 0);
    if (is_full(absolute(path, whole), 0, 1)) return refused();
    return NEXT("mkdir", int (*)(const char *, mode_t))(path, mode);
}
int chmod(const char *path, mode_t mode) {
    char whole[4096];
    step("chmod", absolute(path, whole), 0);
    return NEXT("chmod", int (*)(const char *, mode_t))(path, mode);
}
int ftruncate(int file, off_t length) {
    char path[2000];
    step("ftruncate", named(file, path), 0);
    return NEXT("ftruncate", int (*)(int, off_t))(file, length);
}
int utime(const char *path, const struct utimbuf *times) {
    char whole[4096];
    step("utime", absolute(path, whole), 0);
    return NEXT("utime", int (*)(const char *, const struct utimbuf *))(path, times);
}

/* Seconds by which the clock is wrong for what was `at` that time. */
static long wrong(long at) {
    char text[64];
    long seconds, since;
    if (!order(HOME "clock", text, sizeof text) || sscanf(text, "%ld %ld", &seconds, &since) != 2) return 0;
    return at >= since ? seconds : 0;
}
int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = NEXT("clock_gettime", int (*)(clockid_t, struct timespec *))(clock, now);
    if (clock == CLOCK_REALTIME) now->tv_sec += wrong(now->tv_sec);
    return result;
}
int gettimeofday(struct timeval *now, void *zone) {
    int result = NEXT("gettimeofday", int (*)(struct timeval *, void *))(now, zone);
    now->tv_sec += wrong(now->tv_sec);
    return result;
}
time_t time(time_t *at) {
    struct timeval now;
    gettimeofday(&now, NULL);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
static int dated(int result, struct stat *found) {
    if (result == 0) found->st_mtime += wrong(found->st_mtime);
    return result;
}
int stat(const char *path, struct stat *found) {
    return dated(NEXT("stat", int (*)(const char *, struct stat *))(path, found), found);
}
int lstat(const char *path, struct stat *found) {
    return dated(NEXT("lstat", int (*)(const char *, struct stat *))(path, found), found);
}
int fstat(int file, struct stat *found) {
    return dated(NEXT("fstat", int (*)(int, struct stat *))(file, found), found);
}
