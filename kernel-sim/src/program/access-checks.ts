/**
 * What a tool would have said of an access: notes on uses of dead objects, beyond an object's end, of bytes never
 * written. The access itself happens, whatever is noted.
 *
 * An object is known by the variable it is reached through: a local and its parts, or the address that `c.at()` or a
 * pointer gave. Not known is where an address that was computed came from: `c.at("int", p + 40)` is an object of its own.
 */
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";
import type { HeapObject } from "../libc/heap-requests.js";
import type { LocalTable } from "./local-table.js";
import { WRITTEN } from "./local-table.js";
import type { Placed } from "./locals.js";
import type { NoteKind, Notes } from "./notes.js";
import type { RunningProgram } from "./running-program.js";
import type { FunctionInfo, SavedRegisters, StackRegion } from "./stack-types.js";
import type { LocalVariable, Variable } from "./variable.js";

/** An object of static storage. */
export interface GlobalObject {
  readonly name: string;
  readonly address: Address;
  readonly sizeBytes: number;
}

/** What all stacks of a program share: its name, and its objects that are on no stack. */
export interface ProgramObjects {
  readonly program: string;
  readonly running: RunningProgram;
  readonly globals: GlobalObject[];
  /** What malloc gave at that very address. */
  heapObjectAt(address: Address): HeapObject | undefined;
}

/** What is looked at of a stack. */
export interface CheckedStack {
  readonly locals: LocalTable;
  readonly saved: SavedRegisters;
  readonly region: StackRegion;
  readonly notes: Notes;
  readonly depth: number;
  readonly sp: Address;
  readonly program: string;
  readonly current: { readonly lowest: Address; readonly fn: FunctionInfo } | undefined;
  localsEnd(depth: number): number;
}

/** A byte of AddressSanitizer's shadow memory stands for so many. */
const granuleBytes = 8;

type Access = "read" | "write";

export class AccessChecks {
  constructor(
    private readonly stack: CheckedStack,
    private readonly objects: ProgramObjects,
  ) {}

  reading(variable: Variable): void {
    const entry = this.check(variable, "read");
    if (entry < 0) return;
    const { locals } = this.stack;
    const written = locals.written[entry];
    if (written === WRITTEN.yes || written === WRITTEN.maybe) return;
    if (written === WRITTEN.partly && !this.isUnset(entry, variable)) return;
    this.note("uninitialised-read", variable, `read of ${variable.name}, never written,`);
  }

  writing(variable: Variable): void {
    const entry = this.check(variable, "write");
    if (entry < 0) return;
    const { locals } = this.stack;
    const local = variable.whole;
    const written = locals.written[entry];
    if (written === WRITTEN.yes) return;
    const whole = local === undefined || local === variable || variable.isBitField;
    if (whole || written === WRITTEN.maybe) locals.written[entry] = WRITTEN.yes;
    else {
      const from = variable.place - local.place;
      locals.writePart(entry, from, from + variable.size, local.size);
    }
  }

  addressTaken(variable: Variable): void {
    const local = variable.whole;
    if (local === undefined) return;
    const { running } = this.objects;
    if (running.stack !== this.stack || local.depth < running.depth) this.mustSee(local);
    if (local.entry < 0 || local.state !== "live") return;
    const { written } = this.stack.locals;
    if (written[local.entry] !== WRITTEN.yes) written[local.entry] = WRITTEN.maybe;
  }

  /** Whether a scalar has bytes that nothing was stored in, of a local that was written in parts. */
  private isUnset(entry: number, variable: Variable): boolean {
    const local = variable.whole;
    if (local === undefined || local === variable || variable.isBitField) return false;
    const from = variable.place - local.place;
    return !this.stack.locals.isWritten(entry, from, from + variable.size, local.size);
  }

  /** Notes what is wrong with an access, and finds the number of the live local it goes to; -1 where there is none. */
  private check(variable: Variable, access: Access): number {
    const local = variable.whole;
    if (local === undefined) return this.checkPointer(variable, access);
    const { running } = this.objects;
    if (running.stack !== this.stack || local.depth < running.depth) this.mustSee(local);
    const { state } = local;
    if (state === "live") {
      if (local === variable) return local.entry;
      const from = variable.place - local.place;
      if (from >= 0 && from + variable.size <= local.size) return local.entry;
      this.outside("stack-buffer-overflow", variable, access, local.name);
    } else if (state === "returned") {
      const what = `${access} of ${variable.name} after its function has returned,`;
      this.note("stack-use-after-return", variable, what);
    } else {
      const what = `${access} of ${variable.name} after the end of its block,`;
      this.note("stack-use-after-scope", variable, what);
    }
    return -1;
  }

  /** Throws `UsageError` where a function runs that cannot name the local: another program's, or another of its own. */
  private mustSee(local: LocalVariable): void {
    const { running } = this.objects;
    running.check(this.stack, `the local ${local.name}`);
    const user = running.stack?.current;
    if (user === undefined || local.state !== "live") return;
    throw new UsageError(
      `${local.name} is a local of ${local.functionName}(), and used by its name while ${user.fn.name}() runs`,
      `a function sees its own locals alone: pass ${local.name}.address to it, and use c.at("…", p) there`,
    );
  }

  private checkPointer(variable: Variable, access: Access): number {
    const { base } = variable;
    const { region } = this.stack;
    if (base < region.end && base >= region.lowest()) return this.checkStack(variable, access);
    const object = this.objects.heapObjectAt(base);
    if (object?.state === "freed") {
      const what = `${access} of ${variable.name} after its memory was freed,`;
      this.note("heap-use-after-free", variable, what);
    } else if (object !== undefined) {
      if (isOutside(variable, base, object.sizeBytes)) {
        const what = `the ${object.sizeBytes} bytes that malloc was asked for`;
        this.outside("heap-buffer-overflow", variable, access, what);
      }
    } else {
      for (const { name, address, sizeBytes } of this.objects.globals)
        if (
          base >= address &&
          base < address + sizeBytes &&
          isOutside(variable, address, sizeBytes)
        )
          this.outside("global-buffer-overflow", variable, access, name);
    }
    return -1;
  }

  private checkStack(variable: Variable, access: Access): number {
    const { stack } = this;
    const { base } = variable;
    if (base < (stack.current?.lowest ?? stack.sp)) {
      const what = `${access} of ${variable.name} below the stack pointer, where no function lives,`;
      this.note("stack-use-after-return", variable, what);
      return -1;
    }
    const depth = this.depthAt(base);
    const entry = this.localAt(depth, base);
    const local = stack.locals.placed[entry];
    if (local === undefined) return -1;
    if (stack.locals.blocks[entry]?.state === "closed") {
      const what = `${access} of ${variable.name}, which is ${local.name} after the end of its block,`;
      this.note("stack-use-after-scope", variable, what);
      return -1;
    }
    const start = (stack.saved.bp[depth] ?? 0) - local.distance;
    if (!isOutside(variable, start, local.sizeBytes)) return entry;
    this.outside("stack-buffer-overflow", variable, access, local.name);
    return -1;
  }

  private outside(kind: NoteKind, variable: Variable, access: Access, object: string): void {
    this.note(kind, variable, `${access} of ${variable.name} outside ${object},`);
  }

  private note(kind: NoteKind, variable: Variable, what: string): void {
    this.stack.notes.add(kind, variable.place, what);
  }

  /** The depth of the frame that holds the address, or of the nearest one. */
  private depthAt(address: Address): number {
    const { bp } = this.stack.saved;
    let low = 0;
    let high = this.stack.depth - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((bp[middle] ?? 0) + 16 > address) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The number of the local that covers the address: a live one, else a dead one; -1 where none does. */
  private localAt(depth: number, address: Address): number {
    const { locals, saved } = this.stack;
    const distance = (saved.bp[depth] ?? 0) - address;
    let found = -1;
    const end = this.stack.localsEnd(depth);
    for (let entry = saved.firstLocal[depth] ?? 0; entry < end; entry++) {
      const one = locals.placed[entry];
      if (one === undefined || !covers(one, distance)) continue;
      if (locals.blocks[entry]?.state !== "closed") return entry;
      if (one.kind === "local") found = entry;
    }
    return found;
  }
}

function covers({ distance, sizeBytes }: Placed, at: number): boolean {
  return at <= distance && distance - at < sizeBytes;
}

/**
 * Whether AddressSanitizer sees the access leave the object: it looks at the eight bytes that hold the access's first,
 * so that one which leaves a whole eight by its end alone is not seen (gcc 12, asan.cc, build_check_stmt).
 */
function isOutside(variable: Variable, start: Address, sizeBytes: number): boolean {
  const { size } = variable;
  const from = variable.place - start;
  if (from < 0 || from >= sizeBytes) return true;
  if (size > granuleBytes) return from + size > sizeBytes;
  const granule = from - (from % granuleBytes);
  const valid = sizeBytes - granule;
  return valid < granuleBytes && from - granule + size > valid;
}
