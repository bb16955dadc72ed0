/**
 * A process without a kernel for specs of the C library: pages that are zero when first touched, a
 * break, and mappings from the top down. Limits and the whole of mmap are the kernel's own specs' work.
 */
import { Errno } from "../abi/errno.js";
import { ProgramTerminated } from "../abi/signal.js";
import type { Syscalls } from "../abi/syscalls.js";
import type { PageWatcher } from "../abi/page-window.js";
import type { WindowedMemory } from "../abi/user-memory.js";
import { MiB, PAGE_SIZE, pageCeil } from "../core/units.js";
import type { Address } from "../core/units.js";
import { newErrno } from "./errno.js";
import type { ErrnoCell } from "./errno.js";
import { ProgramBreak } from "./program-break.js";

/** What is used of it; the type libraries of this package do not have it. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number }) => {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  };
};

export const HEAP_START = 0x5555_5560_0000;
export const MMAP_TOP = 0x7fff_c000_0000;
/** main_arena of Debian 12's libc.so.6, with the library at a round address. */
export const MAIN_ARENA = 0x7fff_f000_0c60;

export interface FlatProcess {
  readonly memory: WindowedMemory;
  readonly syscalls: Syscalls;
  readonly errno: ErrnoCell;
  readonly brk: ProgramBreak;
}

export interface FlatLimits {
  /** The break cannot go beyond this address. */
  readonly brkLimit?: Address;
  /** Bytes that all mappings may have together. */
  readonly mapLimitBytes?: number;
}

export function flatProcess(limits: FlatLimits = {}): FlatProcess {
  const maps: { start: Address; end: Address }[] = [];
  let brk = HEAP_START;
  /** Where in the pool each page is. */
  const pages = new Map<number, number>();
  let lastPage = -1;
  let lastView: DataView = new DataView(new ArrayBuffer(0));
  const pool = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const watchers: PageWatcher[] = [];
  let used = 0;
  const reserve = (bytes: number): number => {
    const at = used;
    used = pageCeil(used + bytes);
    const missing = Math.ceil((used - pool.buffer.byteLength) / 65536);
    if (missing > 0) {
      pool.grow(missing);
      lastPage = -1;
    }
    return at;
  };
  const fault = (address: Address): never => {
    throw new ProgramTerminated({ signal: "SIGSEGV", code: "MAPERR", address });
  };
  const view = (address: Address): DataView => {
    const page = Math.floor(address / PAGE_SIZE);
    if (page === lastPage) return lastView;
    let found = pages.get(page);
    if (found === undefined) {
      const mapped =
        (address >= HEAP_START && address < pageCeil(brk)) ||
        (address >= MAIN_ARENA - 0xc60 && address < MAIN_ARENA - 0xc60 + 2 * PAGE_SIZE) ||
        maps.some(({ start, end }) => address >= start && address < end);
      if (!mapped) return fault(address);
      found = reserve(PAGE_SIZE);
      pages.set(page, found);
    }
    lastPage = page;
    lastView = new DataView(pool.buffer, found, PAGE_SIZE);
    return lastView;
  };
  const drop = (start: Address, end: Address): void => {
    lastPage = -1;
    for (const watcher of watchers) watcher.forgetPages(start, end);
    for (let page = start / PAGE_SIZE; page < end / PAGE_SIZE; page++) pages.delete(page);
  };
  const low = (address: Address): number => address % PAGE_SIZE;
  const parts = (address: Address, size: number): { at: Address; size: number }[] => {
    const found: { at: Address; size: number }[] = [];
    for (let at = address; at < address + size;) {
      const length = Math.min(address + size - at, PAGE_SIZE - low(at));
      view(at);
      found.push({ at, size: length });
      at += length;
    }
    return found;
  };
  const bytesAt = (at: Address, size: number): Uint8Array =>
    new Uint8Array(pool.buffer, view(at).byteOffset + low(at), size);
  const memory: WindowedMemory = {
    window: {
      pool,
      pageForReading: (a) => view(a).byteOffset,
      pageForWriting: (a) => view(a).byteOffset,
      reserve,
      release: () => undefined,
      watch: (watcher) => watchers.push(watcher),
    },
    load8: (a) => view(a).getUint8(low(a)),
    load16: (a) => view(a).getUint16(low(a), true),
    load32: (a) => view(a).getUint32(low(a), true),
    loadWord: (a) => Number(view(a).getBigUint64(low(a), true)),
    load64: (a) => view(a).getBigUint64(low(a), true),
    store8: (a, v) => view(a).setUint8(low(a), v),
    store16: (a, v) => view(a).setUint16(low(a), v, true),
    store32: (a, v) => view(a).setUint32(low(a), v, true),
    storeWord: (a, v) => view(a).setBigUint64(low(a), BigInt(v), true),
    store64: (a, v) => view(a).setBigUint64(low(a), v, true),
    fill(a, byte, size) {
      for (const part of parts(a, size)) bytesAt(part.at, part.size).fill(byte);
    },
    copy(to, from, size) {
      memory.write(to, memory.read(from, size));
    },
    read(a, size) {
      const bytes = new Uint8Array(size);
      for (const part of parts(a, size)) bytes.set(bytesAt(part.at, part.size), part.at - a);
      return bytes;
    },
    write(a, bytes) {
      for (const { at, size } of parts(a, bytes.length)) {
        bytesAt(at, size).set(bytes.subarray(at - a, at - a + size));
      }
    },
    touch(a, size) {
      for (let at = a; at < a + size; at += PAGE_SIZE) view(at);
    },
  };
  const mapped = (): number => maps.reduce((sum, { start, end }) => sum + end - start, 0);
  const highestGap = (length: number): Address => {
    let end = MMAP_TOP;
    for (const map of [...maps].sort((a, b) => b.start - a.start)) {
      if (end - length >= map.end) break;
      end = map.start;
    }
    return end - length;
  };
  // A multiple of 2 MiB is put on such a boundary, counted up from a gap that is 2 MiB longer.
  const place = (length: number): Address => {
    const huge = 2 * MiB;
    if (length % huge !== 0) return highestGap(length);
    const start = highestGap(length + huge);
    return start + huge - (start % huge);
  };
  const remove = (start: Address, end: Address): void => {
    for (const map of maps.splice(0)) {
      if (map.start < start)
        maps.push({ start: map.start, end: Math.min(map.end, Math.max(start, map.start)) });
      if (map.end > end)
        maps.push({ start: Math.max(map.start, Math.min(end, map.end)), end: map.end });
    }
    drop(start, end);
  };
  const syscalls: Syscalls = {
    brk(address) {
      if (address < HEAP_START || address > (limits.brkLimit ?? HEAP_START + 2 ** 36)) return brk;
      if (address < brk) drop(pageCeil(address), pageCeil(brk));
      brk = address;
      return brk;
    },
    mmap(_address, length) {
      const bytes = pageCeil(length);
      if (bytes > 2 ** 46 || mapped() + bytes > (limits.mapLimitBytes ?? Infinity))
        return -Errno.ENOMEM;
      const start = place(bytes);
      maps.push({ start, end: start + bytes });
      return start;
    },
    munmap(address, length) {
      remove(address, address + pageCeil(length));
      return 0;
    },
    mremap(address, oldLength, newLength) {
      const bytes = pageCeil(newLength);
      if (mapped() + bytes - oldLength > (limits.mapLimitBytes ?? Infinity)) return -Errno.ENOMEM;
      const contents = memory.read(address, Math.min(oldLength, bytes));
      if (bytes <= oldLength) {
        remove(address + bytes, address + oldLength);
        return address;
      }
      const blocked = maps.some((m) => m.start >= address + oldLength && m.start < address + bytes);
      if (!blocked && address + bytes <= MMAP_TOP) {
        maps.push({ start: address + oldLength, end: address + bytes });
        return address;
      }
      const to = place(bytes);
      maps.push({ start: to, end: to + bytes });
      memory.write(to, contents);
      remove(address, address + oldLength);
      return to;
    },
    mprotect: () => 0,
    madvise(address, length) {
      drop(address, address + length);
      return 0;
    },
    abort(message) {
      throw new ProgramTerminated({ signal: "SIGABRT", code: "USER", message });
    },
  };
  const errno = newErrno();
  return { memory, syscalls, errno, brk: new ProgramBreak(syscalls, errno) };
}
