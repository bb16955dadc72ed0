/**
 * Draws an address space, a character a page, so that a test shows it before and after:
 *
 *     "aaa..bb|b"   three pages of one vma, a hole of two, three pages of which a boundary cuts the last off
 *
 * A letter stands for rights: r `r--p`, w `rw-p`, x `r-xp`, - `---p`, s `rw-s`, . nothing; `|` is a
 * boundary between two vmas that touch.
 */
import { PAGE_SIZE } from "../core/units.js";
import type { Address } from "../core/units.js";
import { boot } from "../machine.js";
import type { BootOptions, Machine } from "../machine.js";
import type { Process } from "../process.js";

const LETTERS: Readonly<Record<string, string>> = {
  "r--p": "r",
  "rw-p": "w",
  "r-xp": "x",
  "---p": "-",
  "rw-s": "s",
  "r--s": "t",
};

/** A machine with one process, and a free place of 4 GiB to test in. */
export interface Bench {
  readonly machine: Machine;
  readonly c: Process;
  /** A page-aligned address on a 1 GiB boundary with nothing mapped around it. */
  readonly at: Address;
}

export function bench(options: BootOptions = {}): Bench {
  const machine = boot(options);
  return { machine, c: machine.spawn("a.out"), at: 0x1000_0000_0000 };
}

/** The drawing of `pages` pages from `start` on. */
export function draw(c: Process, start: Address, pages: number): string {
  let out = "";
  let previous: Address | undefined;
  for (let i = 0; i < pages; i++) {
    const address = start + i * PAGE_SIZE;
    const entry = c.maps().entries.find((each) => each.start <= address && address < each.end);
    if (i > 0 && entry !== undefined && previous !== undefined && previous !== entry.start) {
      if (entry.start === address) out += "|";
    }
    previous = entry?.start;
    out += entry === undefined ? "." : (LETTERS[entry.perms] ?? "?");
  }
  return out;
}
