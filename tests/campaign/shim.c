/* A preloaded library that counts, fails, stalls or takes back the file calls of a program below some folders.
 *
 * It is driven through a file that both sides map (see shim.py, which lays it out in the same way): counters by kind of
 * call, and one rule: which kinds, the how-manyth call, what then. Paths of open files come from /proc/self/fd, so
 * that it follows renames and descriptors of any origin. A call that is neither watched nor below a prefix passes.
 *
 * What fsync did not confirm may be lost: the shim keeps what each write replaced until the file is synced, and can put
 * it back, as a disk does that drops pages after an error (mode LOSE) or a power cut (mode CUT, which ends the program).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { OPEN, CREATE, REOPEN, READ, WRITE, SYNC, RENAME, LINK, UNLINK, TRUNCATE, MKDIR, TIMES, STAT, LIST, LOCK };
enum mode { FAIL, SHORT, HALF, STALL, LOSE, CUT };

struct control {
    int64_t magic, armed, kinds, nth, error, mode, lasting, gate, matched, happened, waiting, watched, logging, keeping;
    int64_t cropping, spare;
    int64_t counts[16];
    char only[256];
    char prefixes[4][4096];
};

static struct control *control;
static int log_fd = -1;
static __thread int inside; /* our own calls are not the program's */

#define REAL(type, name, ...)                                  \
    static type (*real_##name)(__VA_ARGS__);                   \
    if (!real_##name) real_##name = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name);

static long raw_open(const char *path, int flags) { return syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0600); }

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("CAMPAIGN_SHIM");
    char name[4200];
    if (!path) return;
    long fd = raw_open(path, O_RDWR);
    if (fd < 0) return;
    void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, (int)fd, 0);
    syscall(SYS_close, fd);
    if (mapped == MAP_FAILED) return;
    snprintf(name, sizeof name, "%s.log", path);
    log_fd = (int)raw_open(name, O_WRONLY | O_APPEND | O_CREAT);
    control = mapped;
    if (getenv("CAMPAIGN_SHIM_ALONE")) unsetenv("LD_PRELOAD"); /* processes that this one starts go without */
}

/* Paths */

static void path_of_fd(int fd, char *out) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long length = syscall(SYS_readlink, link, out, PATH_MAX - 1);
    out[length > 0 ? length : 0] = 0;
}

static void full_path(int folder, const char *path, char *out) {
    size_t length = 0;
    if (path[0] != '/') {
        if (folder == AT_FDCWD) {
            if (syscall(SYS_getcwd, out, PATH_MAX - 1) < 0) out[0] = 0;
        } else {
            path_of_fd(folder, out);
        }
        length = strlen(out);
        if (length < PATH_MAX - 1) out[length++] = '/';
    }
    snprintf(out + length, PATH_MAX - length, "%s", path);
}

static int is_below(const char *path) {
    if (control->only[0] && !strstr(path, control->only)) return 0;
    for (int i = 0; i < 4; i++) {
        const char *prefix = control->prefixes[i];
        size_t length = strlen(prefix);
        if (length && !strncmp(path, prefix, length) && (path[length] == '/' || path[length] == 0 || path[length] == ' '))
            return 1;
    }
    return 0;
}

static int watched(enum kind kind) { return control && !inside && (control->watched >> kind & 1); }

/* What was written since the last sync */

struct piece {
    struct piece *before;
    dev_t device;
    ino_t inode;
    int fd;
    off_t offset, size;
    size_t length;
    char bytes[];
};

static struct piece *pieces;
static pthread_mutex_t pieces_lock = PTHREAD_MUTEX_INITIALIZER;

static int spare_fd(int fd) { return (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 400); }

static long raw_again(int fd) { /* the program's own descriptor may be write-only or appending */
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return raw_open(path, O_RDWR);
}

static void keep(int fd, off_t offset, size_t length) {
    struct stat status;
    if (!control->keeping || syscall(SYS_fstat, fd, &status) || !S_ISREG(status.st_mode)) return;
    if (offset < 0) {
        int flags = (int)syscall(SYS_fcntl, fd, F_GETFL, 0);
        offset = flags & O_APPEND ? status.st_size : (off_t)syscall(SYS_lseek, fd, 0, SEEK_CUR);
    }
    struct piece *piece = calloc(1, sizeof *piece + length);
    long readable = raw_again(fd);
    if (!piece || readable < 0) {
        free(piece);
        return;
    }
    piece->device = status.st_dev, piece->inode = status.st_ino;
    piece->offset = offset, piece->size = status.st_size, piece->length = length;
    (void)!syscall(SYS_pread64, readable, piece->bytes, length, offset); /* zeros where the file was shorter */
    piece->fd = spare_fd((int)readable);
    syscall(SYS_close, readable);
    pthread_mutex_lock(&pieces_lock);
    piece->before = pieces;
    pieces = piece;
    pthread_mutex_unlock(&pieces_lock);
}

/* Forget, or put back, what was written to one file (fd) or to all (fd -1); the newest first. */
static void settle(int fd, int put_back) {
    struct stat status = {0};
    if (fd >= 0 && syscall(SYS_fstat, fd, &status)) return;
    pthread_mutex_lock(&pieces_lock);
    for (struct piece **place = &pieces; *place;) {
        struct piece *piece = *place;
        if (fd >= 0 && (piece->device != status.st_dev || piece->inode != status.st_ino)) {
            place = &piece->before;
            continue;
        }
        if (put_back) (void)!syscall(SYS_pwrite64, piece->fd, piece->bytes, piece->length, piece->offset);
        if (put_back && control->cropping) (void)!syscall(SYS_ftruncate, piece->fd, piece->size);
        syscall(SYS_close, piece->fd);
        *place = piece->before;
        free(piece);
    }
    pthread_mutex_unlock(&pieces_lock);
}

/* The rule */

static const char *names[] = {"open", "create", "reopen", "read", "write", "sync", "rename", "link", "unlink",
                              "truncate", "mkdir", "times", "stat", "list", "lock"};

static void note(enum kind kind, const char *path, const char *what) {
    char line[PATH_MAX + 64];
    if (log_fd < 0) return;
    int length = snprintf(line, sizeof line, "%s %s%s\n", names[kind], what, path);
    if (length > 0) (void)!syscall(SYS_write, log_fd, line, (size_t)length);
}

static void stall(void) {
    struct timespec moment = {0, 2000000};
    __atomic_add_fetch(&control->waiting, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&control->gate, __ATOMIC_SEQ_CST)) syscall(SYS_nanosleep, &moment, NULL);
    __atomic_sub_fetch(&control->waiting, 1, __ATOMIC_SEQ_CST);
}

enum verdict { PASS, FAILED, SHORTER };

static enum verdict judge(enum kind kind, const char *path, int fd) {
    if (!is_below(path)) return PASS;
    __atomic_add_fetch(&control->counts[kind], 1, __ATOMIC_SEQ_CST);
    int64_t armed = __atomic_load_n(&control->armed, __ATOMIC_SEQ_CST);
    if (!(control->kinds >> kind & 1)) {
        if (control->logging) note(kind, path, "");
        return PASS;
    }
    int64_t number = __atomic_add_fetch(&control->matched, 1, __ATOMIC_SEQ_CST);
    int meant = armed && (number == control->nth || (control->lasting && number > control->nth));
    if (control->logging || meant) note(kind, path, meant ? "FAULT " : "");
    if (!meant) return PASS;
    __atomic_add_fetch(&control->happened, 1, __ATOMIC_SEQ_CST);
    errno = (int)control->error;
    switch (control->mode) {
    case STALL:
        stall();
        return PASS;
    case HALF:
        control->nth = number + 1;
        control->mode = FAIL; /* the next one */
        return SHORTER;
    case SHORT:
        return kind == WRITE || kind == READ ? SHORTER : PASS;
    case LOSE:
        if (kind == SYNC) settle(fd, 1);
        errno = (int)control->error;
        return FAILED;
    case CUT:
        settle(-1, 1);
        syscall(SYS_exit_group, 137);
        return FAILED;
    default:
        return FAILED;
    }
}

static enum verdict ask(enum kind kind, int folder, const char *path) {
    char full[PATH_MAX];
    int saved = errno;
    if (!watched(kind) || !path) return PASS;
    inside = 1;
    full_path(folder, path, full);
    enum verdict verdict = judge(kind, full, -1);
    inside = 0;
    if (verdict == PASS) errno = saved;
    return verdict;
}

static enum verdict ask_fd(enum kind kind, int fd) {
    char full[PATH_MAX];
    int saved = errno;
    if (!watched(kind)) return PASS;
    inside = 1;
    path_of_fd(fd, full);
    enum verdict verdict = judge(kind, full, fd);
    inside = 0;
    if (verdict != FAILED) errno = saved;
    return verdict;
}

static void keep_fd(int fd, off_t offset, size_t length) {
    char full[PATH_MAX];
    int saved = errno;
    if (!control || inside || !control->keeping) return;
    inside = 1;
    path_of_fd(fd, full);
    if (is_below(full)) keep(fd, offset, length);
    inside = 0;
    errno = saved;
}

/* Opening */

static enum kind kind_of(int flags) {
    if (flags & (O_CREAT | O_TRUNC) || (flags & O_TMPFILE) == O_TMPFILE) return CREATE;
    return (flags & O_ACCMODE) == O_RDONLY ? OPEN : REOPEN;
}

#define MODE_OF(flags)                                               \
    mode_t mode = 0;                                                 \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                           \
        va_list list;                                                \
        va_start(list, flags);                                       \
        mode = va_arg(list, mode_t);                                 \
        va_end(list);                                                \
    }

static int open_at(int folder, const char *path, int flags, mode_t mode) {
    if (ask(kind_of(flags), folder, path) == FAILED) return -1;
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

int open(const char *path, int flags, ...) { MODE_OF(flags) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return open_at(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE_OF(flags) return open_at(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE_OF(flags) return open_at(folder, path, flags, mode); }
int __open_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __openat_2(int folder, const char *path, int flags) { return open_at(folder, path, flags, 0); }
int __openat64_2(int folder, const char *path, int flags) { return open_at(folder, path, flags, 0); }
int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

static FILE *stream(const char *path, const char *mode, FILE *(*real)(const char *, const char *)) {
    enum kind kind = strchr(mode, 'w') || strchr(mode, 'a') ? CREATE : strchr(mode, '+') ? REOPEN : OPEN;
    return ask(kind, AT_FDCWD, path) == FAILED ? NULL : real(path, mode);
}

FILE *fopen(const char *path, const char *mode) {
    REAL(FILE *, fopen, const char *, const char *)
    return stream(path, mode, real_fopen);
}

FILE *fopen64(const char *path, const char *mode) {
    REAL(FILE *, fopen64, const char *, const char *)
    return stream(path, mode, real_fopen64);
}

DIR *opendir(const char *path) {
    REAL(DIR *, opendir, const char *)
    return ask(LIST, AT_FDCWD, path) == FAILED ? NULL : real_opendir(path);
}

/* Reading and writing */

#define MOVED(kind, fd, length, call)                   \
    {                                                   \
        size_t count = (length);                        \
        enum verdict verdict = ask_fd(kind, fd);        \
        if (verdict == FAILED) return -1;               \
        if (verdict == SHORTER && count > 1) count /= 2; \
        return call;                                    \
    }

#define WRITTEN(fd, offset, length, call)               \
    {                                                   \
        size_t count = (length);                        \
        enum verdict verdict = ask_fd(WRITE, fd);       \
        if (verdict == FAILED) return -1;               \
        if (verdict == SHORTER && count > 1) count /= 2; \
        keep_fd(fd, offset, count);                     \
        return call;                                    \
    }

ssize_t read(int fd, void *to, size_t n) MOVED(READ, fd, n, syscall(SYS_read, fd, to, count))
ssize_t pread(int fd, void *to, size_t n, off_t at) MOVED(READ, fd, n, syscall(SYS_pread64, fd, to, count, at))
ssize_t pread64(int fd, void *to, size_t n, off_t at) MOVED(READ, fd, n, syscall(SYS_pread64, fd, to, count, at))
ssize_t __read_chk(int fd, void *to, size_t n, size_t room) { (void)room; return read(fd, to, n); }
ssize_t __pread_chk(int fd, void *to, size_t n, off_t at, size_t room) { (void)room; return pread(fd, to, n, at); }
ssize_t __pread64_chk(int fd, void *to, size_t n, off_t at, size_t room) { (void)room; return pread(fd, to, n, at); }

ssize_t write(int fd, const void *from, size_t n) WRITTEN(fd, -1, n, syscall(SYS_write, fd, from, count))
ssize_t pwrite(int fd, const void *from, size_t n, off_t at)
    WRITTEN(fd, at, n, syscall(SYS_pwrite64, fd, from, count, at))
ssize_t pwrite64(int fd, const void *from, size_t n, off_t at)
    WRITTEN(fd, at, n, syscall(SYS_pwrite64, fd, from, count, at))
ssize_t sendfile(int to, int from, off_t *at, size_t n) WRITTEN(to, -1, n, syscall(SYS_sendfile, to, from, at, count))
ssize_t sendfile64(int to, int from, off_t *at, size_t n) WRITTEN(to, -1, n, syscall(SYS_sendfile, to, from, at, count))
ssize_t copy_file_range(int from, off_t *at, int to, off_t *there, size_t n, unsigned flags)
    WRITTEN(to, there ? *there : -1, n, syscall(SYS_copy_file_range, from, at, to, there, count, flags))

static size_t total(const struct iovec *parts, int n) {
    size_t sum = 0;
    for (int i = 0; i < n; i++) sum += parts[i].iov_len;
    return sum;
}

/* A short write of several parts: half of the first one. */
static ssize_t write_parts(int fd, const struct iovec *parts, int n, off_t at) {
    enum verdict verdict = ask_fd(WRITE, fd);
    if (verdict == FAILED) return -1;
    struct iovec half = n ? (struct iovec){parts[0].iov_base, parts[0].iov_len > 1 ? parts[0].iov_len / 2 : 1} : (struct iovec){0};
    if (verdict == SHORTER && n) parts = &half, n = 1;
    keep_fd(fd, at, total(parts, n));
    return at < 0 ? syscall(SYS_writev, fd, parts, n) : syscall(SYS_pwritev, fd, parts, n, at, 0);
}

ssize_t writev(int fd, const struct iovec *parts, int n) { return write_parts(fd, parts, n, -1); }
ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t at) { return write_parts(fd, parts, n, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int n, off_t at) { return write_parts(fd, parts, n, at); }

/* Making durable */

static int sync_fd(int fd, long number) {
    if (ask_fd(SYNC, fd) == FAILED) return -1;
    if (control && control->keeping && !inside) settle(fd, 0);
    return (int)syscall(number, fd);
}

int fsync(int fd) { return sync_fd(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_fd(fd, SYS_fdatasync); }
int syncfs(int fd) { return sync_fd(fd, SYS_syncfs); }

/* Names */

#define TWO(kind, from_folder, from, to_folder, to, call)                                          \
    {                                                                                              \
        if (ask(kind, to_folder, to) == FAILED) return -1; /* both lie on one disk */              \
        return (int)call;                                                                          \
    }
#define ONE(kind, folder, path, call) { return ask(kind, folder, path) == FAILED ? -1 : (int)call; }
#define OF_FD(kind, fd, call) { return ask_fd(kind, fd) == FAILED ? -1 : (int)call; }

int rename(const char *from, const char *to) TWO(RENAME, AT_FDCWD, from, AT_FDCWD, to, syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0))
int renameat(int a, const char *from, int b, const char *to)
    TWO(RENAME, a, from, b, to, syscall(SYS_renameat2, a, from, b, to, 0))
int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
    TWO(RENAME, a, from, b, to, syscall(SYS_renameat2, a, from, b, to, flags))
int link(const char *from, const char *to) TWO(LINK, AT_FDCWD, from, AT_FDCWD, to, syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0))
int linkat(int a, const char *from, int b, const char *to, int flags)
    TWO(LINK, a, from, b, to, syscall(SYS_linkat, a, from, b, to, flags))
int symlink(const char *from, const char *to) TWO(LINK, AT_FDCWD, from, AT_FDCWD, to, syscall(SYS_symlinkat, from, AT_FDCWD, to))
int symlinkat(const char *from, int b, const char *to) TWO(LINK, b, from, b, to, syscall(SYS_symlinkat, from, b, to))
int unlink(const char *path) ONE(UNLINK, AT_FDCWD, path, syscall(SYS_unlinkat, AT_FDCWD, path, 0))
int unlinkat(int folder, const char *path, int flags) ONE(UNLINK, folder, path, syscall(SYS_unlinkat, folder, path, flags))
int rmdir(const char *path) ONE(UNLINK, AT_FDCWD, path, syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR))
int remove(const char *path) {
    int status = unlink(path);
    return status && errno == EISDIR ? rmdir(path) : status;
}
int mkdir(const char *path, mode_t mode) ONE(MKDIR, AT_FDCWD, path, syscall(SYS_mkdirat, AT_FDCWD, path, mode))
int mkdirat(int folder, const char *path, mode_t mode) ONE(MKDIR, folder, path, syscall(SYS_mkdirat, folder, path, mode))

/* Sizes, times, modes */

int truncate(const char *path, off_t size) ONE(TRUNCATE, AT_FDCWD, path, syscall(SYS_truncate, path, size))
int truncate64(const char *path, off_t size) ONE(TRUNCATE, AT_FDCWD, path, syscall(SYS_truncate, path, size))
int ftruncate(int fd, off_t size) OF_FD(TRUNCATE, fd, syscall(SYS_ftruncate, fd, size))
int ftruncate64(int fd, off_t size) OF_FD(TRUNCATE, fd, syscall(SYS_ftruncate, fd, size))
int fallocate(int fd, int mode, off_t at, off_t size) OF_FD(TRUNCATE, fd, syscall(SYS_fallocate, fd, mode, at, size))
int fallocate64(int fd, int mode, off_t at, off_t size) OF_FD(TRUNCATE, fd, syscall(SYS_fallocate, fd, mode, at, size))
int posix_fallocate(int fd, off_t at, off_t size) {
    if (ask_fd(TRUNCATE, fd) == FAILED) return errno;
    return syscall(SYS_fallocate, fd, 0, at, size) ? errno : 0;
}
int posix_fallocate64(int fd, off_t at, off_t size) { return posix_fallocate(fd, at, size); }
int utimensat(int folder, const char *path, const struct timespec times[2], int flags)
    ONE(TIMES, folder, path, syscall(SYS_utimensat, folder, path, times, flags))
int futimens(int fd, const struct timespec times[2]) OF_FD(TIMES, fd, syscall(SYS_utimensat, fd, NULL, times, 0))
int chmod(const char *path, mode_t mode) ONE(TIMES, AT_FDCWD, path, syscall(SYS_fchmodat, AT_FDCWD, path, mode))
int fchmod(int fd, mode_t mode) OF_FD(TIMES, fd, syscall(SYS_fchmod, fd, mode))

/* Looking and locking: for disks that stall */

int stat(const char *path, struct stat *to) ONE(STAT, AT_FDCWD, path, syscall(SYS_newfstatat, AT_FDCWD, path, to, 0))
int stat64(const char *path, struct stat64 *to) ONE(STAT, AT_FDCWD, path, syscall(SYS_newfstatat, AT_FDCWD, path, to, 0))
int lstat(const char *path, struct stat *to)
    ONE(STAT, AT_FDCWD, path, syscall(SYS_newfstatat, AT_FDCWD, path, to, AT_SYMLINK_NOFOLLOW))
int lstat64(const char *path, struct stat64 *to)
    ONE(STAT, AT_FDCWD, path, syscall(SYS_newfstatat, AT_FDCWD, path, to, AT_SYMLINK_NOFOLLOW))
int fstatat(int folder, const char *path, struct stat *to, int flags)
    ONE(STAT, folder, path, syscall(SYS_newfstatat, folder, path, to, flags))
int fstatat64(int folder, const char *path, struct stat64 *to, int flags)
    ONE(STAT, folder, path, syscall(SYS_newfstatat, folder, path, to, flags))
int statx(int folder, const char *path, int flags, unsigned mask, struct statx *to)
    ONE(STAT, folder, path, syscall(SYS_statx, folder, path, flags, mask, to))
int access(const char *path, int mode) ONE(STAT, AT_FDCWD, path, syscall(SYS_faccessat, AT_FDCWD, path, mode))
int flock(int fd, int operation) OF_FD(LOCK, fd, syscall(SYS_flock, fd, operation))
