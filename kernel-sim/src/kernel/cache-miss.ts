/**
 * The nearest page that the cache does not have, as read-ahead asks for it (mm/filemap.c: page_cache_next_miss,
 * page_cache_prev_miss). The kernel's walk takes one slot of the tree a step, and counts one page a step; a folio of
 * several pages is found at its first slot, whichever of its pages was asked for. So the answer is off by as many pages
 * as the folio has before (lib/xarray.c: xas_next, xas_prev).
 *
 *     slots of a node    [ folio of four     ][ page ][      ]       64 in each node; a folio of 64 pages and more
 *                          ^ found here   ^ asked for                 is a slot of the node above
 */
import type { Inode, KernelState } from "./model.js";

const SLOTS = 64;

/** Where the walk is: in a node of pages, or in the node above, of which a slot covers 64 pages. */
interface Walk {
  index: number;
  level: "pages" | "above";
  slot: number;
}

/** The first missing page from `from` on by the kernel's walk of `most` steps; `from + most` where it finds none. */
export function nextMiss(kernel: KernelState, inode: Inode, from: number, most: number): number {
  return walkToMiss(kernel, inode, { from, most, step: 1 });
}

/** The same downwards; -1 where everything down to the start of the file is there. */
export function prevMiss(kernel: KernelState, inode: Inode, from: number, most: number): number {
  if (from < 0) return -1;
  return Math.max(-1, walkToMiss(kernel, inode, { from, most, step: -1 }));
}

function walkToMiss(
  kernel: KernelState,
  inode: Inode,
  { from, most, step }: { readonly from: number; readonly most: number; readonly step: 1 | -1 },
): number {
  const walk = startOf(kernel, inode, from);
  if (walk === null) return from;
  for (let taken = 1; taken < most; taken++) {
    walk.index += step;
    if (walk.index < 0) return -1;
    if (!advance(kernel, inode, walk, step)) return walk.index;
  }
  return from + step * most;
}

/** The slot of the folio that holds the page; null where there is none (xas_load). */
function startOf(kernel: KernelState, inode: Inode, index: number): Walk | null {
  const pfn = inode.pages.get(index);
  if (pfn === undefined) return null;
  const folio = kernel.folios.of(pfn);
  const first = folio === undefined ? index : index - (pfn - folio.head);
  return folio !== undefined && folio.pages >= SLOTS
    ? { index, level: "above", slot: first / SLOTS }
    : { index, level: "pages", slot: first };
}

/** One slot further; whether something is there. */
function advance(kernel: KernelState, inode: Inode, walk: Walk, step: 1 | -1): boolean {
  const last = step === 1 ? SLOTS - 1 : 0;
  if (walk.level === "pages") {
    if (walk.slot % SLOTS !== last) {
      walk.slot += step;
      return inode.pages.has(walk.slot);
    }
    // At the end of its node the walk waits until its page has come there too.
    if (walk.index % SLOTS === last) return true;
    walk.level = "above";
    walk.slot = Math.floor(walk.slot / SLOTS) + step;
  } else if (walk.slot !== Math.floor(walk.index / SLOTS)) {
    walk.slot += step;
  }
  return descend(kernel, inode, walk);
}

/** From a slot of the node above into its node, at the page that the walk has counted to. */
function descend(kernel: KernelState, inode: Inode, walk: Walk): boolean {
  const first = walk.slot * SLOTS;
  let present = false;
  for (let index = first; index < first + SLOTS && !present; index++) {
    const pfn = inode.pages.get(index);
    if (pfn === undefined) continue;
    if ((kernel.folios.of(pfn)?.pages ?? 1) >= SLOTS) return true;
    present = true;
  }
  if (!present) return false;
  walk.level = "pages";
  walk.slot = first + (walk.index % SLOTS);
  return inode.pages.has(walk.slot);
}
