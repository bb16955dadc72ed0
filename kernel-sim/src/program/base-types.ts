/** The words that C's own types are written with, and what they are on x86-64 (System V ABI, AMD64 supplement, 3.1.2). */
import { float, integer, intType, voidType } from "./ctype.js";
import type { CType } from "./ctype.js";

/** Base types, by their words sorted as here, without an `int` or `signed` that says nothing more. */
export const baseTypes: Readonly<Record<string, CType>> = {
  void: voidType,
  char: integer("char", 1, "signed"),
  "char signed": integer("signed char", 1, "signed"),
  "char unsigned": integer("unsigned char", 1, "unsigned"),
  short: integer("short int", 2, "signed"),
  "short unsigned": integer("short unsigned int", 2, "unsigned"),
  int: intType,
  unsigned: integer("unsigned int", 4, "unsigned"),
  long: integer("long int", 8, "signed"),
  "long unsigned": integer("long unsigned int", 8, "unsigned"),
  "long long": integer("long long int", 8, "signed"),
  "long long unsigned": integer("long long unsigned int", 8, "unsigned"),
  float: float("float", 4),
  double: float("double", 8),
  "double long": float("long double", 16),
  _Bool: integer("_Bool", 1, "bool"),
};

/** Names that <stddef.h>, <stdint.h>, <stdbool.h> and <sys/types.h> give, with what they are here. */
export const libraryTypes: Readonly<Record<string, string>> = {
  size_t: "long unsigned",
  ssize_t: "long",
  ptrdiff_t: "long",
  intptr_t: "long",
  uintptr_t: "long unsigned",
  off_t: "long",
  bool: "_Bool",
  int8_t: "char signed",
  uint8_t: "char unsigned",
  int16_t: "short",
  uint16_t: "short unsigned",
  int32_t: "int",
  uint32_t: "unsigned",
  int64_t: "long",
  uint64_t: "long unsigned",
  wchar_t: "int",
};

/** What base types are written with. */
export const baseWords = new Set(
  "void char short int long float double signed unsigned _Bool".split(" "),
);
/** What a declaration may say without its layout being another. */
export const ignoredWords = new Set(
  "const volatile static register extern inline restrict __restrict auto _Noreturn".split(" "),
);
