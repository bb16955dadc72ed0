// A pool: chunks cut from front to back, and everything freed at once.
// Any Linux: cc -Wall -Wextra 07-pool.c && ./a.out
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// #region pool
struct chunk {
    struct chunk *previous;
    char *end;
};

struct pool {
    struct chunk *chunk;
    char *next;
    size_t chunk_size;
};

//! The whole allocator: round up, compare, add. No list is searched.
static void *pool_alloc(struct pool *pool, size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (pool->chunk == NULL || (size_t)(pool->chunk->end - pool->next) < size) {
        size_t bytes = sizeof(struct chunk) + size;
        if (bytes < pool->chunk_size)
            bytes = pool->chunk_size;
        struct chunk *chunk = malloc(bytes);
        if (chunk == NULL)
            return NULL;
        //! What was left of the old chunk is lost until the pool is freed.
        chunk->previous = pool->chunk;
        chunk->end = (char *)chunk + bytes;
        pool->chunk = chunk;
        pool->next = (char *)(chunk + 1);
    }
    void *object = pool->next;
    pool->next += size;
    return object;
}

//! One free() a chunk, however many objects there are.
static int pool_free_all(struct pool *pool)
{
    int chunks = 0;
    while (pool->chunk != NULL) {
        struct chunk *previous = pool->chunk->previous;
        free(pool->chunk);
        pool->chunk = previous;
        chunks++;
    }
    return chunks;
}
// #endregion

// #region requests
static long offset_of(struct pool *pool, void *object)
{
    return (char *)object - (char *)pool->chunk;
}

int main(void)
{
    struct pool request = { .chunk_size = 4096 };
    printf("offsets in the chunk:");
    for (size_t size = 1; size <= 1000; size *= 3)
        printf(" %ld", offset_of(&request, pool_alloc(&request, size)));
    printf("\n");
    printf("a large one: offset %ld\n",
           offset_of(&request, pool_alloc(&request, 10000)));
    for (int i = 0; i < 1000; i++)
        pool_alloc(&request, 40);
    printf("chunks freed: %d\n", pool_free_all(&request));
    return 0;
}
// #endregion
