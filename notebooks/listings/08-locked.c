// What mlock() holds, and what it does not: whole pages, without counting, and not
// in a child.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, SIZE = 4 * PAGE };

static void *const home = (void *)0x100000000000;

//! Locked, over all mappings that lie in the four pages: locking a part splits one.
static long locked_kb(void)
{
    static char text[256 * 1024];
    int fd = open("/proc/self/smaps", O_RDONLY);
    size_t length = 0;
    ssize_t got;
    while ((got = read(fd, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(fd);
    text[length] = '\0';
    long sum = 0;
    for (int page = 0; page < 4; page++) {
        char header[32];
        snprintf(header, sizeof header, "%lx-", (unsigned long)home + page * PAGE);
        char *line = strstr(text, header);
        if (line != NULL)
            sum += atol(strstr(line, "\nLocked:") + 8);
    }
    return sum;
}

static void tell(const char *step, int result)
{
    const char *answer = result == 0 ? "ok" : strerrorname_np(errno);
    printf("%-34s%-8s Locked %2ld kB\n", step, answer, locked_kb());
}

int main(void)
{
    static char out[2048];
    setvbuf(stdout, out, _IOFBF, sizeof out);
    // #region lock
    char *map = mmap(home, SIZE, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED) {
        perror("mmap");
        return EXIT_FAILURE;
    }
    //! Two bytes, on both sides of a page's border.
    tell("mlock() of 2 bytes", mlock(map + PAGE - 1, 2));
    tell("mlock() of all", mlock(map, SIZE));
    tell("mlock() of all, again", mlock(map, SIZE));
    tell("munlock() of all, once", munlock(map, SIZE));
    // #endregion

    // #region order
    //! An order to drop what was promised to stay.
    mlock(map, SIZE);
    tell("MADV_DONTNEED", madvise(map, SIZE, MADV_DONTNEED));
    tell("MADV_DONTNEED_LOCKED", madvise(map, SIZE, MADV_DONTNEED_LOCKED));
    mlock(map, SIZE);
    fflush(stdout);
    if (fork() == 0) {
        tell("in a child", 0);
        exit(EXIT_SUCCESS);
    }
    wait(NULL);
    //! Nothing can be fetched into pages without rights. The lock is set all the same.
    munlock(map, SIZE);
    mprotect(map, SIZE, PROT_NONE);
    tell("mlock() without rights", mlock(map, SIZE));
    mprotect(map, SIZE, PROT_READ | PROT_WRITE);
    for (int i = 0; i < 4; i++)
        map[i * PAGE] = 1;
    tell("rights given, pages written", 0);
    // #endregion
    return EXIT_SUCCESS;
}
