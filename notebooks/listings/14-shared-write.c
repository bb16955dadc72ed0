// A process writes to a shared map of a file: does it grow, and whose memory is it?
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 4096, SIZE = PAGES * PAGE };

static struct { const char *step; long rss, clean, dirty, cached, faults; } seen[8];
static int steps;
static long mark;

static long minor_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

static long cached_pages(char *map)
{
    static unsigned char in_core[PAGES];
    long count = 0;
    mincore(map, SIZE, in_core);
    for (int i = 0; i < PAGES; i++)
        count += in_core[i] & 1;
    return count;
}

static void look(const char *step, char *map)
{
    static char text[256 * 1024];
    char header[32];
    long faults = minor_faults() - mark;
    int fd = open("/proc/self/smaps", O_RDONLY);
    size_t length = 0;
    ssize_t got;
    while ((got = read(fd, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(fd);
    text[length] = '\0';
    snprintf(header, sizeof header, "%lx-", (unsigned long)map);
    char *lines = strstr(text, header);
    seen[steps].step = step;
    seen[steps].faults = faults;
    seen[steps].rss = atol(strstr(lines, "\nRss:") + 5);
    seen[steps].clean = atol(strstr(lines, "\nPrivate_Clean:") + 15);
    seen[steps].dirty = atol(strstr(lines, "\nPrivate_Dirty:") + 15);
    seen[steps].cached = cached_pages(map);
    steps++;
    mark = minor_faults();
}

int main(void)
{
    char name[] = "shared-XXXXXX";
    int fd = mkstemp(name);
    unlink(name);
    static char bytes[PAGE];
    for (int i = 0; i < PAGES; i++)
        if (write(fd, bytes, PAGE) != PAGE) {
            perror("write");
            return EXIT_FAILURE;
        }
    fsync(fd);

    // #region write
    char *map = mmap((void *)0x100000000000, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
                     fd, 0);
    if (map == MAP_FAILED) {
        perror("mmap");
        return EXIT_FAILURE;
    }
    look("practice", map);
    steps = 0;
    look("mapped a 16 MiB file", map);
    for (int i = 0; i < PAGES; i++)
        *(volatile char *)(map + i * PAGE) = 1;
    look("wrote each page", map);
    msync(map, SIZE, MS_SYNC);
    look("msync(MS_SYNC)", map);
    //! Empties our page table. The pages belong to the file, and stay in its cache.
    madvise(map, SIZE, MADV_DONTNEED);
    look("MADV_DONTNEED", map);
    for (int i = 0; i < PAGES; i++)
        (void)*(volatile char *)(map + i * PAGE);
    look("read each page", map);
    // #endregion

    printf("%-24s%7s%9s%8s%8s%8s\n", "", "faults", "Rss kB", "PrClean", "PrDirty",
           "cached");
    for (int i = 0; i < steps; i++)
        printf("%-24s%7ld%9ld%8ld%8ld%8ld\n", seen[i].step, seen[i].faults, seen[i].rss,
               seen[i].clean, seen[i].dirty, seen[i].cached);
    return EXIT_SUCCESS;
}
