/* Where things lie, so that the trace has the heap and the mmap area to itself.
 *
 *   heap: the break, moved up to a 1 MiB boundary before the first allocation.
 *   top:  a 1 GiB boundary below everything that is mapped in the mmap area; every gap above it, up to
 *         the stack, is filled, so that the kernel's top-down search begins exactly there.
 *
 * The filler is shared memory, each part with a file of its own: it can never merge with what the trace maps below it,
 * and no overcommit mode counts it. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "real.h"

uintptr_t heap, top, forbidden_page;

static struct own {
  uintptr_t start, end;
  bool writable, readable;
} own[128];
static size_t own_count;
static uint64_t own_size, own_data;

/* The program's own tables; only before lay_out(). Never touched inside a counted command. */
void *map_table(size_t size) {
  void *table = mmap(NULL, size + PAGE, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (table == MAP_FAILED) die("no room for the tables", "mmap");
  return table;
}

static uint64_t status_bytes(const char *field) {
  read_proc("/proc/self/status");
  const char *at = strstr(proc_text, field);
  return at == NULL ? 0 : strtoull(at + strlen(field), NULL, 10) * 1024;
}

static void fill(uintptr_t from, uintptr_t to) {
  if (from >= to) return;
  int file = memfd_create("filler", MFD_CLOEXEC);
  if (file < 0 || ftruncate(file, (off_t)(to - from)) != 0) die("no filler", "memfd_create");
  void *got = mmap((void *)from, to - from, PROT_NONE,
                   MAP_SHARED | MAP_NORESERVE | MAP_FIXED_NOREPLACE, file, 0);
  close(file);
  if (got != (void *)from) die("cannot fill the gaps above top", "mmap");
}

static void grow_stack(void) {
  volatile char below[512 * 1024];
  for (size_t i = 0; i < sizeof below; i += PAGE) below[i] = 0;
}

void lay_out(void) {
  grow_stack();
  void *page = map_table(PAGE);
  mprotect(page, 2 * PAGE, PROT_NONE);
  forbidden_page = (uintptr_t)page;
  uintptr_t old_break = (uintptr_t)sbrk(0);
  heap = (old_break + PAGE + (1 << 20) - 1) & ~(uintptr_t)((1 << 20) - 1);
  if (sbrk((intptr_t)(heap - old_break)) == (void *)-1) die("cannot move the break", "sbrk");

  size_t length = read_proc("/proc/self/maps");
  own_count = 0;
  for (char *line = proc_text; line < proc_text + length; line = strchr(line, '\n') + 1) {
    char *rest;
    uintptr_t start = strtoul(line, &rest, 16);
    uintptr_t end = strtoul(rest + 1, &rest, 16);
    if (own_count == sizeof own / sizeof *own) die("too many mappings", "/proc/self/maps");
    own[own_count++] = (struct own){start, end, rest[2] == 'w', rest[1] == 'r'};
  }
  size_t first = 0;
  while (first < own_count && own[first].start < heap) first++;
  uintptr_t stack_here = (uintptr_t)__builtin_frame_address(0);
  if (first == own_count) die("no mapping above the heap", "/proc/self/maps");
  top = own[first].start & ~(uintptr_t)((1ul << 30) - 1);
  uintptr_t from = top;
  for (size_t i = first; i < own_count && from < stack_here; i++) {
    fill(from, own[i].start);
    from = own[i].end;
  }
  own_size = status_bytes("VmSize:");
  own_data = status_bytes("VmData:");
}

uint64_t own_size_bytes(void) { return own_size; }
uint64_t own_data_bytes(void) { return own_data; }

/* Makes the program's own pages present (and private again after a fork), so that a counted command
 * faults none of them. Ranges that are large are tables, which counted commands do not touch. */
void own_pages_present(void) {
  for (size_t i = 0; i < own_count; i++) {
    size_t length = own[i].end - own[i].start;
    if (length > (4 << 20) || own[i].start > UINT64_C(0xffff800000000000)) continue;
    if (own[i].start < heap && own[i].end >= heap) continue;
    if (own[i].writable) {
      madvise((void *)own[i].start, length, MADV_POPULATE_WRITE);
    } else if (own[i].readable) {
      madvise((void *)own[i].start, length, MADV_POPULATE_READ);
    }
  }
}
