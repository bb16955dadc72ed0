/** The trace language's heap commands against an allocator of a flat process, for the specs beside. */
import { MAP_FAILED } from "../abi/mman.js";
import { errnoName } from "../abi/errno.js";
import { seededRandom } from "../core/random.js";
import { hex } from "../core/units.js";
import { HEAP_START, MAIN_ARENA, MMAP_TOP, flatProcess } from "./flat-process.testing.js";
import type { FlatLimits } from "./flat-process.testing.js";
import { Ptmalloc } from "./ptmalloc/allocator.js";

const options: Readonly<Record<string, number>> = {
  mxfast: 1,
  trim_threshold: -1,
  top_pad: -2,
  mmap_threshold: -3,
  mmap_max: -4,
};

/** A function that executes one command and answers as the recorded traces do; `null` where it does not know it. */
export function heapCommands(limits: FlatLimits = {}): (line: string) => string | null {
  const process = flatProcess(limits);
  const heap = new Ptmalloc({ ...process, mainArena: MAIN_ARENA, random: seededRandom(1) });
  const names = new Map<string, number>();
  const size = (text: string): number => {
    const unit = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }[text.slice(-1)];
    return unit === undefined ? Number(text) : Number(text.slice(0, -1)) * unit;
  };
  const sizeT = (text: string): number | bigint => {
    const rounded = size(text);
    return rounded < Number.MAX_SAFE_INTEGER || /[KMGT]$/.test(text) ? rounded : BigInt(text);
  };
  const shown = (address: number): string =>
    address === 0
      ? "NULL"
      : address < HEAP_START + 2 ** 36
        ? `heap+${hex(address - HEAP_START)}`
        : `top-${hex(MMAP_TOP - address)}`;
  const address = (expression: string): number => {
    const [, name = "", sign = "+", offset = "0"] =
      /^([^+-]+)(?:([+-])(.*))?$/.exec(expression) ?? [];
    const base = name === "heap" ? HEAP_START : name === "top" ? MMAP_TOP : (names.get(name) ?? 0);
    return sign === "-" ? base - size(offset) : base + size(offset);
  };
  const set = (name: string, address: number): string => {
    names.set(name, address);
    return `= ${shown(address)}`;
  };
  return (line) => {
    const [command = "", a = "", b = "", c = ""] = line.split(/\s+/);
    switch (command) {
      case "malloc":
        return set(a, heap.malloc(sizeT(b)));
      case "calloc":
        return set(a, heap.calloc(sizeT(b), sizeT(c)));
      case "realloc": {
        const old = address(b);
        const mem = heap.realloc(old, sizeT(c));
        if (mem !== 0 || size(c) === 0) names.set(b, 0);
        return set(a, mem);
      }
      case "memalign": {
        const { error, address } = heap.posix_memalign(sizeT(b), sizeT(c));
        return (error === 0 ? "" : `${errnoName(error)} `) + set(a, address);
      }
      case "free":
        heap.free(address(a));
        return "ok";
      case "usable":
        return String(heap.malloc_usable_size(address(a)));
      case "trim":
        return String(heap.malloc_trim(sizeT(a)));
      case "mallopt":
        return String(heap.mallopt(options[a] ?? 0, size(b)));
      case "mallinfo": {
        const { usmblks: _, ...info } = heap.mallinfo2();
        return Object.entries(info)
          .map(([field, value]) => `${field}=${value}`)
          .join(" ");
      }
      case "sbrk": {
        const old = process.brk.sbrk(size(a));
        return old === MAP_FAILED ? errnoName(process.errno.value) : `= ${shown(old)}`;
      }
      case "store":
        process.memory.store8(address(a), size(b));
        return "ok";
      case "load":
        return String(process.memory.load8(address(a)));
      default:
        return null;
    }
  };
}
