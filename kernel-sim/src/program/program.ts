/**
 * A C program as its source sees it: functions with frames and locals, types, jumps, signal handlers
 * and threads, on the simulated machine. It reaches the kernel through Syscalls and UserMemory alone.
 */
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../abi/mman.js";
import { Errno } from "../abi/errno.js";
import type { SignalInfo } from "../abi/signal.js";
import type { StackInfo } from "../abi/stack-info.js";
import type { Syscalls } from "../abi/syscalls.js";
import type { UserMemory } from "../abi/user-memory.js";
import { UsageError } from "../core/errors.js";
import type { HeapObject } from "../libc/heap-requests.js";
import type { GlobalObject } from "./access-checks.js";
import type { Address } from "../core/units.js";
import { MiB, PAGE_SIZE } from "../core/units.js";
import { CallStack } from "./call-stack.js";
import type { CType } from "./ctype.js";
import { declare } from "./ctype.js";
import { createTypeTable } from "./type-table.js";
import type { TypeTable } from "./type-table.js";
import { defineFunction } from "./functions.js";
import type { FunctionBody } from "./deep-call.js";
import type { CFunction, FunctionOptions } from "./functions.js";
import { longjmp, makeJumpBuffer, setjmp } from "./jump.js";
import type { JumpBuffer } from "./jump.js";
import { Notes } from "./notes.js";
import type { RunningProgram } from "./running-program.js";
import { Signals } from "./signals.js";
import type { Handler, StackT } from "./signals.js";
import { snapshot } from "./snapshot.js";
import { SplitStack } from "./split-stack.js";
import type { SplitStackOptions } from "./split-stack.js";
import type { StackRegion } from "./stack-types.js";
import { ThreadStacks, threadRegion } from "./threads.js";
import type { ThreadAttributes } from "./threads.js";
import { PlacedVariable, findField } from "./variable.js";
import type { Variable } from "./variable.js";

/** What a program needs of the process it runs in. */
export interface ProgramEnvironment {
  readonly memory: UserMemory;
  readonly syscalls: Syscalls;
  readonly stack: StackRegion;
  /** Where the code of its functions lies. */
  readonly textStart: Address;
  /** The program's writable data: its objects of static storage lie there, one after another. */
  readonly data: { readonly start: Address; readonly end: Address };
  /** What messages call it: `process 101`. */
  readonly name: string;
  /** The same for all programs of a machine. */
  readonly running: RunningProgram;
  /** What malloc gave at that very address, for notes. */
  heapObjectAt(address: Address): HeapObject | undefined;
  /** RLIMIT_STACK as it was at execve: the size of threads' stacks. */
  readonly stackLimitBytes: number;
}

/** Names that are free for the facade to spread into `c`. */
export interface Program {
  /** Declares structs, unions, enums and typedefs: C text, as in a header. */
  types(text: string): void;
  /** The texts that {@link types} was given, so that a child process can know them too. */
  readonly declaredTypes: readonly string[];
  /** `sizeof(type)`, or of a variable. */
  sizeof(what: string | Variable): number;
  /** `_Alignof(type)`. */
  alignof(type: string): number;
  /** `offsetof(type, member)`; a path `"a.b"` looks into members. */
  offsetof(type: string, member: string): number;
  /** The struct's members with their places and holes, a line each, as pahole(1) prints them. */
  layoutOf(type: string): string;
  /** A function: its header as in C, its body in TypeScript. {@link DeepCall} tells of recursion of any depth. */
  define(header: string, body: FunctionBody, options?: FunctionOptions): CFunction;
  /** An object of static storage: `c.global("int counter", 1)` is `static int counter = 1;`. Without a value it is zero. */
  global(declaration: string, value?: number | string): Variable;
  /** `*(type *)address`: an object wherever it may be, or may have been. */
  at(type: string, address: Address): Variable;
  jmp_buf(): JumpBuffer;
  setjmp<T>(env: JumpBuffer, body: (value: number) => T): T;
  longjmp(env: JumpBuffer, value: number): never;
  sigaction(signal: number, handler: Handler | undefined, flags?: number): number;
  sigaltstack(next: StackT | undefined): StackT | number;
  /** Runs `start(arg)` on a stack of its own; its result, as pthread_join would give it. */
  pthread_create(start: CFunction, arg: number, attributes?: ThreadAttributes): number;
  /** From now on calls check their stacklet, as code built with -fsplit-stack does. */
  splitStack(options: SplitStackOptions): SplitStack;
  /** rsp of the running thread. */
  sp(): Address;
  readonly notes: Notes;
  /** The frames and locals of the running thread, as plain data. */
  readonly stackInfo: () => StackInfo;
  /** The kernel's seam: a signal that a fault raised. */
  readonly deliverSignal: (info: SignalInfo) => "resume" | "terminate";
}

/** Functions' code is laid out one after another, as a linker would. */
const firstFunctionOffset = 0x139;
const functionBytes = 0x40;
/** What gcc's start files and the dynamic linker have in .data before the program's own objects. */
const dataPreambleBytes = 0x10;
const minimumThreadStack = 16_384;

export function createProgram(environment: ProgramEnvironment): Program {
  const { memory, syscalls } = environment;
  const table: TypeTable = createTypeTable();
  const declaredTypes: string[] = [];
  const notes = new Notes();
  let functions = 0;
  const nextAddress = (): Address =>
    environment.textStart + firstFunctionOffset + functions++ * functionBytes;
  const signals = new Signals(() => running, nextAddress);
  const raise = (info: SignalInfo): void => {
    signals.deliver(info);
  };
  const globals: GlobalObject[] = [];
  const heapObjectAt = (address: Address): HeapObject | undefined =>
    environment.heapObjectAt(address);
  const identity = { program: environment.name, running: environment.running };
  const objects = { ...identity, globals, heapObjectAt };
  const newStack = (region: StackRegion): CallStack =>
    new CallStack(memory, region, table, notes, objects, raise);
  const main = newStack(environment.stack);
  let running = main;
  let nextGlobal = environment.data.start + dataPreambleBytes;
  const threads = new ThreadStacks(syscalls);
  const caller = { stack: () => running, types: table, nextAddress };

  return {
    types(text) {
      table.declare(text);
      declaredTypes.push(text);
      main.forgetDeclarations();
      running.forgetDeclarations();
    },
    declaredTypes,
    sizeof: (what) => (typeof what === "string" ? complete(table, what).sizeBytes : what.size),
    alignof: (type) => complete(table, type).alignBytes,
    offsetof: (type, member) => offsetOf(complete(table, type), type, member),
    layoutOf: (type) => describeLayout(complete(table, type), type),
    define: (header, body, options = {}) => defineFunction(caller, header, body, options),
    global(declaration, value) {
      const { name, type } = main.declarationOf(declaration);
      const align = type.kind === "array" && type.sizeBytes >= 32 ? 32 : type.alignBytes;
      const address = Math.ceil(nextGlobal / align) * align;
      if (address + type.sizeBytes > environment.data.end)
        throw new UsageError(
          `global("${declaration}"): ${type.sizeBytes} bytes do not fit in the program's data`,
          `${environment.data.end - nextGlobal} bytes are left; larger objects come from malloc or mmap`,
        );
      nextGlobal = address + type.sizeBytes;
      globals.push({ name, address, sizeBytes: type.sizeBytes });
      const variable = new PlacedVariable(running, { name, type }, address, undefined);
      if (typeof value === "number") variable.value = value;
      else if (value !== undefined) variable.set(value);
      return variable;
    },
    at(type, address) {
      const name = `*(${type} *)0x${address.toString(16)}`;
      return new PlacedVariable(running, { name, type: complete(table, type) }, address, undefined);
    },
    jmp_buf: makeJumpBuffer,
    setjmp: (env, body) => setjmp(running, env, body),
    longjmp,
    sigaction: (signal, handler, flags = 0) => signals.sigaction(signal, handler, flags),
    sigaltstack: (next) => signals.sigaltstack(next),
    pthread_create(start, arg, attributes = {}) {
      const size =
        attributes.stackBytes ??
        (environment.stackLimitBytes === Infinity ? 2 * MiB : environment.stackLimitBytes);
      if (size < minimumThreadStack) return -Errno.EINVAL;
      const stack = threads.take(size, attributes.guardBytes ?? PAGE_SIZE);
      if (typeof stack === "number") return stack;
      const before = running;
      running = newStack(threadRegion(stack));
      try {
        return start(arg);
      } finally {
        running = before;
        threads.give(stack);
      }
    },
    splitStack(options) {
      if (running.depth > 0)
        throw new UsageError(
          "splitStack() while functions run",
          "call it before the first function: a program is built with -fsplit-stack or without",
        );
      const source = {
        allocate: (bytes: number): Address => {
          const flags = MAP_PRIVATE | MAP_ANONYMOUS;
          return syscalls.mmap(0, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
        },
        free: (low: Address, bytes: number): void => void syscalls.munmap(low, bytes),
      };
      running.split = new SplitStack(options, source, running.sp);
      return running.split;
    },
    sp: () => running.current?.sp ?? running.sp,
    notes,
    stackInfo: () => snapshot(running),
    deliverSignal: (info) => signals.deliver(info),
  };
}

function complete(table: TypeTable, text: string): CType {
  const type = table.typeOf(text);
  if ((type.kind === "struct" || type.kind === "union") && type.fields === undefined)
    throw new UsageError(
      `${text} is incomplete: its members are not declared`,
      `declare it: c.types("${text} { … };")`,
    );
  return type;
}

function offsetOf(type: CType, text: string, path: string): number {
  let at: CType = type;
  let offset = 0;
  for (const name of path.split(".")) {
    const found = findField(at, name);
    if (found === undefined)
      throw new UsageError(
        `${text} has no member "${path}"`,
        "name a member of the struct; c.layoutOf(type) lists them",
      );
    if (found.field.bits !== undefined)
      throw new UsageError(
        `${text}.${path} is a bit-field, which has no offset in bytes`,
        "c.layoutOf(type) shows its bits",
      );
    offset += found.offsetBytes;
    at = found.field.type;
  }
  return offset;
}

function describeLayout(type: CType, text: string): string {
  if (type.kind !== "struct" && type.kind !== "union")
    return `${text}: ${type.sizeBytes} bytes, aligned to ${type.alignBytes}`;
  const lines = [`${text}: ${type.sizeBytes} bytes, aligned to ${type.alignBytes}`];
  let nextBit = 0;
  const hole = (bits: number): void => {
    if (bits > 0 && type.kind === "struct")
      lines.push(`        ${bits % 8 === 0 ? `${bits / 8} bytes` : `${bits} bits`} of padding`);
  };
  for (const field of type.fields ?? []) {
    const bit = field.offsetBytes * 8 + (field.bits?.offset ?? 0);
    hole(bit - nextBit);
    const width = field.bits === undefined ? field.type.sizeBytes * 8 : field.bits.width;
    const size =
      field.bits === undefined
        ? `${field.type.sizeBytes}`
        : `bits ${field.bits.offset}..${field.bits.offset + width - 1}`;
    const words = declare(field.name, field.type) + (field.bits === undefined ? "" : ` : ${width}`);
    lines.push(`${String(field.offsetBytes).padStart(6)}  ${words.padEnd(28)} ${size}`);
    nextBit = bit + width;
  }
  hole(type.sizeBytes * 8 - nextBit);
  return lines.join("\n");
}
