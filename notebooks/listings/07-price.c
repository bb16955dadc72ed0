// A tree of small nodes, once from malloc(), once from an obstack: lines, pages, TLB.
// glibc on x86-64: cc -Wall -Wextra 07-price.c && ./a.out
#include <obstack.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

enum { NODES = 10000, MOST_PAGES = 4096, TLB = 64 };

// #region node
struct node {
    struct node *left, *right;
    int key;
};

//! Keys in a scattered but fixed order: a permutation of 0 to 9999.
static int key_of(int i)
{
    return (int)((i * 7919L) % NODES);
}

static void insert(struct node **at, struct node *node)
{
    while (*at != NULL)
        at = node->key < (*at)->key ? &(*at)->left : &(*at)->right;
    *at = node;
}
// #endregion

// #region walk
static uintptr_t lines_seen[MOST_PAGES * 64], pages_seen[MOST_PAGES];
static long lines, pages, nodes;

//! A number is looked for among the newest first: a walk comes back to the same ones.
static void note(uintptr_t number, uintptr_t *seen, long *count)
{
    for (long i = *count - 1; i >= 0; i--)
        if (seen[i] == number)
            return;
    seen[(*count)++] = number;
}

//! A TLB of 64 entries that forgets the page which was not used for longest.
static uintptr_t entries[TLB];
static long tlb_misses;

static void translate(uintptr_t page)
{
    int at = 0;
    while (at < TLB - 1 && entries[at] != page)
        at++;
    tlb_misses += entries[at] != page;
    for (; at > 0; at--)
        entries[at] = entries[at - 1];
    entries[0] = page;
}

static void walk(struct node *node)
{
    if (node == NULL)
        return;
    walk(node->left);
    uintptr_t first = (uintptr_t)node, last = first + sizeof *node - 1;
    note(first / 64, lines_seen, &lines);
    note(last / 64, lines_seen, &lines);
    note(first / 4096, pages_seen, &pages);
    note(last / 4096, pages_seen, &pages);
    translate(first / 4096);
    if (last / 4096 != first / 4096)
        translate(last / 4096);
    nodes++;
    walk(node->right);
}
// #endregion

// #region build
//! Each node comes with a text of 40 to 100 bytes, as in a table of symbols.
static struct node *build(struct obstack *from)
{
    struct node *root = NULL;
    for (int i = 0; i < NODES; i++) {
        struct node *node = from == NULL ? malloc(sizeof *node)
                                         : obstack_alloc(from, sizeof *node);
        char *text = malloc(40 + (size_t)(i * 31 % 61));
        *node = (struct node){ .key = key_of(i) };
        text[0] = 0;
        insert(&root, node);
    }
    return root;
}
// #endregion

// #region report
int main(void)
{
    static struct obstack nodes_only;
    struct node *from_malloc = build(NULL);
    walk(from_malloc);
    long malloc_lines = lines, malloc_pages = pages, malloc_misses = tlb_misses;
    lines = pages = nodes = tlb_misses = 0;
    memset(entries, 0, sizeof entries);
    obstack_init(&nodes_only);
    walk(build(&nodes_only));
    printf("nodes                  %6ld of %zu bytes\n", nodes, sizeof(struct node));
    printf("malloc:  cache lines   %6ld\n", malloc_lines);
    printf("malloc:  pages         %6ld\n", malloc_pages);
    printf("malloc:  TLB misses    %6ld\n", malloc_misses);
    printf("obstack: cache lines   %6ld\n", lines);
    printf("obstack: pages         %6ld\n", pages);
    printf("obstack: TLB misses    %6ld\n", tlb_misses);
    printf("obstack: bytes a node  %6.1f\n",
           (double)obstack_memory_used(&nodes_only) / NODES);
    return 0;
}
// #endregion
