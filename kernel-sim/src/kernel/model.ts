/**
 * The kernel's main objects and how they point at each other, as types. They know one another in
 * circles, as Linux's structs do; the classes that make them live in files of their own and know only
 * this one.
 */
import type { SignalInfo } from "../abi/signal.js";
import type { ResourceLimit } from "../abi/syscalls.js";
import type { Address, Pfn } from "../core/units.js";
import type { Access, Mmu } from "../hardware/mmu.js";
import type { PageTable } from "../hardware/page-table.js";
import type { PhysicalMemory } from "../hardware/physical-memory.js";
import type { LargeFolios } from "./large-folio.js";
import type { DiskReads } from "./disk-reads.js";
import type { LruBatches } from "./lru.js";

/** What a file lives on: a disk (ext4), memory (tmpfs, memfd, shared anonymous memory), or huge pages. */
export type InodeKind = "disk" | "shmem" | "hugetlb";

/** Who runs a process: root, or a user without rights. */
export type User = "root" | "unprivileged";

/** A file, by whatever name, with its page cache (struct inode, struct address_space). */
export interface Inode {
  readonly kind: InodeKind;
  readonly number: number;
  /** Major and minor number, as maps prints them. */
  readonly device: string;
  sizeBytes: number;
  /** The page cache: frames by page index (mapping->i_pages). */
  readonly pages: Map<number, Pfn>;
  /** Vmas that map the file (mapping->i_mmap). */
  readonly vmas: Set<Vma>;
  /** What is on the disk, by page index; a page that is not here is a hole and reads as zeros. */
  readonly disk: Map<number, Uint8Array>;
  /** Whose it is; others may read it and not write (mode 0644). */
  owner: User;
  /** F_SEAL_* of a memfd. */
  seals: number;
  /** Pages charged to the commit limit when shared memory was made (shmem_acct_size). */
  accountedPages: number;
  /** Descriptors that hold the inode. */
  references: number;
  /** Names in the file system; 0 for a deleted file and for memory. */
  links: number;
  /** Huge pages promised to shared mappings, used ones included, by index (hugetlb: the inode's resv_map). */
  readonly reserved: Set<number>;
  /** Programs that run from it: it cannot be opened for writing (ETXTBSY). */
  executing: number;
}

/** How far read-ahead has come in an open file (struct file_ra_state), in pages. */
export interface ReadAhead {
  start: number;
  size: number;
  asyncSize: number;
  order: number;
  /** Faults that missed the cache, less those that hit it (mmap_miss). */
  misses: number;
  /** Where the last read() ended (prev_pos), in bytes; -1 before the first. */
  previousPosition: number;
}

/** A file that was opened (struct file). */
export interface OpenFile {
  readonly inode: Inode;
  readonly flags: number;
  /** The path as maps prints it. */
  path: string;
  position: number;
  readonly readAhead: ReadAhead;
  /** What posix_fadvise said of the whole file. */
  advice: "normal" | "random" | "sequential";
  /** Descriptors and vmas that hold it. */
  references: number;
  readonly readable: boolean;
  readonly writable: boolean;
}

/**
 * What ties anonymous pages to the vmas that may map them (struct anon_vma). Here only its identity
 * counts: vmas merge where theirs are the same or one has none (mm/vma.c: is_mergeable_anon_vma).
 */
export interface AnonVma {
  readonly parent: AnonVma | null;
  /** Anon_vmas made from this one by fork, itself included where it is a root (num_children). */
  children: number;
  /** Vmas whose own anon_vma this is (num_active_vmas). */
  activeVmas: number;
}

/** A range of pages with one set of rights and one backing (struct vm_area_struct). */
export interface Vma {
  readonly mm: Mm;
  start: Address;
  end: Address;
  flags: number;
  /** The page of the file where the vma begins; for anonymous memory, its page number when it was made. */
  pgoff: number;
  /** The open file behind it, shared anonymous memory included; null for private anonymous memory. */
  file: OpenFile | null;
  anonVma: AnonVma | null;
  /** Every anon_vma whose pages may be here: its own, and after a fork those of its parents. */
  anonChain: AnonVma[];
  /** The name that maps shows for a vma without a file, `[vdso]` or so. */
  name: string;
  /** Of a private mapping of huge pages, promised ones: the indices that were used (its resv_map); null elsewhere. */
  hugeUsed: Set<number> | null;
  /** A huge page was taken away for the process that made the mapping: it cannot be touched any more (HPAGE_RESV_UNMAPPED). */
  hugeLost: boolean;
  /** Neighbours by address. */
  prev: Vma | null;
  next: Vma | null;
  // The tree's own fields (vma-tree.ts).
  left: Vma | null;
  right: Vma | null;
  parent: Vma | null;
  priority: number;
  /** The largest gap below any vma of this subtree. */
  maxGap: number;

  readonly pages: number;
  /** Without a file: vma_is_anonymous(). Shared anonymous memory has one, of shmem. */
  readonly isAnonymous: boolean;
  readonly isHugetlb: boolean;
  readonly isAccessible: boolean;
  /** Where a neighbour below must end: under a stack a gap is kept (vm_start_gap). */
  readonly startGap: Address;
  /** The page of the file at an address (linear_page_index). */
  pageIndex(address: Address): number;
  /** The same vma in another address space, in no tree yet (vm_area_dup). */
  duplicate(mm: Mm): Vma;
}

/** How a fault ended: served (with or without waiting for a disk), or not. */
export type FaultResult = "minor" | "major" | "sigbus" | "oom";

/** A free range; `end` is not in it. */
export interface Gap {
  readonly start: Address;
  readonly end: Address;
  /** The vma just above it, null where there is none. */
  readonly above: Vma | null;
}

/** The vmas of an address space, by address (mm->mm_mt). */
export interface VmaMap extends Iterable<Vma> {
  readonly first: Vma | null;
  readonly last: Vma | null;
  /** map_count. */
  readonly size: number;
  /** The vma that holds the address, or the first above it (find_vma). */
  find(address: Address): Vma | null;
  /** The vma that holds the address; null where none does (vma_lookup). */
  at(address: Address): Vma | null;
  /** The last vma that ends at or below the address. */
  before(address: Address): Vma | null;
  /** The first vma that overlaps [start, end) (find_vma_intersection). */
  intersecting(start: Address, end: Address): Vma | null;
  insert(vma: Vma): void;
  remove(vma: Vma): void;
  /** Moves the ends of a vma without passing a neighbour. */
  resize(vma: Vma, start: Address, end: Address): void;
  /** The highest free range of at least `size` bytes inside [low, high), cut to it. */
  highestGap(low: Address, high: Address, size: number): Gap | null;
  /** The lowest free range of at least `size` bytes inside [low, high), cut to it. */
  lowestGap(low: Address, high: Address, size: number): Gap | null;
  /** Throws unless order, links and gaps are right. */
  check(): void;
}

/** The memory of a process (struct mm_struct): its vmas, its page table, its counters. */
export interface Mm {
  readonly kernel: KernelState;
  /** The process whose memory it is. */
  readonly task: Task;
  readonly vmas: VmaMap;
  readonly pageTable: PageTable;
  readonly mmu: Mmu;
  readonly stackGuardGapBytes: number;

  /** Top-down search begins below here; the legacy layout searches upwards from `legacyBase`. */
  mmapBase: Address;
  legacyBase: Address;
  layout: "top-down" | "legacy";
  startBrk: Address;
  brk: Address;
  startData: Address;
  endData: Address;
  startCode: Address;
  endCode: Address;
  startStack: Address;

  /** Pages, as /proc/PID/status adds them up (total_vm, locked_vm, data_vm, stack_vm, exec_vm). */
  totalPages: number;
  lockedPages: number;
  dataPages: number;
  stackPages: number;
  execPages: number;
  /** Resident pages by kind (MM_ANONPAGES, MM_FILEPAGES, MM_SHMEMPAGES). */
  anonPages: number;
  filePages: number;
  shmemPages: number;
  swapPages: number;
  hugetlbPages: number;
  /** High-water marks (VmPeak, VmHWM), in pages. */
  peakTotalPages: number;
  peakResidentPages: number;
  /** Flags that every new vma gets (mlockall(MCL_FUTURE)). */
  defaultFlags: number;

  readonly residentPages: number;
  /** Called before resident pages are taken away (update_hiwater_rss). */
  noteResident(): void;
}

export interface Limit {
  soft: number;
  hard: number;
}

/** How a process ended: by exit(2), or by a signal. */
export type ExitStatus =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "signaled"; readonly info: SignalInfo };

/** A process as the kernel keeps it (struct task_struct, signal_struct, files_struct). */
export interface Task {
  readonly kernel: KernelState;
  readonly pid: number;
  readonly parent: Task | null;
  readonly children: Task[];
  name: string;
  mm: Mm;
  /** Faults served without, and with, waiting for a disk (ru_minflt, ru_majflt). */
  minorFaults: number;
  majorFaults: number;
  /** Those of children that were waited for (RUSAGE_CHILDREN). */
  childMinorFaults: number;
  childMajorFaults: number;
  readonly limits: Record<ResourceLimit, Limit>;
  readonly files: Map<number, OpenFile>;
  /** Of descriptors 0 to 2 those that are open still, and no files (streams.ts). */
  readonly streams: Set<number>;
  /** The program's own say in a signal; see signals.ts. */
  deliver: ((info: SignalInfo) => "resume" | "terminate") | null;
  exitStatus: ExitStatus | null;
  /** The signal that ended it, from when it was delivered until its parent waits. */
  diedOf: SignalInfo | null;
  /** Waited for by its parent: gone from the process table. */
  reaped: boolean;
  /** Capabilities that memory asks for: CAP_IPC_LOCK, CAP_SYS_RESOURCE, CAP_SYS_ADMIN, CAP_SYS_RAWIO. */
  privileged: boolean;
  readonly user: User;
}

/** Settings of the machine, as sysctl(8) and /sys name them. */
export interface KernelSettings {
  readonly ramBytes: number;
  readonly swapBytes: number;
  /** /sys/kernel/mm/transparent_hugepage/enabled. */
  thp: "always" | "madvise" | "never";
  /** /sys/kernel/mm/transparent_hugepage/use_zero_page. */
  readonly thpZeroPage: boolean;
  /** vm.overcommit_memory. */
  overcommitMemory: 0 | 1 | 2;
  /** vm.overcommit_ratio. */
  overcommitRatio: number;
  /** In place of the ratio, unless 0. */
  readonly overcommitPages: number;
  /** vm.max_map_count. */
  maxMapCount: number;
  /** vm.nr_hugepages: the pool of 2 MiB pages. */
  readonly hugePages: number;
  /** Pages of the pool that count as promised, though nobody has a mapping for them. */
  readonly lostHugePages: number;
  /** Read-ahead of a disk, in pages (/sys/block/DEV/queue/read_ahead_kb / 4). */
  readonly readAheadPages: number;
}

/** What all processes of a machine share: its frames, its settings, the files it knows. */
export interface KernelState {
  readonly settings: KernelSettings;
  readonly memory: PhysicalMemory;
  readonly folios: LargeFolios;
  readonly lru: LruBatches;
  /** The frame of zeros that every untouched page reads (empty_zero_page). */
  readonly zeroPfn: Pfn;
  /** The huge one, made when first needed (huge_zero_folio). */
  hugeZeroPfn: Pfn;
  readonly mms: Set<Mm>;
  readonly tasks: Map<number, Task>;
  /** Files with a name. */
  readonly paths: Map<string, Inode>;
  readonly inodes: Set<Inode>;
  /** Pages promised to processes (vm_committed_as). */
  committedPages: number;
  /** Pages of page caches, and of those the pages of shmem, the dirty and the mapped ones. */
  cachePages: number;
  shmemPages: number;
  /** Folios that the disk is still reading: no fault maps them before one has waited for them. */
  readonly reading: DiskReads;
  /** The hugetlb pool: free pages, and those promised to mappings (resv_huge_pages). */
  freeHugePages: Pfn[];
  reservedHugePages: number;
  /** Set by the part that serves faults. */
  onFault: (mm: Mm, address: Address, access: Access) => void;

  /** Forgets every translation of every process: what a frame's move in the host's memory needs. */
  flushAllTlbs(): void;
  newInode(kind: InodeKind, owner?: User): Inode;
  /** A file of shared memory without a name (mm/shmem.c: shmem_zero_setup). */
  newSharedMemory(sizeBytes: number, owner: User): OpenFile;
  /** The file of a program or library, known by its path. */
  programFile(path: string): Inode;
  /** The last user of an open file went: without a name its inode goes too, with its pages. */
  releaseFile(file: OpenFile): void;
  destroyInode(inode: Inode): void;
  nextPid(): number;
}
