/* Reads, writes, and the signals that they may end in. */
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "real.h"

static sigjmp_buf back;
static volatile sig_atomic_t guarded;
static volatile int signal_number, signal_code;
static volatile uintptr_t signal_address;
static char alternate_stack[64 * 1024];
void (*on_fatal)(void);

static void say_signal(void) {
  if (signal_number == SIGBUS) {
    say(signal_code == BUS_ADRERR ? "SIGBUS/ADRERR " : "SIGBUS/OTHER ");
  } else {
    say(signal_code == SEGV_MAPERR   ? "SIGSEGV/MAPERR "
        : signal_code == SEGV_ACCERR ? "SIGSEGV/ACCERR "
                                     : "SIGSEGV/KERNEL ");
  }
  say_address(signal_address & ~(uintptr_t)(PAGE - 1));
}

static void on_fault(int number, siginfo_t *info, void *context) {
  (void)context;
  signal_number = number;
  signal_code = info->si_code;
  signal_address = (uintptr_t)info->si_addr;
  if (guarded) siglongjmp(back, 1);
  /* The C library itself faulted, in a corrupted heap: that ends the program. */
  say_signal();
  on_fatal();
}

/* The C library aborted; what it said is in the memfd that stands for standard error. */
static void on_abort(int number) {
  (void)number;
  char words[512];
  off_t length = lseek(2, 0, SEEK_END);
  if (length > (off_t)sizeof words) length = sizeof words;
  ssize_t got = length > 0 ? pread(2, words, (size_t)length, 0) : 0;
  while (got > 0 && words[got - 1] == '\n') got--;
  say("SIGABRT ");
  if (got > 0) say_bytes(words, (size_t)got);
  on_fatal();
}

/* A trace that does not end: malloc() in a list that goes in a circle, say. */
static void on_time_limit(int number) {
  (void)number;
  say("no answer: the time limit of the trace was reached");
  on_fatal();
}

/* Each process of a trace may use SECONDS of a processor; it waits no longer than WAIT_SECONDS. */
void limit_time(void) {
  enum { SECONDS = 4, WAIT_SECONDS = 120 };
  struct rlimit limit = {.rlim_cur = SECONDS, .rlim_max = SECONDS + 5};
  setrlimit(RLIMIT_CPU, &limit);
  alarm(WAIT_SECONDS);
}

void catch_signals(void) {
  stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  struct sigaction aborts = {.sa_handler = on_abort, .sa_flags = SA_ONSTACK};
  sigaction(SIGABRT, &aborts, NULL);
  struct sigaction ends = {.sa_handler = on_time_limit, .sa_flags = SA_ONSTACK};
  sigaction(SIGXCPU, &ends, NULL);
  sigaction(SIGALRM, &ends, NULL);
}

/* The loop by itself, so that nothing else of this program runs between the two getrusage(). */
static __attribute__((noinline)) void touch_pages(uintptr_t address, uintptr_t end, bool writes) {
  for (uintptr_t at = address; at < end; at = (at & ~(uintptr_t)(PAGE - 1)) + PAGE) {
    if (writes) {
      *(volatile char *)at = 1;
    } else {
      (void)*(volatile char *)at;
    }
  }
}

/* False where a page faulted fatally. */
static __attribute__((noinline)) bool touch_guarded(uintptr_t address, uintptr_t end, bool writes) {
  if (sigsetjmp(back, 0) != 0) {
    guarded = 0;
    return false;
  }
  guarded = 1;
  touch_pages(address, end, writes);
  guarded = 0;
  return true;
}

void touch(uintptr_t address, uint64_t length, bool writes) {
  struct rusage before, after;
  getrusage(RUSAGE_SELF, &before);
  bool ok = touch_guarded(address, address + length, writes);
  getrusage(RUSAGE_SELF, &after);
  if (ok) {
    say("ok");
  } else {
    say_signal();
  }
  say(" minflt=");
  say_signed(after.ru_minflt - before.ru_minflt);
  say(" majflt=");
  say_signed(after.ru_majflt - before.ru_majflt);
}

void store(uintptr_t address, uint8_t value) {
  if (sigsetjmp(back, 0) != 0) {
    guarded = 0;
    say_signal();
    return;
  }
  guarded = 1;
  *(volatile uint8_t *)address = value;
  guarded = 0;
  say("ok");
}

void load(uintptr_t address) {
  if (sigsetjmp(back, 0) != 0) {
    guarded = 0;
    say_signal();
    return;
  }
  guarded = 1;
  uint8_t value = *(volatile uint8_t *)address;
  guarded = 0;
  say_number(value);
}

/* Runs the counted path once, its signal included, so that its pages and its stack are there. */
void warm_up(void) {
  struct rusage usage;
  own_pages_present();
  getrusage(RUSAGE_SELF, &usage);
  touch_guarded(forbidden_page, forbidden_page + 1, false);
  touch_guarded(forbidden_page, forbidden_page + 1, true);
  getrusage(RUSAGE_SELF, &usage);
}
