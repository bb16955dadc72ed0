/** Questions that no program can ask on a real machine: added to a process for notebooks. */
import { UsageError } from "../core/errors.js";
import { hex, PAGE_SIZE, pageFloor } from "../core/units.js";
import type { Address } from "../core/units.js";
import { PTE_WRITE } from "../hardware/x86-64.js";
import { filePages } from "../kernel/page-cache.js";
import { smapsEntry } from "../kernel/proc-maps.js";
import { isPageDirty, pageMapcount } from "../kernel/rmap.js";
import { addressSpace } from "../view/address-space.js";
import { pageCache } from "../view/page-cache.js";
import type { CachePage } from "../view/page-cache.js";
import type { Picture } from "../view/picture.js";
import { residencyMap } from "../view/residency-map.js";
import { sharedFrames } from "../view/shared-frames.js";
import { watchFaults } from "./fault-log.js";
import type { FaultLog } from "./fault-log.js";
import { framePfn, pageRuns } from "./page-facts.js";
import { walkPageTable } from "./page-walk.js";
import type { PageWalk } from "./page-walk.js";
import type { Task } from "../kernel/model.js";

export interface Inspection {
  /** Where each page of a range stands, a cell a page. Touches nothing. */
  pages(address: Address, length: number, title?: string): Picture;
  /** The way through the page tables to an address, and the frame at its end. */
  walk(address: Address): PageWalk;
  /** Logs, from now on, each fault that an access of this process takes. */
  watchFaults(): FaultLog;
  /** The mappings, with what is resident of each. */
  addressSpace(): Picture;
  /** The pages of an open file in the page cache, and how often each is mapped. */
  pageCache(fd: number): Picture;
}

export function inspectionOf(task: Task): Inspection {
  const { kernel } = task;
  return {
    pages(address, length, title) {
      const start = pageFloor(address);
      const runs = pageRuns(task.mm, address, length);
      return residencyMap({ title: title ?? `pages of ${task.name}`, start, runs });
    },
    walk: (address) => walkPageTable(task.mm, address),
    watchFaults: () => watchFaults(task.mm),
    addressSpace() {
      const mappings = [...task.mm.vmas].map((vma) => {
        const { start, end, perms, name, fields } = smapsEntry(vma);
        return { start, end, rights: perms, name, rssKb: fields.Rss };
      });
      return addressSpace({ title: `the mappings of ${task.name}`, mappings });
    },
    pageCache(fd) {
      const file = task.files.get(fd);
      if (file === undefined) {
        throw new UsageError(
          `pageCache(): ${fd} is no open file`,
          "the number that open() returned",
        );
      }
      const { inode } = file;
      const pages = Array.from({ length: filePages(inode) }, (_, index): CachePage => {
        const pfn = inode.pages.get(index);
        if (pfn === undefined) {
          return { state: inode.disk.has(index) ? "on disk" : "hole", mapCount: 0 };
        }
        return {
          state: isPageDirty(kernel, pfn) ? "dirty" : "clean",
          mapCount: pageMapcount(kernel, pfn),
        };
      });
      return pageCache({ title: file.path, sizeBytes: inode.sizeBytes, pages });
    },
  };
}

/** What {@link frames} needs of a process. */
export interface HasTask {
  readonly task: Task;
}

/** Which frames the pages of a range have in each process: `frames({ parent, child }, map, 4 * 4096)`. */
export function frames(
  processes: Readonly<Record<string, HasTask>>,
  address: Address,
  length: number,
): Picture {
  const names = Object.keys(processes);
  const pages = Math.ceil((address + length - pageFloor(address)) / PAGE_SIZE);
  if (!(pages >= 1 && pages <= 16) || names.length === 0) {
    throw new UsageError(
      `frames(): ${pages} pages of ${names.length} processes cannot be drawn`,
      "at least one process, and from 1 to 16 pages",
    );
  }
  return sharedFrames({
    title: `${pages} pages at ${hex(pageFloor(address))} and their frames`,
    processes: Object.entries(processes).map(([name, { task }]) => ({
      name,
      pages: Array.from({ length: pages }, (_, i) => {
        const at = pageFloor(address) + i * PAGE_SIZE;
        const pfn = framePfn(task.mm, at);
        const writable = (task.mm.pageTable.entry(at) & PTE_WRITE) !== 0;
        const rights = writable ? ("read and write" as const) : ("read only" as const);
        return pfn === undefined ? { address: at, rights } : { address: at, pfn, rights };
      }),
    })),
  });
}
