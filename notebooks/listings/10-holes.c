// A sparse array of 32 GiB, and four ways to be rid of a part of it.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE (32L * 1024 * 1024 * 1024)
enum { PAGE = 4096, PART = 256 * PAGE, WAYS = 4 };

static char *const home = (char *)0x100000000000;

static long minor_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

// #region lines
struct lines { int count; long size_kb, rss_kb; };

//! Sums the lines of smaps between `home` and its end: one way makes three of one.
static struct lines lines_of_the_array(void)
{
    static char text[256 * 1024];
    struct lines sum = { 0, 0, 0 };
    int fd = open("/proc/self/smaps", O_RDONLY);
    size_t length = 0;
    ssize_t got;
    while ((got = read(fd, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(fd);
    text[length] = '\0';
    for (char *size = text; (size = strstr(size, "\nSize:")) != NULL; size++) {
        char *header = size;
        while (header > text && header[-1] != '\n')
            header--;
        char *start = (char *)strtoul(header, NULL, 16);
        if (start >= home && start < home + SIZE) {
            sum.count++;
            sum.size_kb += atol(size + 6);
            sum.rss_kb += atol(strstr(size, "\nRss:") + 5);
        }
    }
    return sum;
}
// #endregion

// #region ways
static const char *const way_name[WAYS] = {
    "MADV_DONTNEED", "map over it", "PROT_NONE over it", "munmap()",
};

static int drop(int way, char *part)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
    switch (way) {
    case 0:
        return madvise(part, PART, MADV_DONTNEED);
    case 1:
        part = mmap(part, PART, PROT_READ | PROT_WRITE, flags, -1, 0);
        //! The advice was the old mapping's. Without it the new one stays apart.
        return madvise(part, PART, MADV_NOHUGEPAGE);
    case 2:
        return mmap(part, PART, PROT_NONE, flags, -1, 0) == part ? 0 : -1;
    default:
        return munmap(part, PART);
    }
}
// #endregion

// #region read
//! Reads a byte in a child, which the attempt may end: the byte, or minus the signal.
static int read_in_a_child(volatile char *p)
{
    int status;
    if (fork() == 0)
        _exit(*p);
    wait(&status);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}
// #endregion

// #region try
static struct { struct lines before, after; long faults; int value; } seen[WAYS];

static void try_way(int way)
{
    char *array = mmap(home, SIZE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (array != home) {
        perror("mmap");
        exit(EXIT_FAILURE);
    }
    madvise(array, SIZE, MADV_NOHUGEPAGE);
    //! One page in each of 1024 places, 32 MiB apart, and one part written densely.
    for (long i = 0; i < 1024; i++)
        array[i * (SIZE / 1024)] = 1;
    char *part = array + SIZE / 2 + PART;
    memset(part, 1, PART);
    seen[way].before = lines_of_the_array();
    if (drop(way, part) != 0)
        perror(way_name[way]);
    seen[way].after = lines_of_the_array();
    seen[way].value = read_in_a_child(part);
    //! Where it may be written still, each page of the part is written again.
    if (seen[way].value >= 0) {
        //! fork() has shared our stack: the first store to it is a fault of our own.
        long i, mark;
        i = mark = minor_faults();
        mark = minor_faults();
        for (i = 0; i < PART; i += PAGE)
            part[i] = 1;
        seen[way].faults = minor_faults() - mark;
    }
    munmap(array, SIZE);
}
// #endregion

int main(void)
{
    for (int round = 0; round < 2; round++)
        for (int way = 0; way < WAYS; way++)
            try_way(way);
    printf("%-19s%6s%14s%9s%9s%8s\n", "", "lines", "Size", "Rss", "reads as", "faults");
    for (int way = 0; way < WAYS; way++) {
        if (way == 0)
            printf("%-19s%6d%11ld kB%6ld kB\n", "before", seen[way].before.count,
                   seen[way].before.size_kb, seen[way].before.rss_kb);
        printf("%-19s%6d%11ld kB%6ld kB", way_name[way], seen[way].after.count,
               seen[way].after.size_kb, seen[way].after.rss_kb);
        if (seen[way].value >= 0)
            printf("%9d%8ld\n", seen[way].value, seen[way].faults);
        else
            printf("%9s%8s\n", sigabbrev_np(-seen[way].value), "-");
    }
    return EXIT_SUCCESS;
}
