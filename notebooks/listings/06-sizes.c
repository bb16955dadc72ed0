// Several sizes: a cache for each class, and what rounding up to a class wastes.
// Any system: cc -Wall -Wextra 06-sizes.c && ./a.out
#include <stdio.h>

// #region classes
//! Steps of 16, then four steps to each doubling: at most a fifth is wasted above 64.
static const int classes[] = { 16,  32,  48,  64,  80,  96,  112, 128, 160, 192,
                               224, 256, 320, 384, 448, 512, 640, 768, 896, 1024 };
enum { CLASSES = sizeof classes / sizeof *classes };

static int class_of(int size)
{
    for (int i = 0; i < CLASSES; i++)
        if (size <= classes[i])
            return classes[i];
    return 0;
}
// #endregion

// #region main
int main(void)
{
    static const int sizes[] = { 1, 16, 17, 65, 100, 129, 300, 513, 1000 };
    for (int i = 0; i < (int)(sizeof sizes / sizeof *sizes); i++)
        printf("%4d bytes in a class of %4d, wasted %3d\n", sizes[i],
               class_of(sizes[i]), class_of(sizes[i]) - sizes[i]);
    int worst = 0, at = 0;
    for (int size = 65; size <= 1024; size++) {
        int wasted = (class_of(size) - size) * 1000 / class_of(size);
        if (wasted > worst) {
            worst = wasted;
            at = size;
        }
    }
    printf("worst above 64: %d.%d %% at %d bytes\n", worst / 10, worst % 10, at);
    return 0;
}
// #endregion
