// A daemon whose short-lived blocks fill the holes between the long-lived ones.
// Its heap is trimmed after each of its last rounds: what goes comes back.
#define _GNU_SOURCE
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LIVING = 4000, LIVING_SIZE = 75300, HOLES = 400, HOLE_SIZE = 20000 };

static char *heap;

static long minor_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

static long heap_rss_kb(void)
{
    static char text[256 * 1024];
    int fd = open("/proc/self/smaps", O_RDONLY);
    size_t length = 0;
    ssize_t got;
    while ((got = read(fd, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(fd);
    text[length] = '\0';
    char *line = strstr(text, "[heap]");
    return line ? atol(strstr(line, "\nRss:") + 5) : 0;
}

// #region minute
static char *hole[HOLES];

//! A minute's work: blocks that are gone before the minute is over.
static void minute(void)
{
    for (int i = 0; i < HOLES; i++) {
        hole[i] = malloc(HOLE_SIZE);
        memset(hole[i], 1, HOLE_SIZE);
    }
    for (int i = 0; i < HOLES; i++)
        free(hole[i]);
}
// #endregion

int main(void)
{
    static char out[1024];
    setvbuf(stdout, out, _IOFBF, sizeof out);
    // #region build
    static char *living[LIVING];
    heap = sbrk(0);
    //! One hole to be after each ten blocks that stay.
    for (int i = 0; i < LIVING; i++) {
        living[i] = malloc(LIVING_SIZE);
        memset(living[i], 1, LIVING_SIZE);
        if (i % 10 == 5)
            hole[i / 10] = malloc(HOLE_SIZE);
    }
    for (int i = 0; i < HOLES; i++)
        free(hole[i]);
    // #endregion
    minute();
    heap_rss_kb();

    // #region phases
    for (int i = 0; i < 3; i++) {
        long before = minor_faults();
        minute();
        long faults = minor_faults() - before;
        printf("no trim:    minflt %5ld  Rss %ld kB\n", faults, heap_rss_kb());
    }
    for (int i = 0; i < 3; i++) {
        long before = minor_faults();
        minute();
        long faults = minor_faults() - before;
        long full = heap_rss_kb();
        malloc_trim(0);
        printf("trim:       minflt %5ld  Rss %ld kB -> %ld kB\n", faults, full,
               heap_rss_kb());
    }
    // #endregion
    return EXIT_SUCCESS;
}
