// Counts what a process asks of the allocator and of the kernel's sockets, by thread: loaded with LD_PRELOAD, it writes
// to the file that SWITCHYARD_COUNTER names, which counter.py reads while the process runs.
//
// A thread owns one slot of the file and is its only writer. What libc does for itself is not seen.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SLOTS = 512 };

// The same in counter.py.
struct slot {
  uint64_t thread, allocations, bytes, frees, data, waits, polls, random;
};

static struct slot nowhere[SLOTS];
static struct slot *_Atomic slots = nowhere;
static _Atomic unsigned used;
static __thread struct slot *mine __attribute__((tls_model("initial-exec")));

// libc's syscall(), past ours.
static long kernel(long number, long a, long b, long c, long d, long e, long f) {
  static long (*_Atomic next)(long, ...);
  if (!next) next = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
  return next(number, a, b, c, d, e, f);
}

static struct slot *own(void) {
  if (mine) return mine;
  if (atomic_load(&slots) == nowhere) return nowhere;
  unsigned number = atomic_fetch_add(&used, 1);
  mine = atomic_load(&slots) + (number < SLOTS ? number : SLOTS - 1);
  mine->thread = (uint64_t)kernel(SYS_gettid, 0, 0, 0, 0, 0, 0);
  return mine;
}

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("SWITCHYARD_COUNTER");
  if (!name) return;
  int file = open(name, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void *memory = mmap(NULL, sizeof nowhere, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (memory != MAP_FAILED) atomic_store(&slots, memory);
}

// glibc's own names of its allocator, so that no look-up is needed that would itself allocate.
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t), __libc_free(void *);

static void *counted(void *memory, size_t size) {
  struct slot *slot = own();
  slot->allocations++;
  slot->bytes += size;
  return memory;
}

void *malloc(size_t size) { return counted(__libc_malloc(size), size); }
void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size), count * size); }
void *realloc(void *old, size_t size) { return counted(__libc_realloc(old, size), size); }
void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size), size); }
void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void **memory, size_t alignment, size_t size) {
  *memory = memalign(alignment, size);
  return *memory ? 0 : 12;  // ENOMEM
}
void free(void *memory) {
  if (memory) own()->frees++;
  __libc_free(memory);
}

static long data(long number, long a, long b, long c, long d) {
  own()->data++;
  return kernel(number, a, b, c, d, 0, 0);
}

ssize_t read(int file, void *to, size_t size) { return data(SYS_read, file, (long)to, (long)size, 0); }
ssize_t write(int file, const void *from, size_t size) { return data(SYS_write, file, (long)from, (long)size, 0); }
ssize_t readv(int file, const struct iovec *to, int count) { return data(SYS_readv, file, (long)to, count, 0); }
ssize_t writev(int file, const struct iovec *from, int count) { return data(SYS_writev, file, (long)from, count, 0); }
ssize_t recv(int file, void *to, size_t size, int flags) {
  return data(SYS_recvfrom, file, (long)to, (long)size, flags);
}
ssize_t send(int file, const void *from, size_t size, int flags) {
  return data(SYS_sendto, file, (long)from, (long)size, flags);
}
ssize_t recvmsg(int file, struct msghdr *message, int flags) { return data(SYS_recvmsg, file, (long)message, flags, 0); }
ssize_t sendmsg(int file, const struct msghdr *message, int flags) {
  return data(SYS_sendmsg, file, (long)message, flags, 0);
}

int epoll_wait(int poll, struct epoll_event *events, int count, int timeout) {
  own()->waits++;
  return (int)kernel(SYS_epoll_pwait, poll, (long)events, count, timeout, 0, 0);
}
int epoll_ctl(int poll, int operation, int file, struct epoll_event *event) {
  own()->polls++;
  return (int)kernel(SYS_epoll_ctl, poll, operation, file, (long)event, 0, 0);
}
ssize_t getrandom(void *to, size_t size, unsigned flags) {
  own()->random++;
  return kernel(SYS_getrandom, (long)to, (long)size, flags, 0, 0, 0);
}

// Swift's library asks for random bytes in this way.
long syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long);
  long d = va_arg(list, long), e = va_arg(list, long), f = va_arg(list, long);
  va_end(list);
  if (number == SYS_getrandom) own()->random++;
  return kernel(number, a, b, c, d, e, f);
}
