// Locals declared after a variable-length array: where gcc puts them.
// gcc at -O0 on x86-64: cc -Wall -Wextra 03-late.c && ./a.out
#include <stdio.h>

static void use(char *p)
{
    *p = 1;
}

// #region late
//! `early`, `late` and `buffer` lie in one piece, as if the array were not there. A
//! compiler sees the whole function before it runs, and gives fixed sizes fixed places.
static void late_locals(int n)
{
    char early[16];
    char array[n];
    int late;
    char buffer[40];
    use(early);
    use(array);
    use((char *)&late);
    use(buffer);
    printf("array of %4d: late %3ld and buffer %3ld below early, array lower: %s\n", n,
           (long)(early - (char *)&late), (long)(early - buffer),
           array + n <= buffer ? "yes" : "no");
}
// #endregion

int main(void)
{
    for (int n = 1; n <= 1000; n *= 10)
        late_locals(n);
    return 0;
}
