// A stack overflow: no handler, one on the same stack, one on another stack.
// Linux: cc -Wall -Wextra 03-overflow.c && ./a.out
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf before_recursion;

// #region recursion
//! Always 1; without it the compiler would (rightly) warn of a recursion without end.
static volatile int go_on = 1;

static int endless(int depth)
{
    volatile char block[16384];
    block[0] = (char)depth;
    return go_on ? endless(depth + 1) + block[0] : 0;
}

//! Leaves the overflowing frames behind: siglongjmp() also unblocks SIGSEGV again.
static void on_segv(int signal)
{
    (void)signal;
    siglongjmp(before_recursion, 1);
}
// #endregion

enum way { NO_HANDLER, SAME_STACK, OTHER_STACK };

// #region child
static void child(enum way way)
{
    struct sigaction action = { .sa_handler = on_segv };
    if (way == OTHER_STACK) {
        stack_t other = { .ss_sp = malloc(65536), .ss_size = 65536 };
        sigaltstack(&other, NULL);
        //! Without this flag the other stack would not be used.
        action.sa_flags = SA_ONSTACK;
    }
    if (way != NO_HANDLER)
        sigaction(SIGSEGV, &action, NULL);
    //! The second return, from on_segv(), brings 1.
    if (sigsetjmp(before_recursion, 1) == 0)
        endless(0);
    _exit(0);
}
// #endregion

static void try(const char *title, enum way way)
{
    int status;
    fflush(stdout);
    if (fork() == 0)
        child(way);
    wait(&status);
    if (WIFSIGNALED(status))
        printf("%-28s killed by %s\n", title,
               WTERMSIG(status) == SIGSEGV ? "SIGSEGV" : "another signal");
    else
        printf("%-28s went on after the recursion\n", title);
}

int main(void)
{
    try("no handler", NO_HANDLER);
    try("handler on the same stack", SAME_STACK);
    try("handler on another stack", OTHER_STACK);
    return 0;
}
