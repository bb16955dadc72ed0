// longjmp() out of a thousand frames: what it gives back, and what it does not.
// Linux, glibc: cc -Wall -Wextra 03-longjmp.c && ./a.out
#include <alloca.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#define STACK_POINTER() \
    ({ char *sp; __asm__ volatile("mov %%rsp, %0" : "=r"(sp)); sp; })

static jmp_buf parsing;
static int entered, left;
static char *deepest;

static void give_up(void)
{
    deepest = STACK_POINTER();
    longjmp(parsing, 7);
}

// #region nested
//! A parser that calls itself for each bracket, and gives up at a depth of 1000.
static void nested(int depth)
{
    char *text = malloc(100);
    char *copy = alloca(100);
    entered++;
    copy[0] = text[0] = (char)depth;
    if (depth < 1000)
        nested(depth + 1);
    else
        give_up();
    free(text);
    left++;
}
// #endregion

// #region main
int main(void)
{
    char *before = STACK_POINTER();
    free(malloc(1));
    size_t in_use = mallinfo2().uordblks;
    //! setjmp() returns twice: 0 at first, then what longjmp() was given.
    int reason = setjmp(parsing);
    if (reason == 0)
        nested(1);
    size_t lost = mallinfo2().uordblks - in_use;
    printf("the reason:               %d\n", reason);
    printf("functions entered, left:  %d, %d\n", entered, left);
    printf("the stack was deeper by:  %ld bytes\n", (long)(before - deepest));
    printf("and is deeper now by:     %ld bytes\n", (long)(before - STACK_POINTER()));
    //! Nobody called free(): 1000 chunks of 112 bytes.
    printf("malloc()ed and lost:      %zu bytes\n", lost);
    return 0;
}
// #endregion
