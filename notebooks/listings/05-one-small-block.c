// A thousand blocks are freed, and the process does not shrink: a small one is above.
// An argument sets the size of the small one; 24 bytes where there is none.
#define _GNU_SOURCE
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCKS = 1000, SIZE = 10000 };

static char *heap;
static struct {
    const char *step;
    size_t heap_kb, used_kb, free_kb, top_kb;
    long rss_kb;
} seen[8];
static int steps;

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

// #region look
static void look(const char *step)
{
    struct mallinfo2 info = mallinfo2();
    seen[steps].step = step;
    //! From the first byte of the heap to the break: what the kernel has promised.
    seen[steps].heap_kb = (size_t)((char *)sbrk(0) - heap) / 1024;
    seen[steps].used_kb = info.uordblks / 1024;
    seen[steps].free_kb = info.fordblks / 1024;
    //! The free stretch at the very end, the only one that the break can pass.
    seen[steps].top_kb = info.keepcost / 1024;
    seen[steps].rss_kb = heap_rss_kb();
    steps++;
}
// #endregion

int main(int argc, char **argv)
{
    size_t small_size = argc > 1 ? strtoul(argv[1], NULL, 0) : 24;

    // #region truck
    static char *block[BLOCKS];
    heap = sbrk(0);
    for (int i = 0; i < BLOCKS; i++) {
        block[i] = malloc(SIZE);
        memset(block[i], 1, SIZE);
    }
    char *small = malloc(small_size);
    look("allocated");
    for (int i = 0; i < BLOCKS; i++)
        free(block[i]);
    look("freed the thousand");
    malloc_trim(0);
    look("malloc_trim(0)");
    free(small);
    look("freed the small one");
    malloc_trim(0);
    look("malloc_trim(0) again");
    // #endregion

    printf("%-22s%8s%8s%8s%8s%8s\n", "kB", "heap", "used", "free", "top", "Rss");
    for (int i = 0; i < steps; i++)
        printf("%-22s%8zu%8zu%8zu%8zu%8ld\n", seen[i].step, seen[i].heap_kb,
               seen[i].used_kb, seen[i].free_kb, seen[i].top_kb, seen[i].rss_kb);
    return EXIT_SUCCESS;
}
