/** What all processes of a machine share: its frames, its settings, the files it knows. */
import { O_RDWR } from "../abi/fcntl.js";
import type { Address, Pfn } from "../core/units.js";
import type { Access } from "../hardware/mmu.js";
import { PhysicalMemory } from "../hardware/physical-memory.js";
import { DiskReads } from "./disk-reads.js";
import { Inode, OpenFile } from "./file.js";
import { LargeFolios } from "./large-folio.js";
import { LruBatches } from "./lru.js";
import { dropHugePages, dropReservations } from "./mm/hugetlb-pool.js";
import type {
  Inode as InodeType,
  InodeKind,
  KernelSettings,
  KernelState as KernelStateType,
  Mm,
  OpenFile as OpenFileType,
  Task,
  User,
} from "./model.js";
import { removeCacheFolio } from "./page-cache.js";
import { PG_HUGETLB, PG_ZERO } from "./page-flags.js";

export class KernelState implements KernelStateType {
  readonly settings: KernelSettings;
  readonly memory: PhysicalMemory;
  readonly folios: LargeFolios;
  readonly lru: LruBatches;
  /** The frame of zeros that every untouched page reads (empty_zero_page). */
  readonly zeroPfn: Pfn;
  /** The huge one, made when first needed (huge_zero_folio). */
  hugeZeroPfn: Pfn = 0;
  readonly mms = new Set<Mm>();
  readonly tasks = new Map<number, Task>();
  /** Files with a name. */
  readonly paths = new Map<string, InodeType>();
  readonly inodes = new Set<InodeType>();
  /** Pages promised to processes (vm_committed_as). */
  committedPages = 0;
  /** Pages of page caches, and of those the pages of shmem, the dirty and the mapped ones. */
  cachePages = 0;
  shmemPages = 0;
  /** Folios that the disk is still reading: no fault maps them before one has waited for them. */
  readonly reading = new DiskReads();
  /** The hugetlb pool: free pages, and those promised to mappings (resv_huge_pages). */
  freeHugePages: Pfn[] = [];
  reservedHugePages = 0;
  /** Set by the part that serves faults. */
  onFault: (mm: Mm, address: Address, access: Access) => void = () => {};
  #nextInode = 1;
  #nextPid = 1000;

  constructor(settings: KernelSettings) {
    this.settings = settings;
    this.memory = new PhysicalMemory(settings.ramBytes);
    this.folios = new LargeFolios(this.memory);
    this.lru = new LruBatches(this.memory);
    this.zeroPfn = this.memory.allocate();
    this.memory.flags[this.zeroPfn] = PG_ZERO;
    for (let i = 0; i < settings.hugePages; i++) {
      const head = this.memory.allocateRun(512);
      if (head < 0) break;
      this.memory.flags[head] = PG_HUGETLB;
      this.freeHugePages.push(head);
    }
    this.reservedHugePages = Math.min(settings.lostHugePages, this.freeHugePages.length);
  }

  /** Forgets every translation of every process: what a frame's move in the host's memory needs. */
  flushAllTlbs(): void {
    for (const mm of this.mms) mm.mmu.flushAll();
  }

  newInode(kind: InodeKind, owner: User = "root"): Inode {
    const inode = new Inode({
      kind,
      number: this.#nextInode++,
      device: kind === "disk" ? "fe:00" : kind === "shmem" ? "00:01" : "00:11",
    });
    inode.owner = owner;
    this.inodes.add(inode);
    return inode;
  }

  /** A file of shared memory without a name (mm/shmem.c: shmem_zero_setup). */
  newSharedMemory(sizeBytes: number, owner: User): OpenFile {
    const inode = this.newInode("shmem", owner);
    inode.sizeBytes = sizeBytes;
    return new OpenFile(inode, O_RDWR, "/dev/zero (deleted)");
  }

  /** The file of a program or library, known by its path. */
  programFile(path: string): InodeType {
    let inode = this.paths.get(path);
    if (inode === undefined) {
      inode = this.newInode("disk");
      inode.links = 1;
      this.paths.set(path, inode);
    }
    return inode;
  }

  /** The last user of an open file went: without a name its inode goes too, with its pages. */
  releaseFile(file: OpenFileType): void {
    const { inode } = file;
    if (inode.links > 0 || inode.vmas.size > 0 || --inode.references > 0) return;
    this.destroyInode(inode);
  }

  /** Its pages go in batches, the giving back of which empties the LRU's (mm/swap.c: __folio_batch_release). */
  destroyInode(inode: InodeType): void {
    if (inode.kind === "hugetlb") {
      dropHugePages(this, inode, 0, Infinity);
      dropReservations(this, inode, 0);
    } else {
      if (inode.pages.size > 0) this.lru.drain();
      for (const index of [...inode.pages.keys()]) removeCacheFolio(this, inode, index);
    }
    this.committedPages -= inode.accountedPages;
    this.inodes.delete(inode);
  }

  nextPid(): number {
    return this.#nextPid++;
  }
}
