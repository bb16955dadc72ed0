// malloc_trim() gives back free pages in the middle of the heap, and what that costs.
#define _GNU_SOURCE
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { BLOCKS = 1000, SIZE = 10000 };

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

// #region refill
static long faults_of_refilling(char **block, size_t size)
{
    long before = minor_faults();
    for (int i = 0; i < BLOCKS; i += 2) {
        block[i] = malloc(size);
        memset(block[i], 1, size);
    }
    return minor_faults() - before;
}
// #endregion

int main(void)
{
    // #region trim
    static char *block[BLOCKS];
    heap = sbrk(0);
    for (int i = 0; i < BLOCKS; i++) {
        block[i] = malloc(SIZE);
        memset(block[i], 1, SIZE);
    }
    long full = heap_rss_kb();
    for (int i = 0; i < BLOCKS; i += 2)
        free(block[i]);
    long freed = heap_rss_kb();
    //! Without a trim between: the pages are still there.
    long kept = faults_of_refilling(block, SIZE);
    for (int i = 0; i < BLOCKS; i += 2)
        free(block[i]);
    int trimmed = malloc_trim(0);
    long rss = heap_rss_kb();
    //! The break has not moved below the last block: the holes are in the middle.
    long size = ((char *)sbrk(0) - heap) / 1024;
    long fetched = faults_of_refilling(block, SIZE);
    // #endregion

    printf("Rss full: %ld kB\n", full);
    printf("Rss after every other free(): %ld kB\n", freed);
    printf("faults of refilling the holes: %ld\n", kept);
    printf("malloc_trim(0) answered %d\n", trimmed);
    printf("Rss then: %ld kB of %ld kB\n", rss, size);
    printf("faults of refilling the holes: %ld\n", fetched);
    return EXIT_SUCCESS;
}
