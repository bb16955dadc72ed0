/* One command: executed, and its answer said. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "real.h"

struct name_state *names;
const char *file_directory = ".";

static bool address_of(const struct expr *expr, uintptr_t *address) {
  if (expr->base >= 0 && !names[expr->base].is_set) return false;
  uintptr_t base = expr->base == BASE_HEAP  ? heap
                   : expr->base == BASE_TOP ? top
                                            : names[expr->base].address;
  *address = base + (uintptr_t)expr->offset;
  return true;
}

static void set_name(int32_t name, void *address) {
  names[name].address = (uintptr_t)address;
  names[name].is_set = true;
}

static void say_result(uint64_t address) {
  say("= ");
  say_address(address);
}

static void say_ok(long result) {
  if (result < 0) {
    say_errno(errno);
  } else {
    say("ok");
  }
}

static void say_mapped(int32_t name, void *address) {
  if (address == MAP_FAILED) {
    say_errno(errno);
    return;
  }
  set_name(name, address);
  say_result((uintptr_t)address);
}

static void say_mallinfo(void) {
  struct mallinfo2 info = mallinfo2();
  const struct {
    const char *name;
    size_t value;
  } fields[] = {
      {"arena=", info.arena},        {" ordblks=", info.ordblks},   {" smblks=", info.smblks},
      {" hblks=", info.hblks},       {" hblkhd=", info.hblkhd},     {" fsmblks=", info.fsmblks},
      {" uordblks=", info.uordblks}, {" fordblks=", info.fordblks}, {" keepcost=", info.keepcost},
  };
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    say(fields[i].name);
    say_number(fields[i].value);
  }
}

static bool execute_heap(const struct command *command) {
  uintptr_t address = 0;
  void *got;
  switch (command->op) {
    case OP_MALLOC: got = malloc(command->a); break;
    case OP_CALLOC: got = calloc(command->a, command->b); break;
    case OP_REALLOC: {
      struct name_state *old = &names[command->other];
      if (!old->is_set) {
        say("unset");
        return true;
      }
      got = realloc((void *)old->address, command->a);
      if (got != NULL || command->a == 0) old->address = 0;
      break;
    }
    case OP_MEMALIGN: {
      got = NULL;
      int error = posix_memalign(&got, command->a, command->b);
      if (error != 0) {
        say_errno(error);
        say(" ");
      }
      break;
    }
    case OP_FREE:
    case OP_USABLE:
      if (!address_of(&command->where, &address)) {
        say("unset");
      } else if (command->op == OP_USABLE) {
        say_number(malloc_usable_size((void *)address));
      } else {
        free((void *)address);
        say("ok");
      }
      return true;
    case OP_TRIM: say_signed(malloc_trim(command->a)); return true;
    case OP_MALLOPT: say_signed(mallopt(command->flags, (int)command->a)); return true;
    case OP_MALLINFO: say_mallinfo(); return true;
    case OP_SBRK:
      got = sbrk((intptr_t)command->a);
      if (got == (void *)-1) {
        say_errno(errno);
      } else {
        say_result((uintptr_t)got);
      }
      return true;
    default: return false;
  }
  set_name(command->name, got);
  say_result((uintptr_t)got);
  return true;
}

static int new_file(const struct command *command) {
  if (command->op == OP_MEMFD) return memfd_create("trace", 0);
  return open(file_directory, O_TMPFILE | O_RDWR, 0600);
}

/* Bytes read or written in pieces through a buffer that is no page of the trace's. */
static void say_moved(int fd, const struct command *command) {
  static char bytes[256 * 1024];
  uint64_t done = 0;
  ssize_t n = 0;
  if (command->op == OP_PWRITE) memset(bytes, 0, sizeof bytes);
  do {
    size_t part = command->b - done < sizeof bytes ? command->b - done : sizeof bytes;
    off_t at = (off_t)(command->a + done);
    n = command->op == OP_PWRITE ? pwrite(fd, bytes, part, at) : pread(fd, bytes, part, at);
    if (n > 0) done += (uint64_t)n;
  } while (n > 0 && done < command->b);
  if (n < 0 && done == 0) {
    say_errno(errno);
  } else {
    say_number(done);
  }
}

static bool execute_file(const struct command *command) {
  if (command->op == OP_FILE || command->op == OP_MEMFD) {
    int fd = new_file(command);
    if (fd < 0) {
      say_errno(errno);
      return true;
    }
    names[command->name].file_plus_1 = fd + 1;
    say_ok(ftruncate(fd, (off_t)command->a));
    return true;
  }
  if (command->op < OP_FTRUNCATE || command->op > OP_PREAD) return false;
  int fd = names[command->name].file_plus_1 - 1;
  if (fd < 0) {
    say("unset");
    return true;
  }
  int result;
  switch (command->op) {
    case OP_FTRUNCATE: say_ok(ftruncate(fd, (off_t)command->a)); break;
    case OP_PUNCH:
      say_ok(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)command->a,
                       (off_t)command->b));
      break;
    case OP_FSYNC: say_ok(fsync(fd)); break;
    case OP_DROPCACHE:
      result = posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
      errno = result;
      say_ok(result == 0 ? 0 : -1);
      break;
    default: say_moved(fd, command);
  }
  return true;
}

static void execute_limit(const struct command *command) {
  /* as and data count from what this program itself takes, so that the answer is the trace's own. */
  uint64_t own = command->flags == RLIMIT_AS     ? own_size_bytes()
                 : command->flags == RLIMIT_DATA ? own_data_bytes()
                                                 : 0;
  struct rlimit limit;
  getrlimit((__rlimit_resource_t)command->flags, &limit);
  limit.rlim_cur = command->a;
  if (own > 0) limit.rlim_cur = command->a > UINT64_MAX - own ? RLIM_INFINITY : command->a + own;
  say_ok(setrlimit((__rlimit_resource_t)command->flags, &limit));
}

static void execute_map(const struct command *command, uintptr_t address, uintptr_t at) {
  void *where = (void *)address;
  uint64_t length = command->a;
  switch (command->op) {
    case OP_MMAP: {
      int fd = command->other == NO_NAME ? -1 : names[command->other].file_plus_1 - 1;
      if (command->other != NO_NAME && fd < 0) {
        say("unset");
        return;
      }
      say_mapped(command->name, mmap((void *)at, length, command->prot, command->flags, fd,
                                     (off_t)command->b));
      return;
    }
    case OP_MREMAP:
      say_mapped(command->name, mremap(where, length, command->b, command->flags, (void *)at));
      return;
    case OP_MUNMAP: say_ok(munmap(where, length)); return;
    case OP_MPROTECT: say_ok(mprotect(where, length, command->prot)); return;
    case OP_MADVISE: say_ok(madvise(where, length, command->flags)); return;
    case OP_MLOCK: say_ok(mlock(where, length)); return;
    case OP_MLOCK_ONFAULT: say_ok(mlock2(where, length, MLOCK_ONFAULT)); return;
    case OP_MUNLOCK: say_ok(munlock(where, length)); return;
    case OP_MSYNC: say_ok(msync(where, length, command->flags)); return;
    case OP_MINCORE: say_mincore(address, length); return;
    case OP_READ: touch(address, length, false); return;
    case OP_WRITE: touch(address, length, true); return;
    case OP_STORE: store(address, (uint8_t)length); return;
    case OP_LOAD: load(address); return;
    case OP_SMAPS: say_smaps(address); return;
    case OP_MAPS: say_maps(); return;
  }
}

static void execute_in_child(const struct trace *trace, uint32_t index) {
  const struct command *command = &trace->commands[index];
  int slot = names[command->child].child_plus_1 - 1;
  if (slot < 0) {
    say("unset");
    return;
  }
  if (!ask_child(slot, index)) names[command->child].child_plus_1 = 0;
  if (command->op == OP_FORK) names[command->name].child_plus_1 = command->slot + 1;
}

bool is_child;

void execute(const struct trace *trace, uint32_t index) {
  const struct command *command = &trace->commands[index];
  if (command->child != NO_NAME && !is_child) {
    execute_in_child(trace, index);
    return;
  }
  if (command->op == OP_FORK) {
    int error = start_child(trace, command->slot);
    if (error != 0) {
      say_errno(error);
      return;
    }
    names[command->name].child_plus_1 = command->slot + 1;
    say("ok");
    return;
  }
  if (command->op == OP_EXIT) {
    say("ok");
    return;
  }
  if (command->op == OP_RLIMIT) {
    execute_limit(command);
    return;
  }
  if (execute_heap(command) || execute_file(command)) return;
  uintptr_t address = 0, at = 0;
  if (!address_of(&command->where, &address) && command->op != OP_MMAP && command->op != OP_MAPS) {
    say("unset");
  } else if (command->has_at && !address_of(&command->at, &at)) {
    say("unset");
  } else {
    execute_map(command, address, at);
  }
}
