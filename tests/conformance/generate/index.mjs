/** Every suite of random traces by its name. */
import { heapSuites, heapTrace } from "./heap.mjs";
import { heapOverwriteTrace } from "./heap-overwrite.mjs";
import { heapPhasesTrace } from "./heap-phases.mjs";
import { vmSuites, vmTrace } from "./vm.mjs";
import { batchesTrace } from "./vm-batches.mjs";
import { commitTrace } from "./vm-commit.mjs";
import { readAheadTrace } from "./vm-read-ahead.mjs";
import { wildTrace } from "./vm-wild.mjs";
import { hugetlbPoolTrace } from "./vm-hugetlb-pool.mjs";

/** The suites that were recorded, and ours beyond them. */
export const recordedSuites = [
  "heap-small",
  "heap-mixed",
  "heap-align",
  "vm-anon",
  "vm-place",
  "vm-file",
  "vm-fork",
  "vm-advice",
  "vm-huge",
];
/** Suites that have a generator of their own. */
const special = {
  "heap-phases": heapPhasesTrace,
  "heap-overwrite": heapOverwriteTrace,
  "vm-read-ahead": readAheadTrace,
  "vm-batches": batchesTrace,
  "vm-wild": wildTrace,
};
export const suites = [...heapSuites, ...vmSuites, ...Object.keys(special)];

/** The trace of a suite for a seed: an array of lines. Throws where there is no such suite. */
export function randomTrace(suite, seed, length) {
  if (heapSuites.includes(suite)) return heapTrace(suite, seed, length);
  if (vmSuites.includes(suite)) return vmTrace(suite, seed, length);
  if (suite in special) return special[suite](suite, seed, length);
  if (suite === "vm-commit") return commitTrace(suite, seed, length);
  if (suite === "vm-hugetlb-pool") return hugetlbPoolTrace(suite, seed, length);
  throw new Error(`there is no suite "${suite}"; there are ${suites.join(", ")}`);
}

const descriptions = {
  "heap-small": "blocks up to 1,600 bytes",
  "heap-mixed": "blocks up to 600,000 bytes, mallopt",
  "heap-align": "posix_memalign among malloc, calloc and realloc",
  "heap-edges": "sizes at and around every boundary",
  "heap-large": "blocks up to 40 MiB: mappings, moving threshold, mremap",
  "heap-few-sizes": "few sizes, freed and taken again",
  "heap-fastbins": "small blocks in bursts",
  "heap-large-bins": "blocks of the large bins in bursts",
  "heap-break": "a break moved by others, or blocked",
  "heap-all": "every function, sizes beyond PTRDIFF_MAX, wrong alignments",
  "heap-limits": "RLIMIT_AS and RLIMIT_DATA",
  "heap-abuse": "overruns, double and wrong frees: glibc's checks",
  "heap-phases": "blocks that pile up, grow and go in phases; any parameter, break, limit; a child",
  "heap-overwrite": "headers and links of every kind of chunk overwritten, forged chunks",
  "vm-anon": "anonymous mappings",
  "vm-place": "where mmap puts things",
  "vm-file": "page cache, shared and private file mappings",
  "vm-fork": "copy-on-write, Pss",
  "vm-advice": "madvise and mlock",
  "vm-huge": "transparent huge pages",
  "vm-remap": "mremap with every flag, over parts of mappings",
  "vm-grow": "MAP_GROWSDOWN and its guard gap",
  "vm-private-file": "private copies of files that shrink, with fork",
  "vm-hugetlb": "huge pages from an empty pool",
  "vm-hugetlb-pool": "huge pages from a pool that holds some",
  "vm-errors": "arguments that the manual pages name an error for",
  "vm-limits": "RLIMIT_AS, DATA, MEMLOCK, STACK",
  "vm-dense": "few and small mappings, all calls, so that what is done meets itself",
  "vm-deep-fork": "children of children, all calls",
  "vm-file-fork": "shared and private files with fork, truncation, holes",
  "vm-free": "MADV_FREE among all other calls: when it counts, and what takes it back",
  "vm-batches":
    "the LRU's batches: POSIX_FADV_DONTNEED and MADV_FREE with fork, and what empties them",
  "vm-folios": "files in large folios: written, read ahead, split, reclaimed",
  "vm-huge-file": "huge pages of shared memory: collapsed, cut, split, moved, with fork",
  "vm-huge-odd": "huge pages at odd alignments: split, moved, locked, collapsed",
  "vm-read-ahead": "files read in all patterns and under each advice",
  "vm-wild": "any call with any flags and odd lengths, over several mappings, in several processes",
  "vm-commit": "promises of 16 GiB each, until there is no room for more, with fork",
  "vm-all": "everything together, heap and files too",
};

/** What a suite exercises, in a few words. */
export function describeSuite(suite) {
  return descriptions[suite] ?? "";
}
