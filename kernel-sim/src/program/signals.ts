/**
 * Signal handlers and the alternate signal stack: sigaction(2), sigaltstack(2), and what the kernel
 * writes on the stack before a handler runs (arch/x86/kernel/signal.c, get_sigframe, on Linux 6.18).
 *
 * Modelled: SIGSEGV and SIGBUS by faults, SA_ONSTACK, SA_NODEFER, SS_AUTODISARM, a signal stack that
 * is too small. Not modelled: signals from other processes, queues, masks of other signals.
 */
import { Errno } from "../abi/errno.js";
import { ProgramTerminated, SIGABRT, SIGBUS, SIGKILL, SIGSEGV } from "../abi/signal.js";
import type { SignalInfo, SignalName } from "../abi/signal.js";
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";
import type { CallStack } from "./call-stack.js";
import { voidType } from "./ctype.js";
import type { Frame } from "./frame.js";
import type { FunctionInfo } from "./stack-types.js";

export const SA_SIGINFO = 0x4;
export const SA_ONSTACK = 0x0800_0000;
export const SA_NODEFER = 0x4000_0000;
export const SS_ONSTACK = 1;
export const SS_DISABLE = 2;
/** Linux 4.7: the alternate stack is switched off while a handler runs on it. */
export const SS_AUTODISARM = 0x8000_0000;
/** The constants of old headers; since glibc 2.34 sysconf(_SC_SIGSTKSZ) asks the kernel. */
export const MINSIGSTKSZ = 2048;
export const SIGSTKSZ = 8192;

/** stack_t. */
export interface StackT {
  readonly ss_sp: Address;
  readonly ss_size: number;
  readonly ss_flags: number;
}

/** The default action, in place of a handler. */
export const SIG_DFL = 0;

/** struct sigaction, without a mask. */
export interface SigactionT {
  readonly sa_handler: Handler | typeof SIG_DFL;
  readonly sa_flags?: number;
}

/** What a handler is given: its frame and siginfo_t. It may jump out; where it returns, the access is tried again. */
export type Handler = (f: Frame, info: SignalInfo) => void;

interface Action {
  readonly info: FunctionInfo;
  readonly handler: Handler;
  readonly flags: number;
}

const numbers: Readonly<Record<number, SignalName>> = {
  [SIGSEGV]: "SIGSEGV",
  [SIGBUS]: "SIGBUS",
  [SIGABRT]: "SIGABRT",
  [SIGKILL]: "SIGKILL",
};

const redZoneBytes = 128;
/** struct rt_sigframe: return address, ucontext and siginfo; then the saved registers of AVX, 64-aligned. */
const signalFrameBytes = 440;
const savedRegistersBytes = 832;
/** A handler that returns from a fault without mending it would be called for ever. */
const mostRepeats = 1000;

export class Signals {
  private readonly actions = new Map<SignalName, Action>();
  private alternate: StackT = { ss_sp: 0, ss_size: 0, ss_flags: SS_DISABLE };
  private readonly running: SignalName[] = [];
  private pushing: "no" | "yes" = "no";
  private repeats = 0;
  private lastFault: Address = -1;

  constructor(
    private readonly stack: () => CallStack,
    private readonly nextAddress: () => Address,
  ) {}

  /** `sigaction(signal, handler, flags)`; `undefined` is SIG_DFL. Returns 0, or -EINVAL for SIGKILL. */
  sigaction(signal: number, handler: Handler | undefined, flags: number): number {
    const name = numbers[signal];
    if (name === undefined)
      throw new UsageError(`signal ${signal} is not modelled`, "use SIGSEGV, SIGBUS or SIGABRT");
    if (name === "SIGKILL") return -Errno.EINVAL;
    if (handler === undefined) this.actions.delete(name);
    else {
      const type = {
        kind: "function",
        result: voidType,
        parameters: [],
        sizeBytes: 1,
        alignBytes: 1,
      } as const;
      const info = {
        name: `${name} handler`,
        type,
        address: this.nextAddress(),
        frameBytes: undefined,
        declared: [],
        placements: [],
      };
      this.actions.set(name, { info, handler, flags });
    }
    return 0;
  }

  /** Sets the alternate stack; `undefined` only asks. Returns the old one, or -errno. */
  sigaltstack(next: StackT | undefined): StackT | number {
    const stack = this.stack();
    const old = { ...this.alternate, ss_flags: this.flagsAt(stack.sp) };
    if (next === undefined) return old;
    if (this.flagsAt(stack.sp) === SS_ONSTACK) return -Errno.EPERM;
    const mode = next.ss_flags % SS_AUTODISARM;
    if (mode !== 0 && mode !== SS_DISABLE && mode !== SS_ONSTACK) return -Errno.EINVAL;
    if (mode === SS_DISABLE) this.alternate = { ss_sp: 0, ss_size: 0, ss_flags: SS_DISABLE };
    else if (next.ss_size < MINSIGSTKSZ) return -Errno.ENOMEM;
    else this.alternate = { ...next };
    return old;
  }

  /**
   * Delivers a signal that a fault raised: "resume" after its handler returned; "terminate" where
   * there is none, where it is blocked, or where its frame cannot be written.
   */
  deliver(info: SignalInfo): "resume" | "terminate" {
    const action = this.actions.get(info.signal);
    if (action === undefined || this.pushing === "yes") return "terminate";
    const blocked = this.running.includes(info.signal) && (action.flags & SA_NODEFER) === 0;
    if (blocked) return "terminate";
    this.countRepeats(info);
    const stack = this.stack();
    const saved = { sp: stack.sp, depth: stack.depth, args: stack.args };
    const alternate = this.alternate;
    const top = this.frameTop(stack, action);
    if (top === undefined || !this.push(stack, top)) {
      stack.sp = saved.sp;
      return "terminate";
    }
    const onAlternate = (action.flags & SA_ONSTACK) !== 0 && alternate.ss_flags !== SS_DISABLE;
    if (onAlternate && alternate.ss_flags >= SS_AUTODISARM)
      this.alternate = { ss_sp: 0, ss_size: 0, ss_flags: SS_DISABLE };
    this.running.push(info.signal);
    const { running } = stack;
    const depthBefore = running.depth;
    try {
      const frame = stack.interrupt(action.info);
      running.depth = frame.depth;
      action.handler(frame, info);
      stack.leave(frame);
      // sigreturn restores it; a jump out of the handler does not.
      this.alternate = alternate;
    } finally {
      this.running.pop();
      running.depth = depthBefore;
      stack.unwind(saved.depth);
      stack.sp = saved.sp;
      stack.args = saved.args;
    }
    return "resume";
  }

  private flagsAt(sp: Address): number {
    const { ss_sp, ss_size, ss_flags } = this.alternate;
    if (ss_flags === SS_DISABLE) return SS_DISABLE;
    if (ss_flags >= SS_AUTODISARM) return SS_AUTODISARM;
    return sp > ss_sp && sp <= ss_sp + ss_size ? SS_ONSTACK : 0;
  }

  /** Where the signal's frame ends up; `undefined` where it would leave the alternate stack. */
  private frameTop(stack: CallStack, action: Action): Address | undefined {
    let sp = (stack.current?.lowest ?? stack.sp) - redZoneBytes;
    const wanted = (action.flags & SA_ONSTACK) !== 0 && this.flagsAt(stack.sp) !== SS_DISABLE;
    const enters = wanted && this.flagsAt(stack.sp) !== SS_ONSTACK;
    if (enters) sp = this.alternate.ss_sp + this.alternate.ss_size;
    const registers = Math.floor((sp - savedRegistersBytes) / 64) * 64;
    const top = Math.floor((registers - signalFrameBytes) / 16) * 16 - 8;
    return wanted && top < this.alternate.ss_sp ? undefined : top;
  }

  /** Writes the frame as the kernel does; where that faults, the signal cannot be delivered. */
  private push(stack: CallStack, top: Address): boolean {
    this.pushing = "yes";
    try {
      stack.memory.fill(top, 0, signalFrameBytes);
      stack.sp = top + 8;
      return true;
    } catch (error) {
      if (error instanceof ProgramTerminated) return false;
      throw error;
    } finally {
      this.pushing = "no";
    }
  }

  private countRepeats({ address }: SignalInfo): void {
    this.repeats = address === this.lastFault ? this.repeats + 1 : 0;
    this.lastFault = address ?? -1;
    if (this.repeats > mostRepeats)
      throw new UsageError(
        `the handler returned ${mostRepeats} times and the access still faults: the program would loop for ever`,
        "mend the fault in the handler (mprotect, mmap), or leave it with longjmp or _exit",
      );
  }
}
