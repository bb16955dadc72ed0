import { describe, expect, it } from "vitest";
import { ProgramTerminated } from "../../abi/signal.js";
import { seededRandom } from "../../core/random.js";
import { HEAP_START, MAIN_ARENA, flatProcess } from "../flat-process.testing.js";
import { Ptmalloc } from "./allocator.js";
import {
  ANSWER_ADDRESS,
  ANSWER_OK,
  ANSWER_UNSET,
  CALL_CALLOC,
  CALL_FREE,
  CALL_MALLOC,
  CALL_REALLOC,
} from "./calls.js";
import type { CallRun } from "./call-run.js";

function newRun(expectedNames?: number): CallRun {
  const process = flatProcess();
  const options = { ...process, mainArena: MAIN_ARENA, random: seededRandom(7) };
  return new Ptmalloc(options).callRun(expectedNames);
}

/** The answers to all of the calls that a run knows. */
function answers(run: CallRun, calls: readonly number[], from = 0, most = Infinity): number[] {
  run.run(Int32Array.from(calls), calls.length, from, most);
  return [...run.answersOfRun()];
}

const address = (offset: number): number => 8 * (HEAP_START + offset) + ANSWER_ADDRESS;

describe("a run of calls", () => {
  it("answers as the calls one by one: glibc's first chunks, a free one taken again", () => {
    const run = newRun();
    const calls = [
      ...[CALL_MALLOC, 0, 24],
      ...[CALL_CALLOC, 1, 3, 8],
      ...[CALL_FREE, 0, 0],
      ...[CALL_REALLOC, 2, 1, 100],
      ...[CALL_MALLOC, 3, 24],
      ...[CALL_MALLOC, 4, 24],
    ];
    expect(answers(run, calls)).toEqual([
      address(0x2a0),
      address(0x2c0),
      ANSWER_OK,
      address(0x2c0),
      address(0x2a0),
      address(0x330),
    ]);
    expect(run.words).toBe(calls.length);
    expect([0, 1, 2, 3].map((name) => run.addresses.get(name))).toEqual([
      HEAP_START + 0x2a0,
      0,
      HEAP_START + 0x2c0,
      HEAP_START + 0x2a0,
    ]);
  });

  it("says of a name that was never set that it was not", () => {
    const calls = [CALL_FREE, 7, 0, CALL_REALLOC, 1, 7, 100];
    expect(answers(newRun(), calls)).toEqual([ANSWER_UNSET, ANSWER_UNSET]);
  });

  it("ends before a number that is not small, a name beyond the table, and what is no such call", () => {
    const first = [CALL_MALLOC, 0, 24];
    for (const next of [
      [CALL_MALLOC, 1, -1],
      [CALL_MALLOC, 1024, 24],
      [CALL_FREE, -2, 0],
      [CALL_REALLOC, 1, 1024, 24],
      [9, 0, 0],
      [CALL_CALLOC, 1, 24],
    ]) {
      const run = newRun();
      expect(answers(run, [...first, ...next])).toEqual([address(0x2a0)]);
      expect(run.words).toBe(first.length);
    }
  });

  it("goes on where it was told to, and does no more calls than it was told to", () => {
    const run = newRun();
    const calls = [0, 1, 2].flatMap((name) => [CALL_MALLOC, name, 24]);
    expect(answers(run, calls, 0, 1)).toEqual([address(0x2a0)]);
    expect(answers(run, calls, 3, 1)).toEqual([address(0x2c0)]);
    expect(answers(run, calls, 6)).toEqual([address(0x2e0)]);
  });

  it("keeps what was answered before a call that ended the program", () => {
    const run = newRun();
    const calls = [CALL_MALLOC, 0, 24, CALL_FREE, 0, 0, CALL_FREE, 0, 0, CALL_MALLOC, 1, 24];
    expect(() => answers(run, calls)).toThrow(ProgramTerminated);
    expect([...run.answersOfRun()]).toEqual([address(0x2a0), ANSWER_OK]);
    expect(run.words).toBe(6);
  });

  it("takes names beyond those expected from its caller, and finds the old ones again", () => {
    const run = newRun(2);
    answers(run, [CALL_MALLOC, 0, 24]);
    run.addresses.set(5000, HEAP_START);
    expect(run.addresses.get(0)).toBe(HEAP_START + 0x2a0);
    expect(run.addresses.get(1)).toBeNaN();
    expect(answers(run, [CALL_MALLOC, 4999, 24])).toEqual([address(0x2c0)]);
    expect(run.addresses.copied().length).toBe(5001);
  });

  it("is as long as it likes: parts of it are copied one after the other", () => {
    const run = newRun(1 << 16);
    const calls = Array.from({ length: 30_000 }, (_, i) => [CALL_MALLOC, i, 24]).flat();
    const list = Int32Array.from(calls);
    const all: number[] = [];
    for (let at = 0; at < list.length; at += run.words) {
      run.run(list, list.length, at, Infinity);
      all.push(...run.answersOfRun());
    }
    expect(all).toEqual(Array.from({ length: 30_000 }, (_, i) => address(0x2a0 + 32 * i)));
  });
});
