// A file through a map, through read() and through write(): one cache, one truth.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 4, SIZE = PAGES * PAGE };

// #region smaps
//! Pages whose bytes are newer than the disk's, as our page table knows of them.
static long dirty_kb(char *map)
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
    return atol(strstr(strstr(text, header), "\nPrivate_Dirty:") + 15);
}
// #endregion

static void show(const char *step, int fd, char *map)
{
    char in_file[8] = "";
    if (pread(fd, in_file, 4, 0) != 4)
        exit(EXIT_FAILURE);
    printf("%-28sread() \"%s\"  map \"%.4s\"  dirty %2ld kB\n", step, in_file, map,
           dirty_kb(map));
}

int main(void)
{
    char name[] = "cache-XXXXXX";
    int fd = mkstemp(name);
    unlink(name);
    static char page[PAGE] = "disk";
    //! Page by page: one large write() may put several pages into one larger folio.
    for (int i = 0; i < PAGES; i++)
        if (write(fd, page, PAGE) != PAGE) {
            perror("write");
            return EXIT_FAILURE;
        }
    fsync(fd);

    // #region coherent
    char *map = mmap((void *)0x100000000000, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
                     fd, 0);
    if (map == MAP_FAILED) {
        perror("mmap");
        return EXIT_FAILURE;
    }
    show("mapped", fd, map);
    memcpy(map, "bob!", 4);
    show("stored in the map", fd, map);
    msync(map, SIZE, MS_ASYNC);
    show("msync(MS_ASYNC)", fd, map);
    msync(map, SIZE, MS_SYNC);
    show("msync(MS_SYNC)", fd, map);
    if (pwrite(fd, "fred", 4, 0) != 4)
        return EXIT_FAILURE;
    show("pwrite()", fd, map);
    memcpy(map + PAGE, "more", 4);
    memcpy(map + 2 * PAGE, "more", 4);
    show("stored in two more pages", fd, map);
    fsync(fd);
    show("fsync()", fd, map);
    // #endregion
    return EXIT_SUCCESS;
}
