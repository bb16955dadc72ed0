/* What a compiled .calls file stands on: C's calls with arguments of one type, so that a line is both C and TypeScript,
 * and answers that are written without the allocator, from pages that were touched before. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, KiB = 1 << 10, MiB = 1 << 20 };
static const long GiB = 1L << 30;
/* Newer than glibc 2.36's headers. */
#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

/* The descriptor that answers go to. */
enum { ANSWERS = 100 };

static char answer[1 << 18], text[1 << 18];
static size_t answered;
static bool has_text;
static long sleeping[8];
static int sleepers;

static void say(const char *words) {
  for (; *words != 0; words++) answer[answered++] = *words;
}
static void flush(void) {
  size_t done = 0;
  while (done < answered) {
    ssize_t n = write(ANSWERS, answer + done, answered - done);
    if (n <= 0) _exit(3);
    done += (size_t)n;
  }
  answered = 0;
}
static void begin(void) {
  errno = 0;
  has_text = false;
}
/* A line: an error's name, "address", a number, or a text with its newlines as \001. */
static void end(long value) {
  char number[32];
  if (has_text) {
    for (char *at = text; *at != 0; at++) answer[answered++] = *at == '\n' ? 1 : *at;
  } else if (value == -1 && errno != 0) {
    say(strerrorname_np(errno));
  } else if (value >= 1L << 32 || value < -(1L << 32)) {
    say("address");
  } else {
    snprintf(number, sizeof number, "%ld", value);
    say(number);
  }
  say("\n");
  if (answered > sizeof answer / 2) flush();
}

static long file_text(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  size_t length = 0;
  ssize_t n;
  while ((n = read(fd, text + length, sizeof text - 1 - length)) > 0) length += (size_t)n;
  text[length] = 0;
  close(fd);
  has_text = true;
  return 0;
}

/* The calls, as long as they differ from C's in a type. */
#define L(x) ((long)(x))
#define mmap(a, l, p, f, fd, o) L((mmap)((void *)(a), (size_t)(l), (int)(p), (int)(f), (int)(fd), (off_t)(o)))
#define munmap(a, l) L((munmap)((void *)(a), (size_t)(l)))
#define mprotect(a, l, p) L((mprotect)((void *)(a), (size_t)(l), (int)(p)))
#define madvise(a, l, x) L((madvise)((void *)(a), (size_t)(l), (int)(x)))
#define mlock(a, l) L((mlock)((void *)(a), (size_t)(l)))
#define mlock2(a, l, f) L(syscall(SYS_mlock2, (long)(a), (long)(l), (long)(f)))
#define munlock(a, l) L((munlock)((void *)(a), (size_t)(l)))
#define msync(a, l, f) L((msync)((void *)(a), (size_t)(l), (int)(f)))
#define sbrk(n) L((sbrk)((intptr_t)(n)))
#define read(fd, a, l) L((read)((int)(fd), (void *)(a), (size_t)(l)))
#define write(fd, a, l) L((write)((int)(fd), (void *)(a), (size_t)(l)))
#define pread(fd, a, l, o) L((pread)((int)(fd), (void *)(a), (size_t)(l), (off_t)(o)))
#define pwrite(fd, a, l, o) L((pwrite)((int)(fd), (void *)(a), (size_t)(l), (off_t)(o)))
#define store(a, b) (*(volatile unsigned char *)(a) = (unsigned char)(b), 0L)
#define load(a) L(*(volatile unsigned char *)(a))

#define malloc(n) L((malloc)((size_t)(n)))
#define calloc(n, m) L((calloc)((size_t)(n), (size_t)(m)))
#define realloc(p, n) L((realloc)((void *)(p), (size_t)(n)))
#define reallocarray(p, n, m) L((reallocarray)((void *)(p), (size_t)(n), (size_t)(m)))
#define memalign(a, n) L((memalign)((size_t)(a), (size_t)(n)))
#define aligned_alloc(a, n) L((aligned_alloc)((size_t)(a), (size_t)(n)))
#define posix_memalign(at, a, n) L((posix_memalign)((void **)(at), (size_t)(a), (size_t)(n)))
#define valloc(n) L((valloc)((size_t)(n)))
#define pvalloc(n) L((pvalloc)((size_t)(n)))
#define free(p) ((free)((void *)(p)), 0L)
#define malloc_usable_size(p) L((malloc_usable_size)((void *)(p)))
#define word(p) (*(volatile long *)(p))

static long remap(long address, long old_size, long new_size, long flags, long at) {
  return syscall(SYS_mremap, address, old_size, new_size, flags, at);
}
#define REMAP(a, o, n, f, at, ...) remap(a, o, n, f, at)
#define mremap(...) REMAP(__VA_ARGS__, 0, 0)

static long touch(long address, long length) {
  for (long at = 0; at < length; at += PAGE) *(volatile char *)(address + at) = 1;
  return 0;
}
static long peek(long address, long length) {
  for (long at = 0; at < length; at += PAGE) (void)*(volatile char *)(address + at);
  return 0;
}
static long resident(long address, long length) {
  static unsigned char pages[4096];
  if (mincore((void *)address, (size_t)length, pages) != 0) return -1;
  long count = (length + PAGE - 1) / PAGE;
  for (long i = 0; i < count; i++) text[i] = (char)('0' + (pages[i] & 1));
  text[count] = 0;
  has_text = true;
  return 0;
}
static int resource_of(const char *name) {
  return strcmp(name, "as") == 0        ? RLIMIT_AS
         : strcmp(name, "data") == 0    ? RLIMIT_DATA
         : strcmp(name, "memlock") == 0 ? RLIMIT_MEMLOCK
         : strcmp(name, "nproc") == 0   ? RLIMIT_NPROC
         : strcmp(name, "nofile") == 0  ? RLIMIT_NOFILE
                                        : RLIMIT_STACK;
}
static long limit(const char *name, long soft, long hard) {
  struct rlimit value = {(rlim_t)soft, (rlim_t)hard};
  return setrlimit((__rlimit_resource_t)resource_of(name), &value);
}
/* RLIM_INFINITY as a long, and as TypeScript's Infinity. */
#define Infinity (-1L)

static char file_name[] = "memory-course-calls";
#define FILE_NAME file_name
/* The program itself, by its path. */
static const char *exe_name(void) {
  static char path[4096];
  ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
  path[n < 0 ? 0 : n] = 0;
  return path;
}
#define EXE_NAME exe_name()
/* Moves the break, before the first allocation, to a boundary on which alignments do not depend. */
static long heap_start(void) {
  long at = sbrk(0);
  sbrk(MiB - at % MiB);
  return sbrk(0);
}
/* The bytes from an address on, in hexadecimal: a run of equal ones once, with how many they are. */
static long bytes(long address, long count) {
  const unsigned char *at = (const unsigned char *)address;
  char *out = text;
  for (long i = 0, run; i < count; i += run) {
    for (run = 1; i + run < count && at[i + run] == at[i]; run++) continue;
    out += sprintf(out, "%s%02x*%ld", i == 0 ? "" : " ", at[i], run);
  }
  has_text = true;
  return 0;
}
/* What malloc_info() and malloc_stats() write, through standard output, which is the pipe that standard input reads. */
static long piped(void) {
  fflush(stdout);
  text[read(0, text, sizeof text - 1)] = 0;
  has_text = true;
  return 0;
}
static long info(void) {
  static char buffer[8192];
  setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  (malloc_info)(0, stdout);
  return piped();
}
static long stats(void) {
  int kept = dup(2);
  dup2(1, 2);
  (malloc_stats)();
  dup2(kept, 2);
  close(kept);
  return piped();
}
static long tmp(void) { return open(".", O_TMPFILE | O_RDWR, 0600); }
static long seals(long fd, long which) { return fcntl((int)fd, F_ADD_SEALS, (int)which); }

static long faults(void) {
  static long before;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  long now = usage.ru_minflt, since = now - before;
  before = now;
  return since;
}

/* Texts of /proc; what cannot be alike is taken out on the other side. */
static long status(void) { return file_text("/proc/self/status"); }
static long peaks(void) { return file_text("/proc/self/status"); }
static long statm(void) { return file_text("/proc/self/statm"); }
static long committed(void) { return file_text("/proc/meminfo"); }
static long meminfo(void) { return file_text("/proc/meminfo"); }
static long rollup(void) { return file_text("/proc/self/smaps_rollup"); }
static long maps(void) { return file_text("/proc/self/maps"); }
static long form(const char *name) {
  char path[64];
  snprintf(path, sizeof path, strcmp(name, "meminfo") == 0 ? "/proc/%s" : "/proc/self/%s", name);
  return file_text(path);
}
static long entry_of(const char *file, long address) {
  if (file_text(file) != 0) return -1;
  for (char *line = text; *line != 0;) {
    char *rest, *next = strchr(line, '\n') + 1;
    unsigned long start = strtoul(line, &rest, 16), stop = strtoul(rest + 1, &rest, 16);
    bool header = *line >= '0' && !(*line >= 'A' && *line <= 'Z');
    if (header && start <= (unsigned long)address && (unsigned long)address < stop) {
      if (strstr(file, "smaps") != NULL) next = strchr(strstr(next, "VmFlags:"), '\n') + 1;
      memmove(text, line, (size_t)(next - line));
      text[next - line] = 0;
      return 0;
    }
    line = next;
  }
  strcpy(text, "unmapped\n");
  return 0;
}
static long smaps(long address) { return entry_of("/proc/self/smaps", address); }
/* The kernel's batches of pages are a processor's: what empties one is then the section's own doing. */
static long one_processor(void) {
  cpu_set_t here;
  CPU_ZERO(&here);
  CPU_SET((size_t)sched_getcpu(), &here);
  return sched_setaffinity(0, sizeof here, &here);
}
/* One field of it, a number of kB. */
static long smaps_kB(long address, const char *name) {
  if (smaps(address) != 0) return -1;
  has_text = false;
  char *at = strstr(text, name);
  return at == NULL ? 0 : strtol(strchr(at, ':') + 1, NULL, 10);
}
static long mapping(long address) { return entry_of("/proc/self/maps", address); }

/* Where a mapping of that name begins (the first) and ends (the last); 0 where there is none. */
static long edge(const char *name, bool wants_end) {
  long found = 0;
  if (file_text("/proc/self/maps") != 0) return -1;
  has_text = false;
  for (char *line = text; *line != 0; line = strchr(line, '\n') + 1) {
    char *rest, *at = strstr(line, name);
    if (at == NULL || at > strchr(line, '\n')) continue;
    long start = (long)strtoul(line, &rest, 16), stop = (long)strtoul(rest + 1, &rest, 16);
    if (wants_end) found = stop;
    if (!wants_end && found == 0) found = start;
  }
  return found;
}
static long start_of(const char *name) { return edge(name, false); }
static long end_of(const char *name) { return edge(name, true); }

static uint64_t pagemap_bits(long address) {
  uint64_t bits = 0;
  int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  if (fd < 0 || (pread)(fd, &bits, sizeof bits, address / PAGE * 8) != 8) bits = ~UINT64_C(0);
  close(fd);
  return bits;
}
static long pfn(long address) { return (long)(pagemap_bits(address) & ((UINT64_C(1) << 55) - 1)); }
static long pagemap(long address) {
  snprintf(text, sizeof text, "0x%016lx", pagemap_bits(address));
  has_text = true;
  return 0;
}
static long hex(long value) {
  snprintf(text, sizeof text, "0x%lx", value);
  has_text = true;
  return 0;
}

/* Children: one that waits for ever, and what wait() says. */
static long sleeper(void) {
  pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) pause();
  }
  if (pid > 0) sleeping[sleepers++] = pid;
  return pid < 0 ? -1 : 0;
}
static void end_sleepers(void) {
  for (int i = 0; i < sleepers; i++) kill((pid_t)sleeping[i], SIGKILL);
}
static long try_fork(void) {
  pid_t pid = fork();
  if (pid == 0) _exit(0);
  if (pid > 0) waitpid(pid, NULL, 0);
  return pid < 0 ? -1 : 0;
}
static int wait_status;
static long wait_for(long pid, long options) {
  wait_status = 0;
  long got = waitpid((pid_t)pid, &wait_status, (int)options);
  return got > 0 ? 1 : got;
}
static long exited(void) { return WIFEXITED(wait_status) ? 1 : 0; }
static long exit_status(void) { return WEXITSTATUS(wait_status); }
static long signaled(void) { return WIFSIGNALED(wait_status) ? 1 : 0; }
static long term_signal(void) { return WTERMSIG(wait_status); }

/* Until a child is a zombie, which it stays. */
static void until_zombie(pid_t pid) {
  siginfo_t info;
  waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
}

static long fence_at;
/* What is mapped later has no neighbour that was mapped before main(): the holes that ld.so left are filled, and the
 * page table beyond is there. */
static void fence(void) {
  long thread = (long)__builtin_thread_pointer(), vdso = (long)getauxval(AT_SYSINFO_EHDR);
  long low = thread < vdso ? thread : vdso, high = thread < vdso ? vdso : thread, at;
  do {
    at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  } while (low < at && at < high);
  touch(at, PAGE);
  fence_at = at;
  /* The next mapping begins, or ends, on a boundary of 2 MiB, wherever ld.so left off. */
  long huge = 2 * MiB, start = at > high ? at + PAGE : at / huge * huge, stop = at > high ? (start + huge - 1) / huge * huge : at;
  if (stop > start) {
    mmap(start, stop - start, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  }
}

/* The program's own pages are there, so that none of them comes while something is measured; in a child once more. */
static struct { long start, size; int advice; } own[64];
static int own_count;
static void list_own_pages(void) {
  if (file_text("/proc/self/maps") != 0) return;
  for (char *line = text; *line != 0 && own_count < 64; line = strchr(line, '\n') + 1) {
    char *rest;
    long start = (long)strtoul(line, &rest, 16), stop = (long)strtoul(rest + 1, &rest, 16);
    if (start < 0 || rest[1] == '-') continue;
    own[own_count].start = start;
    own[own_count].size = stop - start;
    own[own_count++].advice = rest[2] == 'w' ? MADV_POPULATE_WRITE : MADV_POPULATE_READ;
  }
}
static void own_pages(void) {
  for (int i = 0; i < own_count; i++) madvise(own[i].start, own[i].size, own[i].advice);
}

static void warm(void) {
  list_own_pages();
  fence();
  volatile char below[16 * 1024];
  for (size_t i = 0; i < sizeof below; i += 1024) below[i] = 0;
  memset(answer, 1, sizeof answer);
  memset(text, 1, sizeof text);
  resident((long)&below[0] / PAGE * PAGE, PAGE);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  smaps((long)&answer[0]);
  pagemap((long)&answer[0]);
  own_pages();
  has_text = false;
  faults();
}
/* <linux/mman.h> names these. */
#define MAP_HUGE_2MB (21 << 26)
#define MAP_HUGE_16MB (24 << 26)
