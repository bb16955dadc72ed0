/** The memory of a process, as its own instructions see it: every access may fault. */
import type { Address } from "../core/units.js";
import type { PageWindow } from "./page-window.js";

/**
 * Loads and stores through the MMU, little-endian as on x86-64. An access may cross pages.
 *
 * A page that is not there is faulted in by the kernel. A fault that no handler takes throws
 * `ProgramTerminated`. Unaligned access is allowed, as on x86-64.
 */
export interface UserMemory {
  load8(address: Address): number;
  load16(address: Address): number;
  load32(address: Address): number;
  /** The 64 bits at `address` as a number: exact below 2^53, else rounded; use {@link load64} to be exact. */
  loadWord(address: Address): number;
  load64(address: Address): bigint;

  store8(address: Address, value: number): void;
  store16(address: Address, value: number): void;
  store32(address: Address, value: number): void;
  /** Stores a whole number, 0 up to 2^53, as 64 bits. */
  storeWord(address: Address, value: number): void;
  store64(address: Address, value: bigint): void;

  /** memset(3). */
  fill(address: Address, byte: number, sizeBytes: number): void;
  /** memmove(3). */
  copy(destination: Address, source: Address, sizeBytes: number): void;
  /** The bytes of [address, address + sizeBytes), copied out. */
  read(address: Address, sizeBytes: number): Uint8Array;
  write(address: Address, bytes: Uint8Array): void;
  /** One byte loaded from (or 1 stored to) `address` and the start of each further page below `address + sizeBytes`. */
  touch(address: Address, sizeBytes: number, access: "read" | "write"): void;
}

/** A memory whose bytes a module of WebAssembly can work on. */
export interface WindowedMemory extends UserMemory {
  readonly window: PageWindow;
}
