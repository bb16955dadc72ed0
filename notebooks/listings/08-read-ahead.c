// One byte of a file that is on the disk only: how much is fetched with it, by advice.
// Linux; run it in a directory of a real disk.
// The answer depends on the machine: how far its disk is read ahead.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 512, SIZE = PAGES * PAGE, TRIES = 3 };

static unsigned char in_core[PAGES];

static int cached_pages(char *map)
{
    int count = 0;
    mincore(map, SIZE, in_core);
    for (int i = 0; i < PAGES; i++)
        count += in_core[i] & 1;
    return count;
}

//! A fault waits for its own page. The others come a little later: until none does.
static int wait_for_the_disk(char *map)
{
    int count, before = -1;
    while ((count = cached_pages(map)) != before) {
        before = count;
        nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
    }
    return count;
}

static long major_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_majflt;
}

//! How far the kernel reads ahead on the file's disk; a partition asks its disk.
static int read_ahead_kb(int fd)
{
    struct stat info;
    fstat(fd, &info);
    for (int i = 0; i < 2; i++) {
        char path[80];
        int kb = 0;
        snprintf(path, sizeof path, "/sys/dev/block/%u:%u/%squeue/read_ahead_kb",
                 major(info.st_dev), minor(info.st_dev), i == 0 ? "" : "../");
        FILE *file = fopen(path, "r");
        if (file == NULL)
            continue;
        if (fscanf(file, "%d", &kb) != 1)
            kb = 0;
        fclose(file);
        return kb;
    }
    return 0;
}

struct seen { long faults; int count, first; };

// #region touch
static struct seen touch_page_100(int fd, int advice)
{
    char *map = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED) {
        perror("mmap");
        exit(EXIT_FAILURE);
    }
    madvise(map, SIZE, advice);
    //! Nobody has the file mapped for use, and all of it is clean: it leaves the cache.
    posix_fadvise(fd, 0, SIZE, POSIX_FADV_DONTNEED);
    long before = major_faults();
    (void)*(volatile char *)(map + 100 * PAGE);
    struct seen seen = { .faults = major_faults() - before };
    seen.count = wait_for_the_disk(map);
    while (seen.first < PAGES - 1 && !(in_core[seen.first] & 1))
        seen.first++;
    munmap(map, SIZE);
    return seen;
}
// #endregion

//! A busy kernel takes pages back, or fetches fewer: the most of a few tries counts.
static void show(int fd, const char *name, int advice)
{
    struct seen most = { 0 };
    for (int i = 0; i < TRIES; i++) {
        struct seen seen = touch_page_100(fd, advice);
        if (seen.count > most.count)
            most = seen;
    }
    printf("%-16s %ld major fault, %3d pages in the cache, %d to %d\n", name, most.faults,
           most.count, most.first, most.first + most.count - 1);
}

int main(void)
{
    static char page[PAGE], out[1024];
    setvbuf(stdout, out, _IOFBF, sizeof out);
    char name[] = "ahead-XXXXXX";
    int fd = mkstemp(name);
    if (fd < 0) {
        perror("mkstemp");
        return EXIT_FAILURE;
    }
    unlink(name);
    for (int i = 0; i < PAGES; i++)
        if (write(fd, page, PAGE) != PAGE) {
            perror("write");
            return EXIT_FAILURE;
        }
    fsync(fd);

    printf("read_ahead_kb %d\n", read_ahead_kb(fd));
    show(fd, "MADV_NORMAL", MADV_NORMAL);
    show(fd, "MADV_SEQUENTIAL", MADV_SEQUENTIAL);
    show(fd, "MADV_RANDOM", MADV_RANDOM);
    return EXIT_SUCCESS;
}
