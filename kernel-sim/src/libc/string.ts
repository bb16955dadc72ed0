/** string.h over simulated memory: every byte is loaded and stored where C would. */
import type { UserMemory } from "../abi/user-memory.js";
import type { Address } from "../core/units.js";

/** The part of string.h that programs about memory use; destinations are returned, as in C. */
export interface StringCalls {
  readonly memset: (s: Address, c: number, n: number) => Address;
  /** Defined only where the areas do not overlap; moves as memmove does where they do. */
  readonly memcpy: (dest: Address, src: Address, n: number) => Address;
  readonly memmove: (dest: Address, src: Address, n: number) => Address;
  readonly memcmp: (s1: Address, s2: Address, n: number) => number;
  readonly strlen: (s: Address) => number;
  /** `src` may also be a string of the host, as a string literal in C: its UTF-8 bytes and a 0. */
  readonly strcpy: (dest: Address, src: Address | string) => Address;
  readonly strcmp: (s1: Address, s2: Address) => number;
  /** The string at `s` up to its 0, for the host to print. */
  readonly string: (s: Address) => string;
}

export function stringCalls(memory: UserMemory): StringCalls {
  const strlen = (s: Address): number => {
    let length = 0;
    while (memory.load8(s + length) !== 0) length++;
    return length;
  };
  const move = (dest: Address, src: Address, n: number): Address => {
    if (n > 0) memory.copy(dest, src, n);
    return dest;
  };
  return {
    memset(s, c, n) {
      if (n > 0) memory.fill(s, c & 0xff, n);
      return s;
    },
    memcpy: move,
    memmove: move,
    memcmp(s1, s2, n) {
      for (let i = 0; i < n; i++) {
        const difference = memory.load8(s1 + i) - memory.load8(s2 + i);
        if (difference !== 0) return difference;
      }
      return 0;
    },
    strlen,
    strcpy(dest, src) {
      if (typeof src === "string") memory.write(dest, bytesOf(src));
      else move(dest, src, strlen(src) + 1);
      return dest;
    },
    strcmp(s1, s2) {
      for (let i = 0; ; i++) {
        const a = memory.load8(s1 + i);
        const difference = a - memory.load8(s2 + i);
        if (difference !== 0 || a === 0) return difference;
      }
    },
    string: (s) => textOf(memory.read(s, strlen(s))),
  };
}

/** UTF-8 with a 0 at the end; written out, since TextEncoder is no part of the language. */
/** The UTF-8 bytes of a string and a 0, as a string literal in C. */
export function bytesOf(text: string): Uint8Array {
  const escaped = encodeURIComponent(text);
  const bytes: number[] = [];
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] === "%") {
      bytes.push(parseInt(escaped.slice(i + 1, i + 3), 16));
      i += 2;
    } else bytes.push(escaped.charCodeAt(i));
  }
  bytes.push(0);
  return Uint8Array.from(bytes);
}

/** UTF-8 read back; bytes that are not UTF-8 are shown one character each. */
function textOf(bytes: Uint8Array): string {
  let escaped = "";
  let plain = "";
  for (const byte of bytes) {
    escaped += `%${byte.toString(16).padStart(2, "0")}`;
    plain += String.fromCharCode(byte);
  }
  try {
    return decodeURIComponent(escaped);
  } catch {
    return plain;
  }
}
