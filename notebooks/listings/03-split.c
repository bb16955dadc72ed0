// cc: -fsplit-stack -D_GNU_SOURCE
// A recursion of 100,000 calls with a kilobyte each, on a stack in pieces.
// gcc on x86-64: cc -Wall -Wextra -D_GNU_SOURCE -fsplit-stack 03-split.c && ./a.out
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

static char *last;
static long step, jumps, since_jump, in_stacklet;

// #region deep
//! 1,040 bytes a call: 104 MB in all, with a limit of 8 MiB for the stack.
static long deep(int calls)
{
    char buffer[1000];
    buffer[0] = (char)calls;
    ptrdiff_t distance = last - buffer;
    if (last != NULL && step == 0)
        step = distance;
    since_jump++;
    //! A frame that does not lie right below its caller's is the first of a new stacklet.
    if (last != NULL && distance != step) {
        if (jumps > 0)
            in_stacklet = since_jump;
        jumps++;
        since_jump = 0;
    }
    last = buffer;
    return calls == 0 ? 0 : deep(calls - 1) + 1;
}
// #endregion

// #region main
int main(void)
{
    long depth = deep(100000);
    //! How long a stacklet is depends on the processor: libgcc takes room for its
    //! registers, in whole pages. 3640 bytes of it are not for frames.
    long bytes = (sysconf(_SC_SIGSTKSZ) + 4095) / 4096 * 4096;
    long fit = (bytes - 3640) / step;
    printf("calls deep:           %ld\n", depth);
    printf("bytes a call:         %ld\n", step);
    printf("calls in a stacklet:  %s\n",
           in_stacklet == fit ? "as many as fit" : "another number");
    printf("stacklets:            %s\n",
           jumps <= (depth + fit - 1) / fit ? "no more than that needs" : "more");
    return 0;
}
// #endregion
