// A file of 1 GiB that takes no place on the disk, written through a map and punched.
// Linux; block counts as on ext4 with blocks of 4 KiB.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE (1024L * 1024 * 1024)
#define PAGE 4096L

// #region blocks
//! st_size is the length, st_blocks what is there of it, in units of 512 bytes.
static void show(const char *step, int fd)
{
    struct stat file;
    fstat(fd, &file);
    printf("%-26slength %7ld kB, on disk %2ld kB\n", step, (long)file.st_size / 1024,
           (long)file.st_blocks / 2);
}
// #endregion

int main(void)
{
    char name[] = "sparse-XXXXXX";
    int fd = mkstemp(name);
    unlink(name);
    // #region sparse
    if (ftruncate(fd, SIZE) != 0) {
        perror("ftruncate");
        return EXIT_FAILURE;
    }
    show("ftruncate() to 1 GiB", fd);
    char *map = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED) {
        perror("mmap");
        return EXIT_FAILURE;
    }
    for (int i = 0; i < 3; i++)
        map[i * (SIZE / 4)] = 'x';
    fsync(fd);
    show("stored in three pages", fd);
    //! Reading a hole makes a page of zeros in the cache, and no block on the disk.
    volatile char hole = map[SIZE / 2 + PAGE];
    fsync(fd);
    show("read a byte of a hole", fd);
    // #endregion

    // #region punch
    fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, SIZE / 4, PAGE);
    fsync(fd);
    show("punched one of the three", fd);
    printf("bytes: %d %d %d %d\n", map[0], map[SIZE / 4], map[SIZE / 2], hole);
    // #endregion
    return EXIT_SUCCESS;
}
