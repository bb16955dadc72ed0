// Half of the memory is free, and a block twice as large as a hole fits nowhere.
#define _GNU_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCKS = 2000, SIZE = 1000 };

int main(void)
{
    // #region every-other
    static char *block[BLOCKS];
    for (int i = 0; i < BLOCKS; i++)
        block[i] = malloc(SIZE);
    struct mallinfo2 full = mallinfo2();
    char *end = sbrk(0);
    for (int i = 0; i < BLOCKS; i += 2)
        free(block[i]);
    struct mallinfo2 holes = mallinfo2();
    // #endregion

    // #region larger
    //! 250 requests of twice the size: together half of what is free.
    static char *larger[250];
    int in_a_hole = 0;
    for (int i = 0; i < 250; i++) {
        larger[i] = malloc(2 * SIZE);
        in_a_hole += larger[i] < block[BLOCKS - 1];
    }
    ptrdiff_t grown = (char *)sbrk(0) - end;
    // #endregion

    // #region same
    //! And of the same size: each hole is as good as new.
    int reused = 0;
    for (int i = 0; i < BLOCKS; i += 2) {
        block[i] = malloc(SIZE);
        reused += block[i] < block[BLOCKS - 1];
    }
    // #endregion

    printf("free before: %zu kB\n", full.fordblks / 1024);
    printf("free after every other free(): %zu kB in %zu pieces and the tcache\n",
           holes.fordblks / 1024, holes.ordblks);
    printf("blocks of 2000 bytes that fitted into a hole: %d of 250\n", in_a_hole);
    printf("the heap grew by %td kB\n", grown / 1024);
    printf("blocks of 1000 bytes that fitted into a hole: %d of 1000\n", reused);
    return EXIT_SUCCESS;
}
