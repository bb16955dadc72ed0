// Pointers to objects that have ended: undefined behaviour, as gcc -O0 leaves it.
// cc -Wall -Wextra -O0 03-dangling.c && ./a.out
#include <stdio.h>

// #region dangling
static int *kept;

//! A function of its own, so that the compiler does not see (and warn) where the address goes.
static void keep(int *p)
{
    kept = p;
}

static void secret(void)
{
    int number = 42;
    keep(&number);
}

static void other(void)
{
    int unrelated = 7;
    keep(&unrelated);
}

//! Never written before it is read.
static int unset(void)
{
    int number;
    keep(&number);
    return *kept;
}
// #endregion

// #region main
int main(void)
{
    secret();
    int *p = kept;
    int first = *p;
    other();
    //! Nothing was stored through `p`. The frame that held `number` now holds `unrelated`.
    int second = *p;
    printf("after secret() returned:  %d\n", first);
    printf("after another call:       %d\n", second);
    printf("the same address:         %s\n", p == kept ? "yes" : "no");
    secret();
    int third = unset();
    printf("an unset local holds:     %d\n", third);
    return 0;
}
// #endregion
