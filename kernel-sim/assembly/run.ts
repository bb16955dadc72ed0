/**
 * A run of calls without leaving the module: malloc, calloc, realloc and free, on memory that has names.
 *
 * A call is some 32-bit words in linear memory: its number (src/libc/ptmalloc/calls.ts), then its operands.
 * A name is an index into a table of addresses, each kept as a double, plus 1; 0 is a name without address.
 *
 *     malloc   name size           realloc  name old size
 *     calloc   name count size     free     name distance
 *
 * Each answer is a double, 8 times the address plus what kind of answer it is.
 */
import {
  ANSWER_ADDRESS,
  ANSWER_OK,
  ANSWER_UNSET,
  CALL_CALLOC,
  CALL_FREE,
  CALL_MALLOC,
  CALL_REALLOC,
} from "../src/libc/ptmalloc/calls";
import { calloc, free, malloc, realloc } from "./malloc";

/** How far a run came: kept at each call, for the host to see where one ended the program. */
export let progressAt: u32 = 0;
export let progressAnswers: u32 = 0;

/** The table of names. */
export let namesTable: u32 = 0;
export let namesCount: u32 = 0;
/** Where in the table the names end that ever got an address from a run. */
export let namesEnd: u32 = 0;

/**
 * Executes the calls in [commands, end), at most `most` of them. It ends before a call that is none of the
 * four, is not whole, or has a name beyond the table or a number that is negative.
 */
export function run(commands: u32, end: u32, answers: u32, most: u32): void {
  progressAt = commands;
  progressAnswers = 0;
  const count = namesCount;
  const table = namesTable;
  for (let done: u32 = 0; done < most; done++) {
    const at = progressAt;
    if (at + 12 > end) return;
    const call = load<u32>(at);
    const name = load<u32>(at, 4);
    if (name >= count) return;
    const second = load<i32>(at, 8);
    if (second < 0) return;
    const slot = table + (name << 3);
    let answer: f64;
    if (call == CALL_MALLOC) {
      answer = keep(slot, malloc(second));
      progressAt = at + 12;
    } else if (call == CALL_FREE) {
      answer = ANSWER_UNSET;
      const address = load<f64>(slot);
      if (address != 0) {
        free(<u64>address - 1 + second);
        answer = ANSWER_OK;
      }
      progressAt = at + 12;
    } else if (call == CALL_CALLOC || call == CALL_REALLOC) {
      if (at + 16 > end) return;
      const size = load<i32>(at, 12);
      if (size < 0) return;
      if (call == CALL_CALLOC) answer = keep(slot, calloc(second, size));
      else {
        if (<u32>second >= count) return;
        answer = renamed(slot, table + (second << 3), size);
      }
      progressAt = at + 16;
    } else return;
    store<f64>(answers + (done << 3), answer);
    progressAnswers = done + 1;
  }
}

/** Gives memory its name; the answer. */
@inline
function keep(slot: u32, mem: u64): f64 {
  store<f64>(slot, <f64>(mem + 1));
  namesEnd = max(namesEnd, slot + 8);
  return <f64>((mem << 3) | ANSWER_ADDRESS);
}

/** realloc: the old name means NULL afterwards, unless the call failed. */
function renamed(slot: u32, oldSlot: u32, size: i32): f64 {
  const address = load<f64>(oldSlot);
  if (address == 0) return ANSWER_UNSET;
  const mem = realloc(<u64>address - 1, size);
  if (mem != 0 || size == 0) store<f64>(oldSlot, 1);
  return keep(slot, mem);
}
