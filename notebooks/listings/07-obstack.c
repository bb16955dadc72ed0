// glibc's obstacks: objects in a stack, the last one of which can grow.
// glibc: cc -Wall -Wextra 07-obstack.c && ./a.out
#include <obstack.h>
#include <stdio.h>
#include <stdlib.h>

//! obstack.h leaves it to you where chunks come from.
#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

static struct obstack names;

//! Offsets in the newest chunk: the same in every run.
static long offset(void *p)
{
    return (char *)p - (char *)names.chunk;
}

static void state(const char *what)
{
    printf("%-24s object at %4ld, next free %4ld, room %4d\n", what,
           offset(obstack_base(&names)), offset(obstack_next_free(&names)),
           (int)obstack_room(&names));
}

int main(void)
{
    // #region begin
    obstack_init(&names);
    state("empty");
    char *bob = obstack_copy0(&names, "bob", 3);
    char *fred = obstack_copy0(&names, "fred", 4);
    char *roger = obstack_copy0(&names, "roger", 5);
    printf("bob %ld, fred %ld, roger %ld\n", offset(bob), offset(fred), offset(roger));
    state("three names");
    // #endregion
    // #region free
    //! Frees fred, and roger, who came later.
    obstack_free(&names, fred);
    state("freed from fred on");
    char *alice = obstack_copy0(&names, "alice", 5);
    printf("alice takes fred's place: %s\n", alice == fred ? "yes" : "no");
    // #endregion
    // #region grow
    //! An object of unknown length: it has no address yet.
    obstack_grow(&names, "long ", 5);
    state("growing");
    obstack_grow(&names, "john ", 5);
    obstack_1grow(&names, 's');
    obstack_grow0(&names, "ilver", 5);
    printf("so far %d bytes\n", (int)obstack_object_size(&names));
    char *john = obstack_finish(&names);
    printf("\"%s\" at %ld\n", john, offset(john));
    state("finished");
    // #endregion
    // #region past-the-chunk
    //! Grows past the end of its chunk: a larger chunk is taken, and the object is copied.
    obstack_grow(&names, "x", 1);
    struct _obstack_chunk *before = names.chunk;
    for (int i = 0; i < 3; i++) {
        obstack_blank(&names, 2000);
        state(names.chunk == before ? "2000 more, same chunk" : "2000 more, new chunk");
        before = names.chunk;
    }
    obstack_finish(&names);
    printf("memory used: %d\n", (int)obstack_memory_used(&names));
    //! Back to the first object: every chunk that came later goes.
    obstack_free(&names, bob);
    printf("memory used: %d\n", (int)obstack_memory_used(&names));
    obstack_free(&names, NULL);
    // #endregion
    return 0;
}
