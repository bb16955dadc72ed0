// Faults taken now instead of later: MAP_POPULATE, MADV_POPULATE_*, mlock(), mlock2().
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 16, SIZE = PAGES * PAGE, WAYS = 6 };

//! An address far from all else, so that no neighbour merges with our map.
static void *const home = (void *)0x100000000000;

static long smaps_kb(char *map, const char *field)
{
    static char text[256 * 1024];
    char header[32];
    int fd = open("/proc/self/smaps", O_RDONLY);
    size_t length = 0;
    ssize_t got;
    while ((got = read(fd, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(fd);
    text[length] = '\0';
    snprintf(header, sizeof header, "%lx-", (unsigned long)map);
    return atol(strstr(strstr(text, header), field) + strlen(field));
}

static long minor_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

// #region ways
static const char *const way_name[WAYS] = {
    "nothing",  "MAP_POPULATE",   "MADV_POPULATE_READ",  "MADV_POPULATE_WRITE",
    "mlock()",  "mlock2(ONFAULT)",
};

static char *prepare(int way)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | (way == 1 ? MAP_POPULATE : 0);
    char *map = mmap(home, SIZE, PROT_READ | PROT_WRITE, flags, -1, 0);
    int failed = map == MAP_FAILED;
    if (way == 2)
        failed = madvise(map, SIZE, MADV_POPULATE_READ);
    if (way == 3)
        failed = madvise(map, SIZE, MADV_POPULATE_WRITE);
    if (way == 4)
        failed = mlock(map, SIZE);
    if (way == 5)
        failed = mlock2(map, SIZE, MLOCK_ONFAULT);
    if (failed) {
        perror(way_name[way]);
        exit(EXIT_FAILURE);
    }
    return map;
}
// #endregion

// #region count
static struct { long preparing, rss_kb, locked_kb, writing; } seen[WAYS];

static void measure(int way)
{
    long start = minor_faults();
    char *map = prepare(way);
    seen[way].preparing = minor_faults() - start;
    seen[way].rss_kb = smaps_kb(map, "\nRss:");
    seen[way].locked_kb = smaps_kb(map, "\nLocked:");
    start = minor_faults();
    for (int i = 0; i < PAGES; i++)
        *(volatile char *)(map + i * PAGE) = 1;
    seen[way].writing = minor_faults() - start;
    munmap(map, SIZE);
}
// #endregion

int main(void)
{
    for (int round = 0; round < 2; round++)
        for (int way = 0; way < WAYS; way++)
            measure(way);
    printf("%-22s%11s%8s%9s%16s\n", "", "its faults", "Rss", "Locked",
           "writing faults");
    for (int way = 0; way < WAYS; way++)
        printf("%-22s%11ld%5ld kB%6ld kB%16ld\n", way_name[way], seen[way].preparing,
               seen[way].rss_kb, seen[way].locked_kb, seen[way].writing);
    return EXIT_SUCCESS;
}
