/** The commands of the C library's allocator. */
import { errnoName } from "../abi/errno.js";
import type { Answers } from "./answers.js";
import type { CommandList } from "./command-list.js";
import { Op } from "./language.js";
import { addressText } from "./layout.js";
import type { TracedState } from "./traced-state.js";

/** Whether a command is malloc, calloc, realloc or free, of the first process. */
export function isAllocation(op: number): boolean {
  return op <= Op.realloc || op === Op.free;
}

/**
 * Executes the command at `at` (of its first operand) where it is malloc, free, calloc or realloc; how
 * many words it has, or -1.
 */
function executeAllocation(
  op: number,
  list: CommandList,
  at: number,
  state: TracedState,
  answers: Answers,
): number {
  const { addresses } = state;
  const allocator = state.process.allocator;
  const words = list.words;
  switch (op) {
    case Op.malloc: {
      const memory = allocator.malloc(list.exactAt(at + 1));
      addresses.set(words.at(at), memory);
      answers.address(memory);
      return 2;
    }
    case Op.free: {
      const base = words.at(at);
      const address = base >= 0 ? addresses.get(base) : state.base(base);
      if (address >= 0) {
        allocator.free(address + list.numberAt(at + 1));
        answers.ok();
      } else answers.unset();
      return 2;
    }
    case Op.calloc: {
      const memory = allocator.calloc(list.exactAt(at + 1), list.exactAt(at + 2));
      addresses.set(words.at(at), memory);
      answers.address(memory);
      return 3;
    }
    case Op.realloc: {
      const old = addresses.get(words.at(at + 1));
      if (Number.isNaN(old)) {
        answers.unset();
        return 3;
      }
      const size = list.exactAt(at + 2);
      const memory = allocator.realloc(old, size);
      if (memory !== 0 || size === 0) addresses.set(words.at(at + 1), 0);
      addresses.set(words.at(at), memory);
      answers.address(memory);
      return 3;
    }
    default:
      return -1;
  }
}

/** As executeAllocation, for every command of the allocator. */
export function executeHeap(
  op: number,
  list: CommandList,
  at: number,
  state: TracedState,
  answers: Answers,
): number {
  const { process, addresses } = state;
  const allocator = process.allocator;
  const words = list.words;
  switch (op) {
    case Op.memalign: {
      const { error, address } = allocator.posix_memalign(
        list.exactAt(at + 1),
        list.exactAt(at + 2),
      );
      addresses.set(words.at(at), address);
      if (error === 0) answers.address(address);
      else answers.text(`${errnoName(error)} = ${addressText(state.layout, address)}`);
      return 3;
    }
    case Op.usable: {
      const address = state.base(words.at(at)) + list.numberAt(at + 1);
      if (Number.isNaN(address)) answers.unset();
      else answers.text(String(allocator.exactUsableSize(address)));
      return 2;
    }
    case Op.trim:
      answers.number(allocator.malloc_trim(list.exactAt(at)));
      return 1;
    case Op.mallopt:
      answers.number(allocator.mallopt(words.at(at), signed(32, list.exactAt(at + 1))));
      return 2;
    case Op.mallinfo:
      answers.text(mallinfoText(allocator.exactMallinfo2()));
      return 0;
    case Op.sbrk: {
      const old = process.sbrk(signed(64, list.exactAt(at)));
      if (old < 0) answers.error(process.errno);
      else answers.address(old);
      return 1;
    }
    default:
      return executeAllocation(op, list, at, state, answers);
  }
}

/** A number as C passes it for a signed parameter of so many bits: it wraps around. */
function signed(bits: 32 | 64, value: number | bigint): number {
  if (typeof value === "number") return bits === 32 ? value | 0 : value;
  return Number(BigInt.asIntN(bits, value));
}

const mallinfoFields = [
  "arena",
  "ordblks",
  "smblks",
  "hblks",
  "hblkhd",
  "fsmblks",
  "uordblks",
  "fordblks",
  "keepcost",
] as const;

function mallinfoText(info: Readonly<Record<(typeof mallinfoFields)[number], bigint>>): string {
  return mallinfoFields.map((name) => `${name}=${info[name]}`).join(" ");
}
