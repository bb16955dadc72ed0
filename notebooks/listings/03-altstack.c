// What sigaltstack() answers before, during and after a handler's run.
// Linux: cc -Wall -Wextra 03-altstack.c && ./a.out
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//! Linux 4.7; older C libraries do not name it.
#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif

static sigjmp_buf before;
static stack_t large;

static const char *answer(int result)
{
    return result == 0 ? "accepted" : strerrorname_np(errno);
}

// #region handler
static void on_segv(int signal)
{
    stack_t now;
    (void)signal;
    sigaltstack(NULL, &now);
    //! printf() in a handler is for programs that only demonstrate: it is not signal safe.
    printf("in the handler: flags %d, ", now.ss_flags);
    printf("changing it: %s\n", answer(sigaltstack(&large, NULL)));
    siglongjmp(before, 1);
}
// #endregion

// #region main
int main(void)
{
    stack_t now, small = { .ss_sp = malloc(65536), .ss_size = 1024 };
    struct sigaction action = { .sa_handler = on_segv, .sa_flags = SA_ONSTACK };
    const int flags[] = { 0, (int)SS_AUTODISARM };
    large = small;
    large.ss_size = 65536;
    sigaltstack(NULL, &now);
    printf("at first:       flags %d\n", now.ss_flags);
    printf("1024 bytes:     %s\n", answer(sigaltstack(&small, NULL)));
    sigaction(SIGSEGV, &action, NULL);
    for (int i = 0; i < 2; i++) {
        stack_t stack = large;
        stack.ss_flags = flags[i];
        sigaltstack(&stack, NULL);
        if (sigsetjmp(before, 1) == 0)
            *(volatile char *)16 = 1;
    }
    return 0;
}
// #endregion
