// cc: -pthread
// A thread whose stack overflows: where it faults, and in which page.
// Linux, glibc: cc -Wall -Wextra -pthread 03-guard-page.c && ./a.out
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { STACK = 65536, GUARD = 4096 };

static sigjmp_buf before;
static char *volatile faulted;
static volatile int go_on = 1;

// #region overflow
static int endless(int depth)
{
    volatile char block[1000];
    block[0] = (char)depth;
    return go_on ? endless(depth + 1) + block[0] : 0;
}

//! `si_addr` is the address that could not be accessed.
static void on_segv(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    faulted = info->si_addr;
    siglongjmp(before, 1);
}

static void *worker(void *arg)
{
    //! Each thread sets its own alternate stack.
    stack_t other = { .ss_sp = malloc(65536), .ss_size = 65536 };
    sigaltstack(&other, NULL);
    if (sigsetjmp(before, 1) == 0)
        endless(0);
    return arg;
}
// #endregion

// #region main
int main(void)
{
    struct sigaction action = { .sa_sigaction = on_segv,
                                .sa_flags = SA_SIGINFO | SA_ONSTACK };
    pthread_attr_t attributes;
    pthread_t thread;
    void *low;
    size_t size;
    sigaction(SIGSEGV, &action, NULL);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    pthread_attr_setguardsize(&attributes, GUARD);
    pthread_create(&thread, &attributes, worker, NULL);
    //! Asks where the thread's stack is: the guard lies right below `low`.
    pthread_getattr_np(thread, &attributes);
    pthread_attr_getstack(&attributes, &low, &size);
    pthread_join(thread, NULL);
    long below = (long)((char *)low - faulted);
    printf("the stack:               %zu bytes\n", size);
    printf("the fault, in the guard: %s\n", below > 0 && below <= GUARD ? "yes" : "no");
    printf("main() goes on\n");
    return 0;
}
// #endregion
