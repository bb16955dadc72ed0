// Five kinds of mapping and seven numbers of smaps, alone and beside a child.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MIB = 1024 * 1024, PAGE = 4096, KINDS = 5, ROUNDS = 3 };

// #region kinds
//! An address of its own for each map: then neighbours are not merged.
#define HOME(kind) ((void *)(0x100000000000 + (kind) * 0x40000000L))

static const char *const name[KINDS] = {
    "reserved, never touched", "anonymous, 8 MiB written", "shared file, 4 MiB read",
    "private file, 1 of 4 written", "shared memory, 2 written",
};
static const long size[KINDS] = { 64 * MIB, 8 * MIB, 4 * MIB, 4 * MIB, 2 * MIB };

static void touch(volatile char *p, long length, int writing)
{
    for (long i = 0; i < length; i += PAGE)
        if (writing)
            p[i] = 1;
        else
            (void)p[i];
}

static void make(char *map[KINDS], int fd)
{
    int rw = PROT_READ | PROT_WRITE;
    map[0] = mmap(HOME(0), size[0], rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    map[1] = mmap(HOME(1), size[1], rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    map[2] = mmap(HOME(2), size[2], PROT_READ, MAP_SHARED, fd, 0);
    map[3] = mmap(HOME(3), size[3], rw, MAP_PRIVATE, fd, 4 * MIB);
    map[4] = mmap(HOME(4), size[4], rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    madvise(map[1], size[1], MADV_NOHUGEPAGE);
    touch(map[1], 8 * MIB, 1);
    touch(map[2], 4 * MIB, 0);
    touch(map[3], 4 * MIB, 0);
    touch(map[3], 1 * MIB, 1);
    touch(map[4], 2 * MIB, 1);
}
// #endregion

// #region smaps
static char text[256 * 1024];

static void read_smaps(void)
{
    int fd = open("/proc/self/smaps", O_RDONLY);
    size_t length = 0;
    ssize_t got;
    while ((got = read(fd, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(fd);
    text[length] = '\0';
}

//! A mapping has a header that begins with its address; below it, lines `Name: N kB`.
static long kb(char *map, const char *field)
{
    char header[32];
    snprintf(header, sizeof header, "%lx-", (unsigned long)map);
    return atol(strstr(strstr(text, header), field) + strlen(field));
}
// #endregion

static const char *const field[] = { "\nSize:", "\nRss:", "\nPss:", "\nShared_Clean:",
    "\nShared_Dirty:", "\nPrivate_Clean:", "\nPrivate_Dirty:" };
enum { FIELDS = sizeof field / sizeof *field };
static long seen[ROUNDS][KINDS][FIELDS];

static void look(int round, char *map[KINDS])
{
    read_smaps();
    for (int kind = 0; kind < KINDS; kind++)
        for (int i = 0; i < FIELDS; i++)
            seen[round][kind][i] = kb(map[kind], field[i]);
}

int main(void)
{
    static char megabyte[MIB];
    char file[] = "numbers-XXXXXX", *map[KINDS], byte;
    int to_child[2], to_parent[2];
    int fd = mkstemp(file);
    unlink(file);
    for (int i = 0; i < 8; i++)
        if (write(fd, megabyte, MIB) != MIB) {
            perror("write");
            return EXIT_FAILURE;
        }
    fsync(fd);

    // #region rounds
    make(map, fd);
    look(0, map);
    if (pipe(to_child) != 0 || pipe(to_parent) != 0 || fork() == 0) {
        for (int kind = 1; kind < KINDS; kind++)
            touch(map[kind], size[kind], 0);
        //! "I have read everything"; then it waits until it may end.
        if (write(to_parent[1], "x", 1) == 1 && read(to_child[0], &byte, 1) == 1)
            _exit(EXIT_SUCCESS);
        _exit(EXIT_FAILURE);
    }
    if (read(to_parent[0], &byte, 1) != 1)
        return EXIT_FAILURE;
    look(1, map);
    if (write(to_child[1], "x", 1) != 1)
        return EXIT_FAILURE;
    wait(NULL);
    look(2, map);
    // #endregion

    static const char *const when[ROUNDS] = { "alone", "with a child", "alone again" };
    for (int round = 0; round < ROUNDS; round++) {
        printf("%-29s%7s%6s%6s%8s%8s%8s%8s\n", when[round], "Size", "Rss", "Pss",
               "ShClean", "ShDirty", "PrClean", "PrDirty");
        for (int kind = 0; kind < KINDS; kind++) {
            long *n = seen[round][kind];
            printf("%-29s%7ld%6ld%6ld%8ld%8ld%8ld%8ld\n", name[kind], n[0], n[1], n[2],
                   n[3], n[4], n[5], n[6]);
        }
    }
    return EXIT_SUCCESS;
}
