/**
 * What glibc 2.36 (Debian 12, 2.36-9+deb12u14) wrote before it aborted, recorded on Linux 6.18: a way to
 * break the heap, the commands that do so, and the words.
 */
export const recordedAborts: readonly (readonly [how: string, commands: string, words: string])[] =
  [
    [
      "a chunk in the tcache is freed again",
      "malloc a 24; free a; free a",
      "free(): double free detected in tcache 2",
    ],
    [
      "a chunk on top of its fastbin is freed again",
      "seven f 24; malloc a 24; freeSeven f; free a; free a",
      "double free or corruption (fasttop)",
    ],
    [
      "a chunk that became part of top is freed again",
      "malloc a 2000; free a; free a",
      "double free or corruption (top)",
    ],
    [
      "a chunk in the unsorted list is freed again",
      "malloc a 2000; malloc b 24; free a; free a",
      "double free or corruption (!prev)",
    ],
    [
      "a size field reaches beyond top",
      "malloc a 2000; store a-6 0x10; free a",
      "double free or corruption (out)",
    ],
    ["a pointer is not on a 16-byte boundary", "malloc a 100; free a+8", "free(): invalid pointer"],
    [
      "an interior pointer finds zeroes for a size",
      "calloc a 1 100; free a+32",
      "free(): invalid pointer",
    ],
    [
      "a size field is below the smallest chunk",
      "malloc a 24; store a-8 0x11; free a",
      "free(): invalid size",
    ],
    [
      "a size field is no multiple of 16",
      "malloc a 24; store a-8 0x29; free a",
      "free(): invalid size",
    ],
    [
      "the chunk behind a fast one has no size",
      "seven f 24; malloc a 24; malloc b 24; freeSeven f; store b-8 0; free a",
      "free(): invalid next size (fast)",
    ],
    [
      "the chunk behind has no size",
      "malloc a 2000; malloc b 24; store b-8 1; free a",
      "free(): invalid next size (normal)",
    ],
    [
      "the size of a free chunk was overwritten before it is merged",
      "malloc a 2000; malloc b 2000; malloc c 24; free a; store a-7 9; free b",
      "corrupted size vs. prev_size while consolidating",
    ],
    [
      "the foot of a free chunk was overwritten before it is merged",
      "malloc a 2000; malloc b 2000; malloc c 2000; malloc d 24; free b; store b+2000 1; free a",
      "corrupted size vs. prev_size",
    ],
    [
      "a free chunk's size was overwritten before the chunk before it is freed",
      "malloc a 2000; malloc b 2000; malloc c 24; free b; store b-7 6; free a",
      "corrupted size vs. prev_size",
    ],
    [
      "a link of a free chunk was overwritten",
      "malloc a 2000; malloc b 2000; malloc c 24; free b; store b+0 0x10; free a",
      "corrupted double-linked list",
    ],
    [
      "a link of the list of sizes was overwritten",
      "malloc a 2000; malloc x 24; malloc b 2200; malloc y 24; malloc c 2000; free a; free b; malloc z 9000; store a+16 0x10; free x; malloc q 2000",
      "corrupted double-linked list (not small)",
    ],
    [
      "a tcache link was overwritten",
      "malloc a 24; malloc b 24; free a; free b; store b+0 7; malloc c 24; malloc d 24",
      "malloc(): unaligned tcache chunk detected",
    ],
    [
      "the size of top was overwritten with a large one",
      "malloc a 24; store a+27 1; malloc b 200000; malloc c 100000",
      "malloc(): corrupted top size",
    ],
    [
      "the size of top was overwritten with a large one, and small requests follow",
      "malloc a 24; store a+28 1; malloc b 4000",
      "malloc(): corrupted top size",
    ],
    [
      "the size of top was overwritten with a small one",
      "malloc a 24; store a+25 1; store a+26 0; malloc b 4000",
      "Fatal glibc error: malloc assertion failure in sysmalloc: (old_top == initial_top (av) && old_size == 0) || ((unsigned long) (old_size) >= MINSIZE && prev_inuse (old_top) && ((unsigned long) old_end & (pagesize - 1)) == 0)",
    ],
    [
      "the size of an unsorted chunk was overwritten",
      "malloc a 2000; malloc b 24; free a; store a-8 0; store a-7 0; malloc c 3000",
      "malloc(): invalid size (unsorted)",
    ],
    [
      "the chunk behind an unsorted one has an impossible size",
      "malloc a 2000; malloc b 24; free a; store b-8 0; malloc c 3000",
      "malloc(): invalid next size (unsorted)",
    ],
    [
      "the foot of an unsorted chunk was overwritten",
      "malloc a 2008; malloc b 24; free a; store a+2000 1; malloc c 3000",
      "malloc(): mismatching next->prev_size (unsorted)",
    ],
    [
      "the links of an unsorted chunk were overwritten",
      "malloc a 2000; malloc b 24; free a; store a+0 0; malloc c 3000",
      "malloc(): unsorted double linked list corrupted",
    ],
    [
      "the chunk behind an unsorted one says that it is in use",
      "malloc a 2008; malloc b 24; free a; store b-8 0x21; malloc c 3000",
      "malloc(): invalid next->prev_inuse (unsorted)",
    ],
    [
      "the back link of a small bin's chunk was overwritten",
      "seven f 200; malloc a 200; malloc x 24; malloc b 200; malloc y 24; freeSeven f; free a; free b; malloc z 9000; seven g 200; store b+0 0x10; malloc c 200",
      "malloc(): smallbin double linked list corrupted",
    ],
    [
      "the size list of a large bin was overwritten",
      "malloc a 2000; malloc x 24; malloc b 2020; malloc y 24; free a; malloc z 9000; store a+24 0x10; free b; malloc w 9000",
      "malloc(): largebin double linked list corrupted (nextsize)",
    ],
    [
      "the size of a fastbin's chunk was overwritten",
      "seven f 24; malloc a 24; malloc b 24; freeSeven f; free a; seven g 24; store a-8 0x31; malloc c 24",
      "malloc(): memory corruption (fast)",
    ],
    [
      "a fastbin's link was overwritten",
      "seven f 24; malloc a 24; malloc b 24; malloc x 24; freeSeven f; free a; free b; seven g 24; store b+0 7; malloc c 24; malloc d 24",
      "malloc(): unaligned fastbin chunk detected 3",
    ],
    [
      "a fastbin's link was overwritten before a consolidation",
      "seven f 24; malloc a 24; malloc b 24; malloc x 24; freeSeven f; free a; free b; store b+0 7; malloc c 5000",
      "malloc_consolidate(): unaligned fastbin chunk detected",
    ],
    [
      "a fastbin chunk's size was overwritten before a consolidation",
      "seven f 24; malloc a 24; malloc x 24; freeSeven f; free a; store a-8 0x31; malloc c 5000",
      "malloc_consolidate(): invalid chunk size",
    ],
    [
      "realloc of a chunk without a size",
      "malloc a 100; store a-8 0x10; realloc b a 200",
      "realloc(): invalid old size",
    ],
    [
      "realloc where the chunk behind has no size",
      "malloc a 100; malloc b 100; store b-8 0; realloc c a 200",
      "realloc(): invalid next size",
    ],
    [
      "free of a mapped chunk whose size was overwritten",
      "malloc a 200000; store a-8 0x12; free a",
      "munmap_chunk(): invalid pointer",
    ],
    [
      "free of an interior pointer into a mapped chunk",
      "calloc a 1 200000; store a+8 2; free a+16",
      "munmap_chunk(): invalid pointer",
    ],
    [
      "realloc of a mapped chunk whose size was overwritten",
      "malloc a 200000; store a-8 0x12; realloc b a 300000",
      "mremap_chunk(): invalid pointer",
    ],
    [
      "the last list head of the unsorted bin no longer points back",
      "malloc a 2000; malloc b 24; malloc c 2000; malloc d 24; free a; store a+8 0x10; free c",
      "free(): corrupted unsorted chunks",
    ],
    [
      "realloc after free",
      "malloc a 2000; malloc b 24; free a; realloc c a 3000",
      "double free or corruption (!prev)",
    ],
    [
      "realloc after free of a small chunk",
      "malloc a 24; malloc b 24; free a; realloc c a 300",
      "free(): double free detected in tcache 2",
    ],
  ];
