// The pages of a file come to a process by two kinds of fault: minor and major.
// Linux; run it in a directory of a real disk (on tmpfs there is no disk to wait for).
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 64, SIZE = PAGES * PAGE };

//! Where we ask to be mapped: far from all else, on a multiple of 64 KiB.
static void *const home = (void *)0x100000000000;

// #region two-counters
static struct { const char *step; long minor, major, cached, rss_kb; } seen[16];
static int steps;
static struct rusage mark;

//! Of a file's map, mincore() tells what the page cache has, mapped here or not.
static long cached_pages(char *map)
{
    static unsigned char in_core[PAGES];
    long count = 0;
    mincore(map, SIZE, in_core);
    for (int i = 0; i < PAGES; i++)
        count += in_core[i] & 1;
    return count;
}

//! Rss tells what our page table has: what we can touch without a fault.
static long rss_kb(char *map)
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
    return atol(strstr(strstr(text, header), "\nRss:") + 5);
}

static void look(const char *step, char *map)
{
    struct rusage now;
    getrusage(RUSAGE_SELF, &now);
    seen[steps].step = step;
    seen[steps].minor = now.ru_minflt - mark.ru_minflt;
    seen[steps].major = now.ru_majflt - mark.ru_majflt;
    seen[steps].cached = cached_pages(map);
    seen[steps].rss_kb = rss_kb(map);
    steps++;
    getrusage(RUSAGE_SELF, &mark);
}
// #endregion

// #region file
//! A file of 64 pages, without a name, its data on the disk and in the page cache.
static int make_file(void)
{
    static char page[PAGE];
    char name[] = "fault-XXXXXX";
    int fd = mkstemp(name);
    if (fd < 0) {
        perror("mkstemp");
        exit(EXIT_FAILURE);
    }
    unlink(name);
    memset(page, 'x', sizeof page);
    for (int i = 0; i < PAGES; i++)
        if (write(fd, page, PAGE) != PAGE) {
            perror("write");
            exit(EXIT_FAILURE);
        }
    fsync(fd);
    return fd;
}

static char *map_file(int fd)
{
    char *map = mmap(home, SIZE, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED) {
        perror("mmap");
        exit(EXIT_FAILURE);
    }
    return map;
}
// #endregion

int main(void)
{
    // #region warm
    int fd = make_file();
    char *map = map_file(fd);
    volatile char *p = map;
    look("practice", map);
    steps = 0;
    look("file in the cache", map);
    (void)p[0];
    look("read page 0", map);
    (void)p[15 * PAGE];
    look("read page 15", map);
    (void)p[16 * PAGE];
    look("read page 16", map);
    // #endregion

    // #region cold
    //! Clean pages that no process has mapped leave the cache when asked to.
    munmap(map, SIZE);
    posix_fadvise(fd, 0, SIZE, POSIX_FADV_DONTNEED);
    p = map = map_file(fd);
    //! "I shall jump about": without this, one fault would read the pages around, too.
    madvise(map, SIZE, MADV_RANDOM);
    look("file on the disk only", map);
    (void)p[0];
    look("read page 0", map);
    (void)p[1 * PAGE];
    look("read page 1", map);
    (void)p[0];
    look("read page 0 again", map);
    // #endregion

    // #region will-need
    munmap(map, SIZE);
    posix_fadvise(fd, 0, SIZE, POSIX_FADV_DONTNEED);
    p = map = map_file(fd);
    //! WILLNEED starts the reading and returns. Here we wait until all has come.
    madvise(map, SIZE, MADV_WILLNEED);
    while (cached_pages(map) < PAGES)
        ;
    look("after MADV_WILLNEED", map);
    for (int i = 0; i < PAGES; i++)
        (void)p[i * PAGE];
    look("read all 64 pages", map);
    // #endregion

    printf("%-22s%7s%7s%8s%9s\n", "", "minor", "major", "cached", "Rss");
    for (int i = 0; i < steps; i++)
        printf("%-22s%7ld%7ld%8ld%6ld kB\n", seen[i].step, seen[i].minor,
               seen[i].major, seen[i].cached, seen[i].rss_kb);
    return EXIT_SUCCESS;
}
