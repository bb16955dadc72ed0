/** The parser of the trace language: bytes in, commands out, as many at a time as are asked for. */
import { PROT_EXEC, PROT_READ, PROT_WRITE } from "../abi/mman.js";
import { BASE_HEAP, BASE_TOP, HAS_CHILD, NONE } from "./command-list.js";
import type { CommandList } from "./command-list.js";
import {
  Op,
  advices,
  limits,
  malloptParameters,
  mapFlags,
  operandsOf,
  remapFlags,
  syncFlags,
} from "./language.js";
import type { OpName } from "./language.js";
import { LineReader, Unexpected } from "./line-reader.js";
import { NameTable } from "./names.js";
import { TraceSyntaxError } from "./syntax-error.js";

const NEWLINE = 10;
const AT = 64;
const PLUS = 43;
const MINUS = 45;
const LONGEST_NAME = 15;

const HEAP = asciiBytes("heap");
const TOP = asciiBytes("top");

const opNames = Object.keys(Op) as OpName[];

export class TraceParser {
  readonly names: NameTable;
  readonly #file: string;
  readonly #line: LineReader = new LineReader();
  #lineNumber = 0;
  /** The numbers of the words that begin a line, found without making a string of them. */
  readonly #words = new NameTable();
  readonly #opOperands: string[] = [];

  /** `expectedNames` may be given for a long trace, so that the tables need not grow. */
  constructor(file: string, expectedNames?: number) {
    this.#file = file;
    this.names = new NameTable(expectedNames);
    for (const name of opNames) {
      this.#words.intern(asciiBytes(name), 0, name.length);
      this.#opOperands[Op[name]] = operandsOf[name];
    }
  }

  /**
   * Appends the commands of the whole lines in `bytes` to `list`; a last line without its newline is
   * left, unless `isLast`. Returns how many bytes were read. Throws TraceSyntaxError at the first line
   * that is not the language's; what came before it is in the list.
   */
  parse(bytes: Uint8Array, list: CommandList, isLast: "last" | "more follows"): number {
    let at = 0;
    while (at < bytes.length) {
      let end = bytes.indexOf(NEWLINE, at);
      if (end < 0) {
        if (isLast === "more follows") return at;
        end = bytes.length;
      }
      this.#lineNumber++;
      this.#parseLine(bytes, at, end, list);
      at = end + 1;
    }
    return bytes.length;
  }

  #parseLine(bytes: Uint8Array, start: number, end: number, list: CommandList): void {
    const line = this.#line;
    const wordsBefore = list.words.length;
    line.begin(bytes, start, end);
    if (!line.next()) return;
    try {
      this.#command(list);
      list.count++;
    } catch (error) {
      if (!(error instanceof Unexpected)) throw error;
      list.words.length = wordsBefore;
      throw new TraceSyntaxError({
        file: this.#file,
        line: this.#lineNumber,
        column: error.start - start + 1,
        expected: error.expected,
        found: line.text(error.start, error.end),
      });
    }
  }

  #command(list: CommandList): void {
    const line = this.#line;
    let child = NONE;
    if (line.bytes[line.start] === AT) {
      child = this.#name(line.start + 1, line.end, "a child's name after @");
      line.require("a command for the child");
    }
    const op = this.#op();
    list.words.push(child === NONE ? op : op | HAS_CHILD);
    if (child !== NONE) list.words.push(child);
    const operands = this.#opOperands[op] as string;
    for (let i = 0; i < operands.length; i++) this.#operand(operands[i] as string, list);
    if (line.next()) line.fail("the end of the line");
  }

  #op(): number {
    const line = this.#line;
    const before = this.#words.count;
    const op =
      line.end - line.start > 16 ? before : this.#words.intern(line.bytes, line.start, line.end);
    // A word that is new to the table is no command; that ends the parsing, so the table may keep it.
    if (op >= opNames.length) line.fail("a command (malloc, free, mmap, read, smaps, …)");
    return op;
  }

  #name(start: number, end: number, expected: string): number {
    const length = end - start;
    if (length < 1 || length > LONGEST_NAME) {
      this.#line.fail(`${expected}, of 1 to ${LONGEST_NAME} characters`, start);
    }
    return this.names.intern(this.#line.bytes, start, end);
  }

  #operand(kind: string, list: CommandList): void {
    const line = this.#line;
    switch (kind) {
      case "N":
        line.require("a name");
        list.words.push(this.#name(line.start, line.end, "a name"));
        return;
      case "E":
        line.require("an address: NAME, NAME+N, NAME-N, heap+N or top-N");
        this.#address(line.start, list);
        return;
      case "n":
        line.require("a number");
        list.pushNumber(line.number());
        return;
      case "s":
        line.require("a number");
        this.#signed(line.start, list);
        return;
      case "p":
        line.require("rights (r, w, x or none)");
        list.words.push(this.#rights());
        return;
      case "f":
        line.require("mmap's flags");
        list.words.push(this.#flags(mapFlags));
        this.#tail(list);
        return;
      case "m":
        line.require("mremap's flags");
        list.words.push(this.#flags(remapFlags));
        this.#tail(list);
        return;
      case "v":
        list.words.push(this.#constant(advices, "an advice (normal, dontneed, …)"));
        return;
      case "y":
        list.words.push(this.#constant(syncFlags, "sync or async"));
        return;
      case "o":
        list.words.push(this.#constant(malloptParameters, "a parameter of mallopt"));
        return;
      default:
        list.words.push(this.#constant(limits, "as, data, memlock or stack"));
    }
  }

  #signed(start: number, list: CommandList): void {
    const line = this.#line;
    const isNegative = line.bytes[start] === MINUS;
    const value = line.number(isNegative ? start + 1 : start);
    list.pushNumber(isNegative ? -value : value);
  }

  /** Appends an address: its base, and the distance from it. No object is made, since traces have it in every other line. */
  #address(start: number, list: CommandList): void {
    const end = this.#endOfBase(start);
    list.words.push(this.#base(start, end));
    list.pushNumber(this.#distance(end));
  }

  #endOfBase(start: number): number {
    const { bytes, end } = this.#line;
    let at = start;
    while (at < end && bytes[at] !== PLUS && bytes[at] !== MINUS) at++;
    return at;
  }

  #base(start: number, end: number): number {
    if (this.#line.is(HEAP, start, end)) return BASE_HEAP;
    if (this.#line.is(TOP, start, end)) return BASE_TOP;
    return this.#name(start, end, "a name");
  }

  /** What follows a base: `+N`, `-N` or nothing. */
  #distance(at: number): number | bigint {
    const line = this.#line;
    if (at === line.end) return 0;
    const distance = line.number(at + 1);
    return line.bytes[at] === MINUS ? -distance : distance;
  }

  #rights(): number {
    const text = this.#line.text();
    if (text === "none") return 0;
    let rights = 0;
    for (const letter of text) {
      if (letter === "r") rights |= PROT_READ;
      else if (letter === "w") rights |= PROT_WRITE;
      else if (letter === "x") rights |= PROT_EXEC;
      else this.#line.fail("rights (r, w, x or none)");
    }
    return rights;
  }

  #flags(table: ReadonlyMap<string, number>): number {
    let flags = 0;
    for (const word of this.#line.text().split("|")) {
      const value = table.get(word);
      if (value === undefined) {
        this.#line.fail(`flags joined by | (of ${[...table.keys()].join(", ")})`);
      }
      flags |= value;
    }
    return flags;
  }

  #constant(table: ReadonlyMap<string, number>, expected: string): number {
    this.#line.require(expected);
    const value = table.get(this.#line.text());
    if (value === undefined) this.#line.fail(expected);
    return value;
  }

  /** `[FILE] [off=N] [at=EXPR]`, as four operands: file, offset, and the address's two. */
  #tail(list: CommandList): void {
    const line = this.#line;
    let file = NONE;
    let offset: number | bigint = 0;
    let base = NONE;
    let distance: number | bigint = 0;
    while (line.next()) {
      const text = line.text(line.start, Math.min(line.end, line.start + 4));
      if (text === "off=") offset = line.number(line.start + 4);
      else if (text.startsWith("at=")) {
        const end = this.#endOfBase(line.start + 3);
        base = this.#base(line.start + 3, end);
        distance = this.#distance(end);
      } else file = this.#name(line.start, line.end, "a file's name, off= or at=");
    }
    list.words.push(file);
    list.pushNumber(offset);
    list.words.push(base);
    list.pushNumber(distance);
  }
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
