/* What /proc and mincore say, cut down to the fields of the language. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "real.h"

char *proc_text;
/* Also so large that the limit on the break alone, which counts less of this program than RLIMIT_DATA does
 * elsewhere, is never the first to be met. */
static const size_t proc_size = 1 << 30;

void make_proc_table(void) { proc_text = map_table(proc_size); }

/* The whole file, ended by a NUL, in proc_text; its length. */
size_t read_proc(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  size_t length = 0;
  for (;;) {
    if (fd < 0 || length + 1 >= proc_size) die("cannot read", path);
    ssize_t n = read(fd, proc_text + length, proc_size - length - 1);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) die("cannot read", path);
    if (n == 0) break;
    length += (size_t)n;
  }
  close(fd);
  proc_text[length] = 0;
  return length;
}

static const char *const shown_fields[] = {
    "Size:",         "Rss:",           "Pss:",          "Pss_Dirty:",     "Shared_Clean:",   "Shared_Dirty:",
    "Private_Clean:", "Private_Dirty:", "Anonymous:",    "LazyFree:",      "AnonHugePages:",  "Shared_Hugetlb:",
    "Private_Hugetlb:", "Swap:",       "Locked:",
};

static bool is_shown_flag(const char *flag) {
  static const char shown[] = "rd wr ex sh gd lo sr rr dc dd nr ht hg nh wf ac";
  for (const char *at = shown; *at != 0; at += at[2] == 0 ? 2 : 3) {
    if (at[0] == flag[0] && at[1] == flag[1]) return true;
  }
  return false;
}

static char *next_line(char *line) {
  char *end = strchr(line, '\n');
  return end == NULL ? line + strlen(line) : end + 1;
}

/* A header begins with a hexadecimal digit in lower case; a field with a capital letter. */
static bool is_header(const char *line) { return *line != 0 && !(*line >= 'A' && *line <= 'Z'); }

static void say_flags(const char *line) {
  say(" VmFlags=");
  bool any = false;
  for (const char *at = line + strlen("VmFlags:"); *at != 0 && *at != '\n';) {
    if (*at == ' ') {
      at++;
      continue;
    }
    if (is_shown_flag(at)) {
      if (any) say(",");
      say_bytes(at, 2);
      any = true;
    }
    at += 2;
  }
}

void say_smaps(uintptr_t address) {
  read_proc("/proc/self/smaps");
  for (char *line = proc_text; *line != 0; line = next_line(line)) {
    if (!is_header(line)) continue;
    char *rest;
    uintptr_t start = strtoul(line, &rest, 16);
    uintptr_t end = strtoul(rest + 1, &rest, 16);
    if (address < start || address >= end) continue;
    say_address(start);
    say(" ");
    say_address(end);
    say(" ");
    say_bytes(rest + 1, 4);
    size_t shown = 0;
    for (line = next_line(line); *line != 0 && !is_header(line); line = next_line(line)) {
      if (strncmp(line, "VmFlags:", 8) == 0) say_flags(line);
      if (shown == sizeof shown_fields / sizeof *shown_fields) continue;
      size_t length = strlen(shown_fields[shown]);
      if (strncmp(line, shown_fields[shown], length) != 0) continue;
      say(" ");
      say_bytes(shown_fields[shown], length - 1);
      say("=");
      say_number(strtoull(line + length, NULL, 10));
      shown++;
    }
    return;
  }
  say("unmapped");
}

static void say_map_line(bool first, uintptr_t start, uintptr_t end, char *rest) {
  if (!first) say(" ; ");
  say_address(start);
  say(" ");
  /* The end of a mapping that reaches top is printed from top, as the start is. */
  if (end == top) {
    say("top-0x0");
  } else {
    say_address(end);
  }
  say(" ");
  say_bytes(rest + 1, 4);
  say(" ");
  say_hex(strtoull(rest + 6, NULL, 16));
}

void say_maps(void) {
  read_proc("/proc/self/maps");
  uintptr_t heap_end = (uintptr_t)sbrk(0);
  bool first = true;
  for (int part = 0; part < 2; part++) {
    for (char *line = proc_text; *line != 0; line = next_line(line)) {
      char *rest;
      uintptr_t start = strtoul(line, &rest, 16);
      uintptr_t end = strtoul(rest + 1, &rest, 16);
      bool in_heap = start >= heap && start < heap_end;
      bool in_area = !in_heap && start >= heap && start >= heap_end && end <= top;
      if (part == 0 ? !in_area : !in_heap) continue;
      say_map_line(first, start, end, rest);
      first = false;
    }
  }
  if (first) say("none");
}

/* Asked in pieces: the answer is an error where any piece is, as with one call. */
void say_mincore(uintptr_t address, uint64_t length) {
  static unsigned char present[4096];
  if (address % PAGE != 0 || length == 0 || length > UINT64_C(1) << 46) {
    if (mincore((void *)address, length, present) < 0) say_errno(errno);
    return;
  }
  uint64_t pages = (length + PAGE - 1) / PAGE;
  for (int pass = 0; pass < 2; pass++) {
    uint64_t run = 0;
    int state = -1;
    bool any = false;
    for (uint64_t at = 0; at < pages; at += sizeof present) {
      uint64_t part = pages - at < sizeof present ? pages - at : sizeof present;
      if (mincore((void *)(address + at * PAGE), part * PAGE, present) < 0) {
        say_errno(errno);
        return;
      }
      if (pass == 0) continue;
      for (uint64_t i = 0; i <= part; i++) {
        bool last = at + i == pages;
        if (i == part && !last) break;
        if (!last && (present[i] & 1) == state) {
          run++;
          continue;
        }
        if (state >= 0) {
          if (any) say(",");
          say_number((uint64_t)state);
          say("*");
          say_number(run);
          any = true;
        }
        if (!last) state = present[i] & 1;
        run = 1;
      }
    }
  }
}
