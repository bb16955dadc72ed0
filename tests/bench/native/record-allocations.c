/* LD_PRELOAD shim: writes every allocation call of a program to the file named by RECORD_ALLOCATIONS.
 *
 * A record is four 64-bit words: the call (0 malloc, 1 calloc, 2 realloc, 3 free, 4 aligned), two
 * arguments, and the result. It calls glibc's own functions under their second names (__libc_malloc),
 * so that looking them up allocates nothing, and the program's heap is what it would be without it. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void __libc_free(void *);
extern void *__libc_memalign(size_t, size_t);

enum { MALLOC, CALLOC, REALLOC, FREE, ALIGNED };

static struct record {
  uint64_t call, a, b, result;
} records[4096];
static size_t count;
static int output = -1;

static void flush(void) {
  size_t length = count * sizeof *records, done = 0;
  count = 0;
  while (output >= 0 && done < length) {
    ssize_t n = write(output, (char *)records + done, length - done);
    if (n <= 0) break;
    done += (size_t)n;
  }
}

static void note(uint64_t call, uint64_t a, uint64_t b, const void *result) {
  if (output == -2) return;
  records[count++] = (struct record){call, a, b, (uint64_t)(uintptr_t)result};
  if (count == sizeof records / sizeof *records) flush();
}

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("RECORD_ALLOCATIONS");
  output = path == NULL ? -2 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (output < 0) output = -2;
}

__attribute__((destructor)) static void end(void) {
  flush();
  output = -2;
}

void *malloc(size_t size) {
  void *result = __libc_malloc(size);
  note(MALLOC, size, 0, result);
  return result;
}

void *calloc(size_t members, size_t size) {
  void *result = __libc_calloc(members, size);
  note(CALLOC, members, size, result);
  return result;
}

void *realloc(void *old, size_t size) {
  void *result = __libc_realloc(old, size);
  note(REALLOC, (uint64_t)(uintptr_t)old, size, result);
  return result;
}

void free(void *memory) {
  int kept = errno;
  note(FREE, (uint64_t)(uintptr_t)memory, 0, NULL);
  __libc_free(memory);
  errno = kept;
}

void *memalign(size_t alignment, size_t size) {
  void *result = __libc_memalign(alignment, size);
  note(ALIGNED, alignment, size, result);
  return result;
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
  *memory = memalign(alignment, size);
  return *memory == NULL ? ENOMEM : 0;
}
