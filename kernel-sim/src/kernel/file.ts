/** Inodes with their page cache, and open files (include/linux/fs.h: struct inode, struct file, struct address_space). */
import { F_SEAL_SEAL, O_ACCMODE, O_RDONLY, O_RDWR, O_WRONLY } from "../abi/fcntl.js";
import type { Pfn } from "../core/units.js";
import type {
  Inode as InodeType,
  InodeKind,
  OpenFile as OpenFileType,
  ReadAhead,
  User,
  Vma,
} from "./model.js";

export class Inode implements InodeType {
  readonly kind: InodeKind;
  readonly number: number;
  /** Major and minor number, as maps prints them. */
  readonly device: string;
  sizeBytes = 0;
  /** The page cache: frames by page index (mapping->i_pages). */
  readonly pages = new Map<number, Pfn>();
  /** Vmas that map the file (mapping->i_mmap). */
  readonly vmas = new Set<Vma>();
  /** What is on the disk, by page index; a page that is not here is a hole and reads as zeros. */
  readonly disk: Map<number, Uint8Array> = new Map();
  /** Pages allocated on the disk though nothing was written back yet (delayed allocation). */
  seals = F_SEAL_SEAL;
  /** Pages charged to the commit limit when the file was made (VM_ACCOUNT of shmem), -1 for one by one. */
  accountedPages = 0;
  /** Open files and vmas that hold the inode; at 0 without a name it is gone. */
  references = 0;
  /** Names in the file system; 0 for a deleted file and for memory. */
  links = 0;
  /** Huge pages promised to shared mappings, used ones included, by index (hugetlb: the inode's resv_map). */
  readonly reserved = new Set<number>();
  /** Programs are running from it: it cannot be opened for writing (ETXTBSY). */
  executing = 0;

  /** Whose it is; others may read it and not write (mode 0644). */
  owner: User = "root";

  constructor(fields: { kind: InodeKind; number: number; device: string }) {
    this.kind = fields.kind;
    this.number = fields.number;
    this.device = fields.device;
  }
}

export class OpenFile implements OpenFileType {
  readonly inode: InodeType;
  readonly flags: number;
  /** The path as maps prints it. */
  path: string;
  position = 0;
  readonly readAhead: ReadAhead = {
    start: 0,
    size: 0,
    asyncSize: 0,
    order: 0,
    misses: 0,
    previousPosition: -1,
  };
  /** The whole of read-ahead, set by posix_fadvise (FMODE_RANDOM where "random"). */
  advice: "normal" | "random" | "sequential" = "normal";
  references = 0;

  constructor(inode: InodeType, flags: number, path: string) {
    this.inode = inode;
    this.flags = flags;
    this.path = path;
  }

  get readable(): boolean {
    const mode = this.flags & O_ACCMODE;
    return mode === O_RDONLY || mode === O_RDWR;
  }

  get writable(): boolean {
    const mode = this.flags & O_ACCMODE;
    return mode === O_WRONLY || mode === O_RDWR;
  }
}

/** The most bytes that a file can have (s_maxbytes): ext4's with blocks of 4 KiB, or all that a loff_t holds. */
export function maxFileBytes(inode: InodeType): number {
  return inode.kind === "disk" ? 0xfff_ffff_f000 : 2 ** 63 - 2048;
}
