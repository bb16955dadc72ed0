/* real FILE|- [--files DIRECTORY] [--seconds]: the answers of the real system to a trace, a line each.
 *
 * A text may hold many traces, apart by lines that hold only %%; their answers are apart in the same way.
 * --seconds says on standard error how long the commands of each took.
 * Each is executed in a process of its own, forked from this one before its first allocation. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "real.h"

static char *read_input(const char *path, size_t *length) {
  int fd = strcmp(path, "-") == 0 ? 0 : open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) die(path, strerrordesc_np(errno));
  size_t room = 1 << 20, used = 0;
  char *text = map_table(room);
  for (;;) {
    ssize_t n = read(fd, text + used, room - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) die(path, strerrordesc_np(errno));
    if (n == 0) break;
    used += (size_t)n;
    if (used == room) {
      char *larger = map_table(2 * room);
      memcpy(larger, text, used);
      munmap(text, room + PAGE);
      text = larger;
      room *= 2;
    }
  }
  *length = used;
  return text;
}

static void end_of_trace(void) {
  say_line_end();
  answer_flush();
  end_children();
  _exit(0);
}

static bool says_seconds;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* The kernel's batches of pages are a processor's: what empties one counts for all processes of the trace. */
static void stay_on_one_processor(void) {
  cpu_set_t here;
  CPU_ZERO(&here);
  CPU_SET((size_t)sched_getcpu(), &here);
  sched_setaffinity(0, sizeof here, &here);
}

static void run_trace(const struct trace *trace, size_t forks) {
  int complaints = dup(2);
  /* What the C library says before it aborts goes to a file of ours. */
  int words = memfd_create("stderr", 0);
  dup2(words, 2);
  close(words);
  on_fatal = end_of_trace;
  make_slots(forks);
  catch_signals();
  warm_up();
  double begin = now();
  for (uint32_t i = 0; i < trace->count; i++) {
    execute(trace, i);
    say_line_end();
    if (trace->commands[i].op == OP_EXIT && trace->commands[i].child == NO_NAME) break;
  }
  if (says_seconds) dprintf(complaints, "%.9f\n", now() - begin);
  answer_flush();
  end_children();
}

int main(int argc, char **argv) {
  const char *path = NULL;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--files") == 0 && i + 1 < argc) {
      file_directory = argv[++i];
    } else if (strcmp(argv[i], "--seconds") == 0) {
      says_seconds = true;
    } else if (path == NULL) {
      path = argv[i];
    } else {
      die("usage", "real FILE|- [--files DIRECTORY]");
    }
  }
  if (path == NULL) die("usage", "real FILE|- [--files DIRECTORY]");
  size_t length;
  char *text = read_input(path, &length);
  struct parsed parsed = parse_traces(path, text, length);
  names = map_table(parsed.name_count * sizeof *names);
  make_proc_table();
  make_pid_table();
  lay_out();
  for (size_t i = 0; i < parsed.trace_count; i++) {
    if (i > 0) {
      say("%%\n");
      answer_flush();
    }
    pid_t pid = fork();
    if (pid < 0) die("fork", strerrordesc_np(errno));
    if (pid == 0) {
      limit_time();
      stay_on_one_processor();
      run_trace(&parsed.traces[i], parsed.most_forks);
      _exit(0);
    }
    int status;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    if (WIFSIGNALED(status)) {
      say("the process was killed by signal ");
      say_number((uint64_t)WTERMSIG(status));
      say_line_end();
      answer_flush();
    } else if (status != 0) {
      die("a trace ended its process", path);
    }
  }
  return 0;
}
