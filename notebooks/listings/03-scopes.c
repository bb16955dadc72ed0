// What a variable-length array and alloca() take, and when they give it back.
// gcc at -O0 on x86-64: cc -Wall -Wextra 03-scopes.c && ./a.out
#include <alloca.h>
#include <stdio.h>

//! The stack pointer itself, before and after.
#define STACK_POINTER() \
    ({ char *sp; __asm__ volatile("mov %%rsp, %0" : "=r"(sp)); sp; })

static void use(char *p)
{
    *p = 1;
}

// #region sizes
static void sizes(int n)
{
    char *before = STACK_POINTER();
    long in_block;
    {
        char array[n];
        use(array);
        in_block = before - STACK_POINTER();
    }
    //! The array's block has ended: the stack pointer is back.
    long after_block = before - STACK_POINTER();
    char *p = alloca(n);
    use(p);
    long after_alloca = before - STACK_POINTER();
    printf("%5d  array %5ld, after its block %ld, alloca %5ld\n", n, in_block,
           after_block, after_alloca);
}
// #endregion

// #region loops
//! The innocent one: each turn's array dies with the turn.
static long loop_of_arrays(int turns, int n)
{
    char *before = STACK_POINTER();
    for (int i = 0; i < turns; i++) {
        char array[n];
        use(array);
    }
    return before - STACK_POINTER();
}

//! The one that piles up: nothing is given back before the function returns.
static long loop_of_allocas(int turns, int n)
{
    char *before = STACK_POINTER();
    for (int i = 0; i < turns; i++) {
        char *p = alloca(n);
        use(p);
    }
    return before - STACK_POINTER();
}

//! Both in one block: gcc gives neither back.
static long loop_of_both(int turns, int n)
{
    char *before = STACK_POINTER();
    for (int i = 0; i < turns; i++) {
        char array[n];
        use(array);
        use(alloca(n));
    }
    return before - STACK_POINTER();
}
// #endregion

int main(void)
{
    for (int n = 1; n <= 4096; n *= 8)
        sizes(n);
    printf(" 100 turns, array of 100: %7ld bytes\n", loop_of_arrays(100, 100));
    printf(" 100 turns, alloca(100):  %7ld bytes\n", loop_of_allocas(100, 100));
    printf("1000 turns, alloca(100):  %7ld bytes\n", loop_of_allocas(1000, 100));
    printf(" 100 turns, both of 100:  %7ld bytes\n", loop_of_both(100, 100));
    return 0;
}
