// What an advice does to eight pages that hold data, and what is read afterwards.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 8, SIZE = PAGES * PAGE };

//! Where we ask to be mapped: far from all else, so that no neighbour merges with us.
static void *const home = (void *)0x100000000000;

// #region kinds
enum kind { ANONYMOUS, SHARED_ANONYMOUS, PRIVATE_FILE, KINDS };
static const char *const kind_name[KINDS] = {
    "private anonymous", "shared anonymous", "private file, written",
};

//! The file's pages hold 'f'. Through the map each page is then set to 'm'.
static char *make(enum kind kind, int fd)
{
    int flags[KINDS] = {
        MAP_PRIVATE | MAP_ANONYMOUS, MAP_SHARED | MAP_ANONYMOUS, MAP_PRIVATE,
    };
    char *map = mmap(home, SIZE, PROT_READ | PROT_WRITE, flags[kind],
                     kind == PRIVATE_FILE ? fd : -1, 0);
    if (map == MAP_FAILED) {
        perror("mmap");
        exit(EXIT_FAILURE);
    }
    for (int i = 0; i < PAGES; i++)
        map[i * PAGE] = 'm';
    return map;
}
// #endregion

//! The line `Rss:` in the part of smaps that is about this map.
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

static long minor_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

// #region advise
static struct { const char *answer; long rss_kb, faults; char value; } seen[KINDS];

static void advise(enum kind kind, int fd, int advice)
{
    char *map = make(kind, fd);
    seen[kind].answer = madvise(map, SIZE, advice) == 0 ? "ok" : strerrorname_np(errno);
    seen[kind].rss_kb = rss_kb(map);
    long before = minor_faults();
    //! Each page is read, as volatile, and the last value kept.
    char value = 0;
    for (int i = 0; i < PAGES; i++)
        value = *(volatile char *)(map + i * PAGE);
    seen[kind].faults = minor_faults() - before;
    seen[kind].value = value;
    munmap(map, SIZE);
}
// #endregion

static const struct { const char *name; int advice; } advices[] = {
    { "MADV_WILLNEED", MADV_WILLNEED }, { "MADV_COLD", MADV_COLD },
    { "MADV_FREE", MADV_FREE },         { "MADV_DONTNEED", MADV_DONTNEED },
    { "MADV_REMOVE", MADV_REMOVE },
};

int main(void)
{
    static char page[PAGE];
    char name[] = "advice-XXXXXX";
    int fd = mkstemp(name);
    if (fd < 0) {
        perror("mkstemp");
        return EXIT_FAILURE;
    }
    unlink(name);
    memset(page, 'f', sizeof page);
    for (int i = 0; i < PAGES; i++)
        if (write(fd, page, PAGE) != PAGE) {
            perror("write");
            return EXIT_FAILURE;
        }
    fsync(fd);

    // #region try-all
    //! Once for practice: the first call of a function may fault on its own account.
    for (enum kind kind = 0; kind < KINDS; kind++)
        advise(kind, fd, MADV_NORMAL);
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++) {
        for (enum kind kind = 0; kind < KINDS; kind++)
            advise(kind, fd, advices[i].advice);
        printf("%s\n", advices[i].name);
        for (enum kind kind = 0; kind < KINDS; kind++)
            printf("  %-23s%-7s Rss %2ld kB  then %ld faults, '%c'\n",
                   kind_name[kind], seen[kind].answer, seen[kind].rss_kb,
                   seen[kind].faults, seen[kind].value ? seen[kind].value : '0');
    }
    // #endregion
    return EXIT_SUCCESS;
}
