/* Replays a trace of malloc, calloc, realloc, memalign and free with the real C library.
 *
 *   replay-allocations TRACE REPEATS
 *
 * Each repeat runs in a process of its own, whose heap is fresh, and prints the seconds that the calls
 * took, without reading and parsing. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct call {
  uint32_t kind, name, old, align;
  uint64_t size;
};

static void *table(size_t size) {
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    perror("mmap");
    exit(2);
  }
  return memory;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Names are a letter and a number. */
static uint32_t name_at(char **at) {
  while (**at == ' ') ++*at;
  return (uint32_t)strtoul(*at + 1, at, 10);
}

static double run(const struct call *calls, size_t count, void **names) {
  double start = seconds();
  for (size_t i = 0; i < count; i++) {
    const struct call *call = &calls[i];
    switch (call->kind) {
      case 'm': names[call->name] = malloc(call->size); break;
      case 'c': names[call->name] = calloc(call->align, call->size); break;
      case 'f': free(names[call->name]); break;
      case 'a':
        if (posix_memalign(&names[call->name], call->align, call->size) != 0) names[call->name] = NULL;
        break;
      default: names[call->name] = realloc(names[call->old], call->size);
    }
  }
  return seconds() - start;
}

int main(int argc, char **argv) {
  FILE *file = argc == 3 ? fopen(argv[1], "r") : NULL;
  if (file == NULL) {
    fprintf(stderr, "usage: replay-allocations TRACE REPEATS\n");
    return 2;
  }
  size_t room = 4u << 20, count = 0, highest = 0;
  struct call *calls = table(room * sizeof *calls);
  static char line[256];
  while (fgets(line, sizeof line, file) != NULL && count < room) {
    struct call call = {0};
    char *at = strchr(line, ' ');
    if (at == NULL) continue;
    if (strncmp(line, "memalign", 8) == 0) {
      call.kind = 'a';
      call.name = name_at(&at);
      call.align = (uint32_t)strtoul(at, &at, 10);
      call.size = strtoull(at, &at, 10);
    } else if (line[0] == 'r') {
      call.kind = 'r';
      call.name = name_at(&at);
      call.old = name_at(&at);
      call.size = strtoull(at, &at, 10);
    } else if (line[0] == 'm' || line[0] == 'c' || line[0] == 'f') {
      call.kind = (uint32_t)line[0];
      call.name = name_at(&at);
      if (line[0] == 'c') call.align = (uint32_t)strtoul(at, &at, 10);
      if (line[0] != 'f') call.size = strtoull(at, &at, 10);
    } else {
      continue;
    }
    if (call.name > highest) highest = call.name;
    calls[count++] = call;
  }
  void **names = table((highest + 1) * sizeof *names);
  for (int i = atoi(argv[2]); i > 0; i--) {
    fflush(stdout);
    if (fork() == 0) {
      /* The names' pages are the replay's own, not the allocator's: they are there beforehand. */
      memset(names, 0, (highest + 1) * sizeof *names);
      printf("%.9f\n", run(calls, count, names));
      fflush(stdout);
      _exit(0);
    }
    wait(NULL);
  }
  return 0;
}
