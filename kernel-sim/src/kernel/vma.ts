/** A vma: a range of pages with one set of rights and one backing (struct vm_area_struct). */
import type { Address } from "../core/units.js";
import { PAGE_SIZE } from "../core/units.js";
import { VM_ACCESS_FLAGS, VM_GROWSDOWN, VM_HUGETLB, VM_SHARED } from "./vm-flags.js";
import type { AnonVma as AnonVmaType, Mm, OpenFile, Vma as VmaType } from "./model.js";

/**
 * What ties anonymous pages to the vmas that may map them (struct anon_vma). Here only its identity
 * counts: vmas merge where theirs are the same or one has none (mm/vma.c: is_mergeable_anon_vma).
 */
export class AnonVma implements AnonVmaType {
  readonly parent: AnonVmaType | null;
  /** Anon_vmas made from this one by fork, itself included where it is a root (num_children). */
  children = 0;
  /** Vmas whose own anon_vma this is (num_active_vmas). */
  activeVmas = 0;

  constructor(parent: AnonVmaType | null) {
    this.parent = parent;
  }
}

export class Vma implements VmaType {
  readonly mm: Mm;
  start: Address;
  end: Address;
  flags: number;
  /** The page of the file where the vma begins; for anonymous memory, its page number when it was made. */
  pgoff: number;
  /** The open file behind it, shared anonymous memory included; null for private anonymous memory. */
  file: OpenFile | null;
  anonVma: AnonVmaType | null = null;
  /** Every anon_vma whose pages may be here: its own, and after a fork those of its parents. */
  anonChain: AnonVmaType[] = [];
  /** The name that maps shows for a vma without a file, `[vdso]` or so. */
  name = "";
  /** Of a private mapping of huge pages, promised ones: the indices that were used (its resv_map); null elsewhere. */
  hugeUsed: Set<number> | null = null;
  /** A huge page was taken away for the process that made the mapping: it cannot be touched any more (HPAGE_RESV_UNMAPPED). */
  hugeLost = false;

  // The tree's own fields (vma-tree.ts).
  left: VmaType | null = null;
  right: VmaType | null = null;
  parent: VmaType | null = null;
  prev: VmaType | null = null;
  next: VmaType | null = null;
  priority = 0;
  /** The largest gap below any vma of this subtree. */
  maxGap = 0;

  constructor(fields: {
    mm: Mm;
    start: Address;
    end: Address;
    flags: number;
    pgoff: number;
    file: OpenFile | null;
  }) {
    this.mm = fields.mm;
    this.start = fields.start;
    this.end = fields.end;
    this.flags = fields.flags;
    this.pgoff = fields.pgoff;
    this.file = fields.file;
  }

  get pages(): number {
    return (this.end - this.start) / PAGE_SIZE;
  }

  /** Without a file: vma_is_anonymous(). Shared anonymous memory has one, of shmem. */
  get isAnonymous(): boolean {
    return this.file === null && this.name === "";
  }

  get isShared(): boolean {
    return (this.flags & VM_SHARED) !== 0;
  }

  get isHugetlb(): boolean {
    return (this.flags & VM_HUGETLB) !== 0;
  }

  get isAccessible(): boolean {
    return (this.flags & VM_ACCESS_FLAGS) !== 0;
  }

  /** Where a neighbour below must end: under a stack a gap is kept (vm_start_gap). */
  get startGap(): Address {
    return (this.flags & VM_GROWSDOWN) !== 0
      ? Math.max(0, this.start - this.mm.stackGuardGapBytes)
      : this.start;
  }

  /** The page of the file at an address (linear_page_index). */
  pageIndex(address: Address): number {
    return this.pgoff + Math.floor((address - this.start) / PAGE_SIZE);
  }

  /** The same vma with other ends, in no tree yet (vm_area_dup). */
  duplicate(mm: Mm): Vma {
    const copy = new Vma({
      mm,
      start: this.start,
      end: this.end,
      flags: this.flags,
      pgoff: this.pgoff,
      file: this.file,
    });
    copy.name = this.name;
    if (mm === this.mm) {
      copy.hugeUsed = this.hugeUsed;
      copy.hugeLost = this.hugeLost;
    }
    return copy;
  }
}

/** A child of fork whose vma still maps pages of its parents (mm/vma.c: vma_is_fork_child). */
export function isForkChild(vma: VmaType | null): boolean {
  return vma !== null && vma.anonVma !== null && vma.anonChain.length !== 1;
}

/** Makes `target` able to hold the pages of `source` (mm/rmap.c: anon_vma_clone, outside a fork). */
export function cloneAnonVma(target: VmaType, source: VmaType): void {
  target.anonVma = source.anonVma;
  target.anonChain = source.anonChain.slice();
  if (target.anonVma !== null) target.anonVma.activeVmas++;
}

/** The vma goes (mm/rmap.c: unlink_anon_vmas). */
export function unlinkAnonVma(vma: VmaType): void {
  if (vma.anonVma !== null) vma.anonVma.activeVmas--;
  vma.anonVma = null;
  vma.anonChain = [];
}
