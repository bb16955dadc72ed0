// A list whose nodes come from malloc() or from slabs, with other allocations between.
// glibc on x86-64: cc -Wall -Wextra 06-list.c && ./a.out
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { NODES = 5000, SLAB_BYTES = 4096, HEADER = 24 };

// #region node
struct node {
    struct node *next;
    long value;
    int flags;
};

//! The shortest slab: items are only ever taken, so an address is enough.
static struct node *from_slab(void)
{
    static char *next, *end;
    if (end - next < (long)sizeof(struct node)) {
        next = aligned_alloc(SLAB_BYTES, SLAB_BYTES);
        end = next + SLAB_BYTES;
        next += HEADER;
    }
    next += sizeof(struct node);
    return (struct node *)(next - sizeof(struct node));
}

static struct node *from_malloc(void)
{
    return malloc(sizeof(struct node));
}
// #endregion

// #region build
//! Between any two nodes the program allocates something else, 16 to 79 bytes long.
static struct node *build(struct node *(*allocate)(void))
{
    struct node *head = NULL;
    for (int i = 0; i < NODES; i++) {
        struct node *node = allocate();
        void *other = malloc(16 + (size_t)(i * 7 % 64));
        node->next = head;
        node->value = other != NULL;
        head = node;
    }
    return head;
}
// #endregion

// #region count
//! The list runs from high addresses to low or the other way: a new line is seen once.
static void count(const char *title, struct node *head)
{
    uintptr_t line = 0, page = 0;
    long lines = 0, pages = 0;
    for (struct node *node = head; node != NULL; node = node->next) {
        uintptr_t first = (uintptr_t)node, last = first + sizeof *node - 1;
        for (uintptr_t at = last / 64; at >= first / 64; at--) {
            lines += at != line;
            line = at;
        }
        for (uintptr_t at = last / 4096; at >= first / 4096; at--) {
            pages += at != page;
            page = at;
        }
    }
    printf("%-8s %5ld lines, %4ld pages for %d nodes of %zu bytes\n", title, lines,
           pages, NODES, sizeof(struct node));
}

int main(void)
{
    struct node *a = build(from_malloc);
    struct node *b = build(from_slab);
    count("malloc", a);
    count("slabs", b);
    return 0;
}
// #endregion
