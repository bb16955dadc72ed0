/** What the kernel tells about a process under /proc, as plain data; `report/` makes it text. */
import type { Address } from "../core/units.js";

/** A line of /proc/PID/maps (proc_pid_maps(5)). */
export interface MapsEntry {
  readonly start: Address;
  readonly end: Address;
  /** `rw-p`. */
  readonly perms: string;
  /** Where the vma begins in its file, in bytes; 0 without one. */
  readonly offset: number;
  /** `fe:00`, or `00:00` without a file. */
  readonly device: string;
  readonly inode: number;
  /** A path, `[heap]`, or nothing. */
  readonly name: string;
}

/** The kilobytes of /proc/PID/smaps, under the names that the file has (proc_pid_smaps(5)). */
export interface SmapsFields {
  readonly Size: number;
  readonly KernelPageSize: number;
  readonly MMUPageSize: number;
  readonly Rss: number;
  readonly Pss: number;
  readonly Pss_Dirty: number;
  readonly Shared_Clean: number;
  readonly Shared_Dirty: number;
  readonly Private_Clean: number;
  readonly Private_Dirty: number;
  readonly Referenced: number;
  readonly Anonymous: number;
  readonly KSM: number;
  readonly LazyFree: number;
  readonly AnonHugePages: number;
  readonly ShmemPmdMapped: number;
  readonly FilePmdMapped: number;
  readonly Shared_Hugetlb: number;
  readonly Private_Hugetlb: number;
  readonly Swap: number;
  readonly SwapPss: number;
  readonly Locked: number;
}

/** One mapping of /proc/PID/smaps. */
export interface SmapsEntry extends MapsEntry {
  readonly fields: SmapsFields;
  /** 1 where a huge page could be here. */
  readonly thpEligible: 0 | 1;
  /** `rd`, `wr`, … in the kernel's order. */
  readonly vmFlags: readonly string[];
}

/** The sums of /proc/PID/smaps_rollup, in kB. */
export interface RollupInfo {
  readonly start: Address;
  readonly end: Address;
  readonly fields: Omit<SmapsFields, "Size" | "KernelPageSize" | "MMUPageSize">;
  readonly pssAnon: number;
  readonly pssFile: number;
  readonly pssShmem: number;
}

/** /proc/PID/status (proc_pid_status(5)): who it is, and its memory in kB. */
export interface StatusInfo {
  readonly name: string;
  readonly pid: number;
  readonly parentPid: number;
  /** The first process of its process group and session, the one that spawn() made. */
  readonly groupPid: number;
  readonly user: "root" | "unprivileged";
  readonly VmPeak: number;
  readonly VmSize: number;
  readonly VmLck: number;
  readonly VmPin: number;
  readonly VmHWM: number;
  readonly VmRSS: number;
  readonly RssAnon: number;
  readonly RssFile: number;
  readonly RssShmem: number;
  readonly VmData: number;
  readonly VmStk: number;
  readonly VmExe: number;
  readonly VmLib: number;
  readonly VmPTE: number;
  readonly VmSwap: number;
  readonly HugetlbPages: number;
}

/** The lines of /proc/meminfo in their order, in kB, or as a count of pages where the file has no unit. */
export type MeminfoInfo = readonly (readonly [name: string, value: number, unit: "kB" | "pages"])[];

/** Where the stack of a process lies and how far it may grow. */
export interface StackBounds {
  /** The end of the stack's vma, the highest address. */
  readonly stackTop: Address;
  /** The stack pointer as the program began. */
  readonly stackStart: Address;
  readonly stackLimitBytes: number;
}

/** One page in /proc/PID/pagemap (proc_pid_pagemap(5)). */
export interface PagemapEntry {
  /** Bit 63. */
  readonly present: boolean;
  /** Bits 0 to 54; 0 where the page is not present. */
  readonly pfn: number;
  /** Bit 61: a page of a file, or shared anonymous memory. */
  readonly fileOrShared: boolean;
  /** Bit 56: mapped once. */
  readonly exclusive: boolean;
  /** Bit 62. */
  readonly swapped: boolean;
}
