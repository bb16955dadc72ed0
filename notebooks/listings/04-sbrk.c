// A library that takes its memory from the break itself, beside malloc().
#define _GNU_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };

int main(void)
{
    // #region two-users
    char *heap = sbrk(0);
    char *ours = malloc(24);
    //! A library moves the break, too: the page lies behind malloc's memory.
    char *theirs = sbrk(PAGE);
    strcpy(theirs, "theirs");
    size_t top_before = mallinfo2().keepcost;
    //! The second is too large for what is left below the page: the break moves again.
    char *fits = malloc(100 * 1024);
    char *beyond = malloc(100 * 1024);
    // #endregion

    // #region give-back
    //! The library gives its page back. But sbrk() knows only the end of the heap.
    int status;
    if (fork() == 0) {
        sbrk(-PAGE);
        size_t size = mallinfo2().keepcost - 64;
        memset(malloc(size), 0, size);
        _exit(EXIT_SUCCESS);
    }
    wait(&status);
    // #endregion

    printf("ours at heap+0x%tx, theirs at heap+0x%tx\n", ours - heap, theirs - heap);
    printf("free at the top before: %zu bytes\n", top_before);
    printf("the first 100 KiB at heap+0x%tx\n", fits - heap);
    printf("the second at heap+0x%tx\n", beyond - heap);
    printf("after sbrk(-4096), malloc() and memset(): %s\n",
           WIFSIGNALED(status) ? sigdescr_np(WTERMSIG(status)) : "all is well");
    return EXIT_SUCCESS;
}
