/**
 * Remarks on what a C program does wrong without being stopped: the access happens, its bytes are what
 * is there, and a note says which tool would have reported it.
 */
import type { Address } from "../core/units.js";
import { hex } from "../core/units.js";

/** AddressSanitizer's names, and Valgrind's (memcheck) for a read of bytes that were never written. */
export type NoteKind =
  | "stack-use-after-return"
  | "stack-use-after-scope"
  | "stack-buffer-overflow"
  | "global-buffer-overflow"
  | "heap-buffer-overflow"
  | "heap-use-after-free"
  | "uninitialised-read"
  | "stack-smashed";

export interface Note {
  readonly kind: NoteKind;
  readonly address: Address;
  /** One sentence: what happened, to what, and who would have said so. */
  readonly text: string;
}

const tools: Readonly<Record<NoteKind, string>> = {
  "stack-use-after-return": "AddressSanitizer would report stack-use-after-return",
  "stack-use-after-scope": "AddressSanitizer would report stack-use-after-scope",
  "stack-buffer-overflow": "AddressSanitizer would report stack-buffer-overflow",
  "global-buffer-overflow": "AddressSanitizer would report global-buffer-overflow",
  "heap-buffer-overflow": "AddressSanitizer would report heap-buffer-overflow",
  "heap-use-after-free": "AddressSanitizer would report heap-use-after-free",
  "uninitialised-read": "Valgrind would report use of an uninitialised value",
  "stack-smashed": "-fstack-protector would have ended the program here",
};

/** The list of notes of one program, oldest first. */
export class Notes {
  readonly all: Note[] = [];

  add(kind: NoteKind, address: Address, what: string): void {
    this.all.push({ kind, address, text: `${what} at ${hex(address)}: ${tools[kind]}` });
  }

  toString(): string {
    return this.all.map((note) => note.text).join("\n");
  }
}
