// Four buffers of 11 MiB are allocated and freed, round after round: first in maps,
// then in the heap.
// An argument pins the mmap threshold.
#define _GNU_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TILES = 4, ROUNDS = 4, TILE = 11 << 20 };

static void look(const char *when, int round)
{
    struct mallinfo2 info = mallinfo2();
    printf("round %d, %s: arena %6zu kB, hblkhd %6zu kB, in use %6zu kB\n", round, when,
           info.arena / 1024, info.hblkhd / 1024, info.uordblks / 1024);
}

int main(int argc, char **argv)
{
    static char out[1024];
    setvbuf(stdout, out, _IOFBF, sizeof out);
    if (argc > 1)
        mallopt(M_MMAP_THRESHOLD, atoi(argv[1]));

    // #region rounds
    static char *tile[TILES], *note[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < TILES; i++) {
            tile[i] = malloc(TILE);
            memset(tile[i], 1, TILE);
        }
        //! Something small that outlives the round, as a cache's entry does.
        note[round] = malloc(100);
        memset(note[round], 1, 100);
        look("held ", round);
        for (int i = 0; i < TILES; i++)
            free(tile[i]);
        look("freed", round);
    }
    // #endregion
    return EXIT_SUCCESS;
}
