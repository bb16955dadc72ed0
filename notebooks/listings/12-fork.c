// A parent, a child and 1024 pages between them: who shares, who writes, who copies.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 1024, SIZE = PAGES * PAGE };

// #region notes
struct note { const char *step; long faults, rss, pss, shared, private; };
//! Shared by both processes, so that the child's notes reach the parent.
static struct notes { int count; struct note note[16]; } *notes;
static char *map;
static long mark;

static long minor_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

static void look(const char *step)
{
    static char text[256 * 1024];
    char header[32];
    struct note *note = &notes->note[notes->count];
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
    note->step = step;
    note->faults = faults;
    note->rss = atol(strstr(lines, "\nRss:") + 5);
    note->pss = atol(strstr(lines, "\nPss:") + 5);
    note->shared = atol(strstr(lines, "\nShared_Dirty:") + 14);
    note->private = atol(strstr(lines, "\nPrivate_Dirty:") + 15);
    notes->count++;
    mark = minor_faults();
}
// #endregion

// #region turns
//! Two pipes: one says "your turn" to the child, the other to the parent.
static int to_child[2], to_parent[2];

static void give(int pipe_ends[2])
{
    if (write(pipe_ends[1], "x", 1) != 1)
        _exit(EXIT_FAILURE);
}

static void wait_for(int pipe_ends[2])
{
    char byte;
    if (read(pipe_ends[0], &byte, 1) != 1)
        _exit(EXIT_FAILURE);
}
// #endregion

//! fork() shares every page, look()'s own too: the first look after it takes faults.
static void practise(void)
{
    look("practice");
    notes->count--;
}

static void write_pages(int from, int to)
{
    for (int i = from; i < to; i++)
        *(volatile char *)(map + i * PAGE) = 1;
}

static void read_pages(int from, int to)
{
    for (int i = from; i < to; i++)
        (void)*(volatile char *)(map + i * PAGE);
}

// #region child
static void child(void)
{
    practise();
    read_pages(0, PAGES);
    look("child reads all");
    write_pages(0, 256);
    look("child writes 256");
    give(to_parent);
    wait_for(to_child);
    _exit(EXIT_SUCCESS);
}
// #endregion

int main(void)
{
    notes = mmap(NULL, sizeof *notes, PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    // #region parent
    map = mmap((void *)0x100000000000, SIZE, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED || pipe(to_child) != 0 || pipe(to_parent) != 0) {
        perror("setting up");
        return EXIT_FAILURE;
    }
    madvise(map, SIZE, MADV_NOHUGEPAGE);
    practise();
    write_pages(0, PAGES);
    look("parent wrote all");
    if (fork() == 0)
        child();
    wait_for(to_parent);
    practise();
    look("parent, meanwhile");
    write_pages(0, 256);
    look("parent writes those 256");
    write_pages(256, 512);
    look("parent writes 256 others");
    give(to_child);
    wait(NULL);
    practise();
    look("child has ended");
    write_pages(0, PAGES);
    look("parent writes all");
    // #endregion

    printf("%-26s%7s%7s%7s%8s%9s\n", "", "faults", "Rss", "Pss", "shared", "private");
    for (int i = 0; i < notes->count; i++) {
        struct note *note = &notes->note[i];
        printf("%-26s%7ld%7ld%7ld%8ld%9ld\n", note->step, note->faults, note->rss,
               note->pss, note->shared, note->private);
    }
    return EXIT_SUCCESS;
}
