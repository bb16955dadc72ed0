// What it costs to keep a whole file behind an excerpt of one line: the file is mapped, and hardly read.
// Linux, any C library: cc -Wall -Wextra 16-behind.c && ./a.out
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 256, SIZE = PAGES * PAGE, LINE = 64 };

//! Where we ask to be mapped: far from all else, on a multiple of 64 KiB.
static void *const home = (void *)0x100000000000;

// #region write
//! A file of 16384 lines, 64 bytes each. Having been written, it is in the page cache.
static int write_file(void)
{
    static char page[PAGE];
    char name[] = "behind-XXXXXX";
    int fd = mkstemp(name);
    if (fd < 0) {
        perror("mkstemp");
        exit(EXIT_FAILURE);
    }
    unlink(name);
    for (int line = 0; line < SIZE / LINE; line++) {
        char *at = page + line * LINE % PAGE;
        snprintf(at, LINE, "%-62d", line + 1);
        at[LINE - 1] = '\n';
        if (at + LINE == page + PAGE && write(fd, page, PAGE) != PAGE) {
            perror("write");
            exit(EXIT_FAILURE);
        }
    }
    return fd;
}
// #endregion

// #region count
static long mark;

static long faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt + usage.ru_majflt;
}

static void look(const char *step)
{
    printf("%-24s%6ld\n", step, faults() - mark);
    //! Faults of printf() itself are not counted.
    mark = faults();
}
// #endregion

// #region touch
//! Reads the lines from the first to the last, a byte of each.
static void read_lines(const volatile char *file, int first, int last)
{
    for (int line = first; line <= last; line++)
        (void)file[(line - 1) * LINE];
}
// #endregion

int main(void)
{
    int fd = write_file();
    // #region excerpt
    char *file = mmap(home, SIZE, PROT_READ, MAP_PRIVATE, fd, 0);
    if (file == MAP_FAILED) {
        perror("mmap");
        return EXIT_FAILURE;
    }
    printf("%-24s%6s\n", "", "faults");
    mark = faults();
    //! An excerpt is cut by reading the lines that it shows, and no others.
    read_lines(file, 12001, 12011);
    look("an excerpt of 11 lines");
    //! Lines just before and after: they came along with the excerpt.
    read_lines(file, 11901, 12000);
    look("100 lines before it");
    read_lines(file, 1, SIZE / LINE);
    look("the whole file");
    read_lines(file, 1, SIZE / LINE);
    look("the whole file again");
    // #endregion
    return EXIT_SUCCESS;
}
