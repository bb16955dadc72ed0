import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { UserMemory } from "../abi/user-memory.js";
import { seededRandom } from "../core/random.js";
import { compiler, recorded, withCompiled } from "../program/compiled.testing.js";
import { MAIN_ARENA, flatProcess } from "./flat-process.testing.js";
import { obstackCalls } from "./obstack.js";
import { Ptmalloc } from "./ptmalloc/allocator.js";

const hasObstack = existsSync("/usr/include/obstack.h");

/** Executes commands with glibc's obstack; a line of offsets, relative to the chunk, after each, and where the chunk is. */
const driver = `
#include <obstack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define obstack_chunk_alloc malloc
#define obstack_chunk_free free
static struct obstack o;
static void *objects[10000];
static int count;
static char data[100000], in[65536], out[65536];
static char *first;
static long relative(void *p) { return (char *)p - (char *)o.chunk; }
int main(void) {
  char command[32];
  long n;
  memset(data, 'x', sizeof data);
  setvbuf(stdin, in, _IOFBF, sizeof in);
  setvbuf(stdout, out, _IOFBF, sizeof out);
  while (scanf("%31s %ld", command, &n) == 2) {
    void *object = NULL;
    if (!strcmp(command, "begin")) obstack_begin(&o, n);
    else if (!strcmp(command, "alloc")) object = obstack_alloc(&o, n);
    else if (!strcmp(command, "copy0")) object = obstack_copy0(&o, data, n);
    else if (!strcmp(command, "grow")) obstack_grow(&o, data, n);
    else if (!strcmp(command, "grow0")) obstack_grow0(&o, data, n);
    else if (!strcmp(command, "grow1")) obstack_1grow(&o, n);
    else if (!strcmp(command, "int")) obstack_int_grow(&o, n);
    else if (!strcmp(command, "ptr")) obstack_ptr_grow(&o, (void *)n);
    else if (!strcmp(command, "blank")) obstack_blank(&o, n < -(long)obstack_object_size(&o) ? 0 : n);
    else if (!strcmp(command, "room")) obstack_make_room(&o, n);
    else if (!strcmp(command, "finish")) object = obstack_finish(&o);
    else if (!strcmp(command, "mask")) obstack_alignment_mask(&o) = n;
    else if (!strcmp(command, "copy")) object = obstack_copy(&o, data, n);
    else if (!strcmp(command, "all")) { obstack_free(&o, NULL); count = 0; obstack_begin(&o, n); }
    else if (!strcmp(command, "free") && count > 0) { count = n % count; obstack_free(&o, objects[count]); }
    if (object != NULL) { objects[count++] = object; printf("object %ld ", relative(object)); }
    if (first == NULL) first = (char *)o.chunk;
    printf("chunk %ld base %ld next %ld limit %ld room %d size %d used %d empty %d\\n", (char *)o.chunk - first, relative(obstack_base(&o)),
      relative(obstack_next_free(&o)), relative(o.chunk_limit), (int)obstack_room(&o),
      (int)obstack_object_size(&o), (int)obstack_memory_used(&o), obstack_empty_p(&o));
  }
}
`;

function randomCommands(seed: number, length: number): string[] {
  const random = seededRandom(seed);
  const commands = [`begin ${random.pick([0, 0, 128, 1000, 4064])}`];
  const size = (): number =>
    random.between(0, 9) === 0 ? random.between(0, 9000) : random.between(0, 200);
  while (commands.length < length) {
    const kinds = "alloc copy copy0 grow grow0 grow1 int ptr blank room finish mask free all".split(
      " ",
    );
    const kind = random.pick(kinds);
    if (kind === "mask") commands.push(`mask ${random.pick([0, 3, 7, 15])}`);
    else if (kind === "free") commands.push(`free ${random.between(0, 1000)}`);
    else if (kind === "all") {
      if (random.between(0, 3) === 0) commands.push(`all ${random.pick([0, 500, 8000])}`);
    } else if (kind === "blank")
      commands.push(`blank ${random.between(0, 3) === 0 ? -20 : size()}`);
    else commands.push(`${kind} ${size()}`);
  }
  return commands;
}

function simulated(commands: readonly string[]): string {
  const process = flatProcess();
  const heap = new Ptmalloc({ ...process, mainArena: MAIN_ARENA, random: seededRandom(1) });
  const functions = { allocate: (n: number) => heap.malloc(n), free: (p: number) => heap.free(p) };
  // The flat memory's words must not cross a page; growing objects store them anywhere.
  const plain = process.memory;
  const bytes = (address: number, value: number, size: number): void =>
    plain.write(
      address,
      Uint8Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256),
    );
  const memory: UserMemory = {
    ...plain,
    storeWord: (address, value) => bytes(address, value, 8),
    store32: (address, value) => bytes(address, value, 4),
  };
  const c = obstackCalls(memory, functions, (message) => {
    throw new Error(message);
  });
  const o = heap.malloc(88);
  const objects: number[] = [];
  const data = "x".repeat(100_000);
  const relative = (address: number): number => address - memory.loadWord(o + 8);
  let first: number | undefined;
  let text = "";
  for (const line of commands) {
    const [command = "", number = "0"] = line.split(" ");
    const n = Number(number);
    let object: number | undefined;
    if (command === "begin") c.obstack_begin(o, n);
    else if (command === "alloc") object = c.obstack_alloc(o, n);
    else if (command === "copy0") object = c.obstack_copy0(o, data, n);
    else if (command === "grow") c.obstack_grow(o, data, n);
    else if (command === "grow0") c.obstack_grow0(o, data, n);
    else if (command === "grow1") c.obstack_1grow(o, n);
    else if (command === "int") c.obstack_int_grow(o, n);
    else if (command === "ptr") c.obstack_ptr_grow(o, n);
    else if (command === "blank") c.obstack_blank(o, n < -c.obstack_object_size(o) ? 0 : n);
    else if (command === "room") c.obstack_make_room(o, n);
    else if (command === "finish") object = c.obstack_finish(o);
    else if (command === "mask") c.obstack_set_alignment_mask(o, n);
    else if (command === "copy") object = c.obstack_copy(o, data, n);
    else if (command === "all") {
      c.obstack_free(o, 0);
      objects.length = 0;
      c.obstack_begin(o, n);
    } else if (command === "free" && objects.length > 0) {
      objects.length = (n % objects.length) + 1;
      c.obstack_free(o, objects.pop() ?? 0);
    }
    if (object !== undefined) {
      objects.push(object);
      text += `object ${relative(object)} `;
    }
    first ??= memory.loadWord(o + 8);
    text += `chunk ${memory.loadWord(o + 8) - first} base ${relative(c.obstack_base(o))} next ${relative(c.obstack_next_free(o))} limit ${relative(memory.loadWord(o + 32))} room ${c.obstack_room(o)} size ${c.obstack_object_size(o)} used ${c.obstack_memory_used(o)} empty ${c.obstack_empty_p(o)}\n`;
  }
  return text;
}

/** Each line with the command it answers. */
function told(lines: string, commands: readonly string[]): string[] {
  return lines.split("\n").map((line, i) => `${commands[i] ?? ""}: ${line}`);
}

describe("obstacks", () => {
  // Skipped where there is no compiler or no glibc: the expected lines are glibc's own.
  it.skipIf(compiler === undefined || !hasObstack)(
    "give the offsets, sizes and chunks that glibc gives",
    () => {
      withCompiled({ text: driver }, (run) => {
        const fresh = Number(process.env["MEMORY_COURSE_SEED"] ?? Date.now() % 1e9);
        const seeds = Array.from({ length: 100 }, (_, i) => (i < 40 ? i : fresh + i));
        for (const seed of seeds) {
          const commands = randomCommands(seed, 150);
          expect(
            told(simulated(commands), commands),
            `MEMORY_COURSE_SEED=${fresh}: seed ${seed}`,
          ).toEqual(told(run(commands.join("\n")), commands));
        }
      });
    },
  );

  const commands = randomCommands(101, 400);
  const { system, output } = recorded("obstacks", { text: driver }, commands.join("\n"));
  it(`give the offsets, sizes and chunks recorded with ${system}`, () => {
    expect(told(simulated(commands), commands)).toEqual(told(output, commands));
  });

  it("give the numbers recorded with glibc 2.36", () => {
    expect(simulated(["begin 0", "alloc 1", "alloc 16", "alloc 17", "blank 5000"])).toBe(
      [
        "chunk 0 base 16 next 16 limit 4064 room 4048 size 0 used 4064 empty 1",
        "object 16 chunk 0 base 32 next 32 limit 4064 room 4032 size 0 used 4064 empty 0",
        "object 32 chunk 0 base 48 next 48 limit 4064 room 4016 size 0 used 4064 empty 0",
        "object 48 chunk 0 base 80 next 80 limit 4064 room 3984 size 0 used 4064 empty 0",
        "chunk 4080 base 16 next 5016 limit 5115 room 99 size 5000 used 9179 empty 0",
        "",
      ].join("\n"),
    );
  });
});
