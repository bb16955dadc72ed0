/* Child processes. The whole trace is known to every process: a request is a command's index; the reply
 * is its answer and then a byte, ALIVE or ENDED. Each child has a slot: two pipes made before anything is
 * forked, so that the child of a child can be asked too. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "real.h"

enum { MOST_SLOTS = 64, ALIVE = 0, ENDED = 1 };
static struct slot {
  int request[2], reply[2];
} slots[MOST_SLOTS];
static size_t slot_count;
static pid_t *slot_pids; /* shared by all processes of the trace */

void make_pid_table(void) {
  slot_pids = mmap(NULL, MOST_SLOTS * sizeof *slot_pids, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (slot_pids == MAP_FAILED) die("no room for the tables", "mmap");
}

void make_slots(size_t count) {
  if (count > MOST_SLOTS) die("a trace may fork 64 times", "fork");
  slot_count = count;
  memset(slot_pids, 0, MOST_SLOTS * sizeof *slot_pids);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  for (size_t i = 0; i < count; i++) {
    if (pipe(slots[i].request) != 0 || pipe(slots[i].reply) != 0) die("no pipes", "pipe");
  }
}

static bool transfer(bool writes, int fd, void *bytes, size_t length) {
  for (size_t done = 0; done < length;) {
    char *at = (char *)bytes + done;
    ssize_t n = writes ? write(fd, at, length - done) : read(fd, at, length - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += (size_t)n;
  }
  return true;
}

static void end_reply(char state) {
  say_bytes(&state, 1);
  answer_flush();
}

static void child_ends(void) {
  end_reply(ENDED);
  _exit(0);
}

static void serve(const struct trace *trace, int slot) {
  is_child = true;
  on_fatal = child_ends;
  answer_to(slots[slot].reply[1]);
  /* Once: the number may be a file of the trace's when this process forks in its turn. */
  for (size_t i = 0; i < slot_count; i++) {
    if (slots[i].request[1] >= 0) close(slots[i].request[1]);
    slots[i].request[1] = -1;
  }
  slot_pids[slot] = getpid();
  warm_up();
  end_reply(ALIVE);
  for (;;) {
    uint32_t index;
    if (!transfer(false, slots[slot].request[0], &index, sizeof index)) _exit(0);
    execute(trace, index);
    if (trace->commands[index].op == OP_EXIT) child_ends();
    end_reply(ALIVE);
  }
}

/* Copies a reply into this process's own answer; the byte that ended it. */
static int take_reply(int slot) {
  for (;;) {
    char bytes[4096];
    ssize_t n = read(slots[slot].reply[0], bytes, sizeof bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return ENDED;
    char last = bytes[n - 1];
    bool ends = last == ALIVE || last == ENDED;
    say_bytes(bytes, (size_t)n - (ends ? 1 : 0));
    if (ends) return last;
  }
}

/* Forks the child of a slot; 0, or an errno, once the child waits for commands. */
int start_child(const struct trace *trace, int slot) {
  pid_t pid = fork();
  if (pid < 0) {
    /* What was copied before it failed is read-only here, too. */
    int error = errno;
    warm_up();
    return error;
  }
  if (pid == 0) serve(trace, slot);
  take_reply(slot);
  warm_up();
  return 0;
}

/* Has a child execute a command and says its answer; false where the child has ended with it. */
bool ask_child(int slot, uint32_t index) {
  if (transfer(true, slots[slot].request[1], &index, sizeof index) && take_reply(slot) == ALIVE) {
    return true;
  }
  /* Its memory is gone once it is a zombie, not before. */
  int fd = (int)syscall(SYS_pidfd_open, slot_pids[slot], 0);
  if (fd >= 0) {
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    while (poll(&wait, 1, -1) < 0 && errno == EINTR) continue;
    close(fd);
  }
  return false;
}

void end_children(void) {
  for (size_t i = 0; i < slot_count; i++) {
    if (slot_pids[i] > 0) kill(slot_pids[i], SIGKILL);
  }
  while (slot_count > 0 && (waitpid(-1, NULL, 0) > 0 || errno == EINTR)) continue;
}
