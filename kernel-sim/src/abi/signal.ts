/** Signals as a C program meets them (signal(7), sigaction(2)). */
import { hex } from "../core/units.js";
import type { Address } from "../core/units.js";

export const SIGABRT = 6;
export const SIGBUS = 7;
export const SIGKILL = 9;
export const SIGSEGV = 11;

/** si_code of SIGSEGV: no mapping there; a mapping without that right. Of SIGBUS: no such object. */
export const SEGV_MAPERR = 1;
export const SEGV_ACCERR = 2;
export const BUS_ADRERR = 2;

export type SignalName = "SIGSEGV" | "SIGBUS" | "SIGABRT" | "SIGKILL";
export type SignalCode = "MAPERR" | "ACCERR" | "ADRERR" | "USER" | "KERNEL";

/** What the kernel tells of a signal: siginfo_t, as far as memory is concerned. */
export interface SignalInfo {
  readonly signal: SignalName;
  readonly code: SignalCode;
  /** si_addr, where a fault was the cause. */
  readonly address?: Address;
  /** What the C library wrote to standard error before it aborted, without the newline. */
  readonly message?: string;
}

/**
 * Thrown through the code that plays the C program when a signal ends it: nothing after the faulting
 * line runs, as in C. The machine that ran the program catches it and keeps it as the exit status.
 */
export class ProgramTerminated extends Error {
  override readonly name: string = "ProgramTerminated";
  readonly info: SignalInfo;

  constructor(info: SignalInfo) {
    const at = info.address === undefined ? "" : ` at ${hex(info.address)}`;
    const code = info.code === "USER" || info.code === "KERNEL" ? "" : `/${info.code}`;
    super(`${info.signal}${code}${at}${info.message === undefined ? "" : `: ${info.message}`}`);
    this.info = info;
  }
}
