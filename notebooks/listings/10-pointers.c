// A list with pointers in shared memory: at one address in both processes, and at two.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 64 * 1024, NODES = 100 };

static char *const home = (char *)0x100000000000;
static char *const other = (char *)0x200000000000;

// #region nodes
struct node {
    struct node *next;    //! an address: right only where the memory lies at home
    uint32_t next_offset; //! bytes from the beginning: right wherever it lies
    uint32_t value;
};

static void build(struct node *node)
{
    for (uint32_t i = 0; i < NODES; i++) {
        int last = i == NODES - 1;
        node[i].next = last ? NULL : &node[i + 1];
        node[i].next_offset = last ? 0 : (i + 1) * sizeof *node;
        node[i].value = i;
    }
}

//! Follows the pointers as long as they lead into the map. Returns the nodes it met.
static int by_pointer(char *map)
{
    int count = 0;
    struct node *node = (struct node *)map;
    while (node) {
        if ((char *)node < map || (char *)node >= map + SIZE)
            return count;
        count++;
        node = node->next;
    }
    return count;
}

static int by_offset(char *map)
{
    int count = 1;
    struct node *node = (struct node *)map;
    while (node->next_offset) {
        count++;
        node = (struct node *)(map + node->next_offset);
    }
    return count;
}
// #endregion

static char *map_shared(char *address, int fd)
{
    char *map = mmap(address, SIZE, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
    if (map == MAP_FAILED) {
        perror("mmap");
        exit(EXIT_FAILURE);
    }
    return map;
}

int main(void)
{
    // #region two-processes
    int fd = memfd_create("list", 0);
    if (ftruncate(fd, SIZE) != 0)
        return EXIT_FAILURE;
    if (fork() == 0) {
        //! The child builds the list at home, and ends.
        build((struct node *)map_shared(home, fd));
        _exit(EXIT_SUCCESS);
    }
    wait(NULL);
    char *there = map_shared(other, fd);
    printf("mapped at another address: %d nodes by pointer, %d by offset\n",
           by_pointer(there), by_offset(there));
    char *here = map_shared(home, fd);
    printf("mapped at the same address: %d nodes by pointer, %d by offset\n",
           by_pointer(here), by_offset(here));
    // #endregion
    return EXIT_SUCCESS;
}
