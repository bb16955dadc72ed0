// A large aligned block is freed each round, a small one is kept, and no hole is
// used again. Arguments: alignment (0 is malloc), large size, small size, rounds.
// Nothing is written into the large blocks.
#define _GNU_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *heap;

static void *large_block(size_t alignment, size_t size)
{
    void *block = NULL;
    if (alignment == 0)
        return malloc(size);
    return posix_memalign(&block, alignment, size) == 0 ? block : NULL;
}

static void look(int round)
{
    struct mallinfo2 info = mallinfo2();
    printf("round %4d: heap %8td kB, in use %6zu kB, free pieces %4zu\n", round,
           ((char *)sbrk(0) - heap) / 1024, info.uordblks / 1024, info.ordblks);
}

int main(int argc, char **argv)
{
    size_t alignment = argc > 1 ? strtoul(argv[1], NULL, 0) : 64;
    size_t large = argc > 2 ? strtoul(argv[2], NULL, 0) : 600000 * 5 * 3;
    size_t small = argc > 3 ? strtoul(argv[3], NULL, 0) : 37;
    int rounds = argc > 4 ? atoi(argv[4]) : 2000;
    static char out[1024];
    setvbuf(stdout, out, _IOFBF, sizeof out);

    // #region loop
    heap = sbrk(0);
    static char *kept[2000];
    //! The matrix of the round before.
    void *matrix = large_block(alignment, large);
    for (int i = 0; i < rounds; i++) {
        void *next = large_block(alignment, large);
        free(matrix);
        matrix = next;
        //! The string of this round. It stays.
        kept[i] = malloc(small);
        kept[i][0] = 'a';
        if (i + 1 == 1 || i + 1 == 10 || i + 1 == 100 || i + 1 == rounds)
            look(i + 1);
    }
    // #endregion
    return EXIT_SUCCESS;
}
