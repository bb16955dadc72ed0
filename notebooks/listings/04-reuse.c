// Twelve blocks of one size are freed in order and asked for again. Which come back?
#include <stdio.h>
#include <stdlib.h>

enum { BLOCKS = 12 };

static int number_of(char *pointer, char **blocks)
{
    for (int i = 0; i < BLOCKS; i++)
        if (blocks[i] == pointer)
            return i;
    return -1;
}

int main(void)
{
    // #region reuse
    char *block[BLOCKS], *again[BLOCKS];
    for (int i = 0; i < BLOCKS; i++)
        block[i] = malloc(24);
    for (int i = 0; i < BLOCKS; i++)
        free(block[i]);
    for (int i = 0; i < BLOCKS; i++)
        again[i] = malloc(24);
    // #endregion

    printf("small:");
    for (int i = 0; i < BLOCKS; i++)
        printf(" %d", number_of(again[i], block));
    printf("\n");

    // #region larger
    //! Too large for the fast bins; a last block keeps them from the top of the heap.
    for (int i = 0; i < BLOCKS; i++)
        block[i] = malloc(500);
    char *last = malloc(24);
    for (int i = 0; i < BLOCKS; i++)
        free(block[i]);
    for (int i = 0; i < BLOCKS; i++)
        again[i] = malloc(500);
    // #endregion

    printf("larger:");
    for (int i = 0; i < BLOCKS; i++)
        printf(" %d", number_of(again[i], block));
    printf("\n");
    free(last);
    return EXIT_SUCCESS;
}
