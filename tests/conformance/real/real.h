/* Executes a memory trace on the real system. The language: docs/trace-language.md.
 *
 * Nothing in this program may call malloc, or fault a page of its own inside a counted read or write:
 * what is counted and printed must be the trace's alone. So there is no stdio, the program's tables are
 * mapped before the measured area is laid out, and its own pages are populated again after each fork. */
#ifndef REAL_H
#define REAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { PAGE = 4096 };

enum op {
  OP_MALLOC, OP_CALLOC, OP_REALLOC, OP_MEMALIGN, OP_FREE, OP_USABLE, OP_TRIM, OP_MALLOPT, OP_MALLINFO,
  OP_SBRK, OP_MMAP, OP_MUNMAP, OP_MPROTECT, OP_MADVISE, OP_MLOCK, OP_MLOCK_ONFAULT, OP_MUNLOCK,
  OP_MSYNC, OP_MINCORE, OP_MREMAP, OP_READ, OP_WRITE, OP_STORE, OP_LOAD, OP_SMAPS, OP_MAPS, OP_FILE,
  OP_MEMFD, OP_FTRUNCATE, OP_PUNCH, OP_FSYNC, OP_DROPCACHE, OP_PWRITE, OP_PREAD, OP_RLIMIT, OP_FORK,
  OP_EXIT
};

/* An address that the trace names: a name, or one of the two origins, and a distance. */
enum { BASE_HEAP = -1, BASE_TOP = -2, NO_NAME = -3 };
struct expr {
  int32_t base;
  int64_t offset;
};

struct command {
  uint8_t op;
  uint8_t has_at;
  uint8_t slot; /* of a fork */
  int32_t child; /* the name after @, or NO_NAME */
  int32_t name;  /* the name that is set, or the file or child that is meant */
  int32_t other; /* realloc's old name, mmap's file */
  int32_t prot, flags;
  struct expr where, at;
  uint64_t a, b; /* numbers in their order */
};

struct trace {
  struct command *commands;
  size_t count;
};

/* What a process knows of a name. */
struct name_state {
  uint64_t address;
  int32_t file_plus_1;  /* a file descriptor + 1, or 0 */
  int32_t child_plus_1; /* a slot of children.c + 1, or 0 */
  bool is_set;          /* whether `address` is */
};
extern struct name_state *names;

/* parse.c */
struct parsed {
  struct trace *traces;
  size_t trace_count;
  size_t command_count;
  size_t name_count;
  size_t most_forks; /* of one trace */
};
struct parsed parse_traces(const char *path, char *text, size_t length);

/* layout.c */
extern uintptr_t heap, top;
extern uintptr_t forbidden_page; /* of the program's own: each access faults */
void *map_table(size_t size);
void lay_out(void);
void own_pages_present(void);
uint64_t own_size_bytes(void);
uint64_t own_data_bytes(void);

/* answer.c */
void answer_to(int fd);
void answer_flush(void);
void say(const char *text);
void say_bytes(const char *bytes, size_t length);
void say_number(uint64_t value);
void say_signed(int64_t value);
void say_hex(uint64_t value);
void say_address(uint64_t address);
void say_errno(int number);
void say_line_end(void);
void die(const char *what, const char *detail) __attribute__((noreturn));

/* touch.c */
void catch_signals(void);
void limit_time(void);
void touch(uintptr_t address, uint64_t length, bool writes);
void store(uintptr_t address, uint8_t value);
void load(uintptr_t address);
void warm_up(void);
/* Called where a signal ends the process: says the rest of the answer, never returns. */
extern void (*on_fatal)(void);

/* proc.c */
void say_smaps(uintptr_t address);
void say_maps(void);
void say_mincore(uintptr_t address, uint64_t length);
size_t read_proc(const char *path);
extern char *proc_text;
void make_proc_table(void);

/* children.c */
void make_pid_table(void);
void make_slots(size_t count);
int start_child(const struct trace *trace, int slot);
bool ask_child(int slot, uint32_t index);
void end_children(void);

/* commands.c */
extern bool is_child; /* of the process that answers the trace */
void execute(const struct trace *trace, uint32_t index);

extern const char *file_directory;

#endif
