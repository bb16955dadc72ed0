// An obstack that is tuned: numbers and pointers grown, alignment, chunk size.
// glibc: cc -Wall -Wextra 07-grow.c && ./a.out
#include <obstack.h>
#include <stdio.h>
#include <stdlib.h>

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

static struct obstack o;

static long offset(void *p)
{
    return (char *)p - (char *)o.chunk;
}

static void state(const char *what)
{
    printf("%-22s base %4ld, next free %4ld, size %4d, room %4d\n", what,
           offset(obstack_base(&o)), offset(obstack_next_free(&o)),
           (int)obstack_object_size(&o), (int)obstack_room(&o));
}

int main(void)
{
    // #region numbers
    //! Chunks of 512 bytes instead of 4064.
    obstack_begin(&o, 512);
    state("chunks of 512");
    //! A table whose length nobody knows yet: primes, then a pointer to a name.
    for (int n = 2; n < 50; n++) {
        int divisors = 0;
        for (int d = 2; d * d <= n; d++)
            divisors += n % d == 0;
        if (divisors == 0)
            obstack_int_grow(&o, n);
    }
    state("primes below 50");
    int count = (int)(obstack_object_size(&o) / sizeof(int));
    int *primes = obstack_finish(&o);
    printf("%d primes at %ld, the last is %d\n", count, offset(primes),
           primes[count - 1]);
    // #endregion
    // #region pointers
    static char one[] = "one", two[] = "two";
    obstack_ptr_grow(&o, one);
    obstack_ptr_grow(&o, two);
    obstack_ptr_grow(&o, NULL);
    state("two pointers and NULL");
    char **names = obstack_finish(&o);
    printf("names at %ld: %s %s\n", offset(names), names[0], names[1]);
    // #endregion
    // #region alignment
    printf("alignment mask %d\n", (int)obstack_alignment_mask(&o));
    obstack_alignment_mask(&o) = 0;
    //! Without alignment, strings lie one behind the other, like in a file.
    char *a = obstack_copy0(&o, "a", 1), *b = obstack_copy0(&o, "bc", 2);
    char *c = obstack_copy0(&o, "d", 1);
    printf("packed strings at %ld %ld %ld\n", offset(a), offset(b), offset(c));
    obstack_alignment_mask(&o) = 63;
    //! The mask acts where an object ends: the next one begins at a multiple of 64.
    obstack_alloc(&o, 1);
    printf("a multiple of 64: %s\n",
           (unsigned long)obstack_base(&o) % 64 == 0 ? "yes" : "no");
    // #endregion
    // #region chunk
    obstack_alignment_mask(&o) = 15;
    obstack_chunk_size(&o) = 1024;
    //! One check for many steps: then the fast ones need none.
    obstack_make_room(&o, 600);
    state("room for 600");
    for (int i = 0; i < 600; i++)
        obstack_1grow_fast(&o, 'x');
    state("600 fast steps");
    obstack_blank(&o, -500);
    state("500 taken back");
    obstack_finish(&o);
    printf("memory used: %d\n", (int)obstack_memory_used(&o));
    obstack_free(&o, NULL);
    // #endregion
    return 0;
}
