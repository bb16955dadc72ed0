// One anonymous mapping, watched while it is read and written for the first time.
// Linux, any C library: cc -Wall -Wextra 08-demand-paging.c && ./a.out
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MIB = 1024 * 1024, SIZE = 64 * MIB, PAGE = 4096, PAGES = SIZE / PAGE };

// #region measure
//! Faults that the kernel answered without waiting for a disk, since the program began.
static long minor_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

//! mincore() writes one byte a page. Its lowest bit says: touching it needs no disk.
static long resident_pages(char *map)
{
    static unsigned char in_core[PAGES];
    long count = 0;
    mincore(map, SIZE, in_core);
    for (int i = 0; i < PAGES; i++)
        count += in_core[i] & 1;
    return count;
}

//! The line `Rss:` below the header of our mapping, which begins with its address.
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
// #endregion

// #region look
static struct { const char *step; long faults, resident, rss_kb; } seen[16];
static int steps;
static long mark;

static void look(const char *step, char *map)
{
    //! The faults are read first: those that the looking itself causes come later.
    long faults = minor_faults() - mark;
    seen[steps].step = step;
    seen[steps].faults = faults;
    seen[steps].resident = resident_pages(map);
    seen[steps].rss_kb = rss_kb(map);
    steps++;
    mark = minor_faults();
}
// #endregion

int main(void)
{
    // #region touch
    char *map = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED) {
        perror("mmap");
        return EXIT_FAILURE;
    }
    //! Pages of 4 KiB, whatever the system prefers. Huge pages have chapter 9.
    madvise(map, SIZE, MADV_NOHUGEPAGE);

    //! Once for practice, so that the pages of look() itself are there.
    look("practice", map);
    steps = 0;
    look("mapped 64 MiB", map);

    //! volatile: the compiler must really read and write, however pointless it looks.
    volatile char *p = map;
    //! The value is thrown away, and the access remains.
    (void)p[0];
    look("read page 0", map);
    (void)p[0];
    look("read page 0 again", map);
    p[0] = 1;
    look("wrote page 0", map);
    p[1] = 1;
    look("wrote its next byte", map);
    p[PAGE] = 1;
    look("wrote page 1", map);
    for (int i = 2; i < 256; i++)
        (void)p[i * PAGE];
    look("read pages 2 to 255", map);
    for (int i = 2; i < 256; i++)
        p[i * PAGE] = 1;
    look("wrote pages 2 to 255", map);
    // #endregion

    //! printf() asks malloc() for a buffer and faults too, so it comes last.
    printf("%-22s%8s%10s%10s\n", "", "faults", "resident", "Rss");
    for (int i = 0; i < steps; i++)
        printf("%-22s%8ld%10ld%7ld kB\n", seen[i].step, seen[i].faults,
               seen[i].resident, seen[i].rss_kb);
    return EXIT_SUCCESS;
}
