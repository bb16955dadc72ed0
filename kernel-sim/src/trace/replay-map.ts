/** The commands of mappings, of accesses, and of what /proc says of them. */
import { MLOCK_ONFAULT } from "../abi/mman.js";
import { ProgramTerminated } from "../abi/signal.js";
import { PAGE_SIZE } from "../core/units.js";
import type { Address } from "../core/units.js";
import type { Answers } from "./answers.js";
import { NONE } from "./command-list.js";
import type { CommandList } from "./command-list.js";
import { Op } from "./language.js";
import { addressText } from "./layout.js";
import type { Layout } from "./layout.js";
import { mapsAnswer, runLengths, smapsAnswer } from "./proc-answers.js";
import type { TracedState } from "./traced-state.js";

/** As executeHeap, for the commands of virtual memory. */
export function executeMap(
  op: number,
  list: CommandList,
  at: number,
  state: TracedState,
  answers: Answers,
): number {
  switch (op) {
    case Op.mmap:
      map(list, at, state, answers);
      return 8;
    case Op.mremap:
      remap(list, at, state, answers);
      return 10;
    case Op.maps:
      answers.text(mapsAnswer(state.process, state.layout));
      return 0;
    default:
      return ranged(op, list, at, state, answers);
  }
}

/** N n p, then the flags' five: name, length, rights, flags, file, offset, at's base and distance. */
function map(list: CommandList, at: number, state: TracedState, answers: Answers): void {
  const { words } = list;
  const file = words.at(at + 4);
  const fd = file === NONE ? -1 : state.files.get(file);
  const where = placeAt(list, at + 6, state);
  if (Number.isNaN(fd) || Number.isNaN(where)) {
    answers.unset();
    return;
  }
  mapped(
    words.at(at),
    state.process.mmap(
      where,
      list.numberAt(at + 1),
      words.at(at + 2),
      words.at(at + 3),
      fd,
      list.numberAt(at + 5),
    ),
    state,
    answers,
  );
}

/** N E n n, then the flags' five (the file and the offset mean nothing here). */
function remap(list: CommandList, at: number, state: TracedState, answers: Answers): void {
  const old = state.base(list.words.at(at + 1)) + list.numberAt(at + 2);
  const where = placeAt(list, at + 8, state);
  if (Number.isNaN(old) || Number.isNaN(where)) {
    answers.unset();
    return;
  }
  mapped(
    list.words.at(at),
    state.process.mremap(
      old,
      list.numberAt(at + 3),
      list.numberAt(at + 4),
      list.words.at(at + 5),
      where,
    ),
    state,
    answers,
  );
}

/** The address of `at=`, 0 where there is none; NaN where it names what was never set. */
function placeAt(list: CommandList, at: number, state: TracedState): Address {
  const base = list.words.at(at);
  return base === NONE ? 0 : state.base(base) + list.numberAt(at + 1);
}

function mapped(name: number, address: Address, state: TracedState, answers: Answers): void {
  if (address < 0) {
    answers.error(state.process.errno);
    return;
  }
  state.addresses.set(name, address);
  answers.address(address);
}

/** The commands that begin with an address. */
function ranged(
  op: number,
  list: CommandList,
  at: number,
  state: TracedState,
  answers: Answers,
): number {
  const { process, layout } = state;
  const words = op === Op.load || op === Op.smaps ? 2 : takesFour(op) ? 4 : 3;
  const address = state.base(list.words.at(at)) + list.numberAt(at + 1);
  if (Number.isNaN(address)) {
    answers.unset();
    return words;
  }
  const length = words === 2 ? 0 : list.numberAt(at + 2);
  const last = list.words.at(at + 3);
  switch (op) {
    case Op.munmap:
      okOrError(process.munmap(address, length), state, answers);
      break;
    case Op.mprotect:
      okOrError(process.mprotect(address, length, last), state, answers);
      break;
    case Op.madvise:
      okOrError(process.madvise(address, length, last), state, answers);
      break;
    case Op.mlock:
      okOrError(process.mlock(address, length), state, answers);
      break;
    case Op.mlock_onfault:
      okOrError(process.mlock2(address, length, MLOCK_ONFAULT), state, answers);
      break;
    case Op.munlock:
      okOrError(process.munlock(address, length), state, answers);
      break;
    case Op.msync:
      okOrError(process.msync(address, length, last), state, answers);
      break;
    case Op.mincore: {
      const pages = process.mincore(address, length);
      if (pages === -1) answers.error(process.errno);
      else answers.text(runLengths(pages));
      break;
    }
    case Op.read:
      answers.text(touched(state, address, length, "read"));
      break;
    case Op.write:
      answers.text(touched(state, address, length, "write"));
      break;
    case Op.store:
      answers.text(signalOr(layout, () => storeByte(state, address, length)));
      break;
    case Op.load:
      answers.text(signalOr(layout, () => String(process.memory.load8(address))));
      break;
    default:
      answers.text(smapsAnswer(process, layout, address));
  }
  return words;
}

function takesFour(op: number): boolean {
  return op === Op.mprotect || op === Op.madvise || op === Op.msync;
}

function okOrError(result: number, state: TracedState, answers: Answers): void {
  if (result < 0) answers.error(state.process.errno);
  else answers.ok();
}

function storeByte(state: TracedState, address: Address, byte: number): string {
  state.process.memory.store8(address, byte & 0xff);
  return "ok";
}

function touched(
  state: TracedState,
  address: Address,
  length: number,
  access: "read" | "write",
): string {
  const { process, layout } = state;
  const before = process.faults();
  const words = signalOr(layout, () => {
    process.memory.touch(address, length, access);
    return "ok";
  });
  const after = process.faults();
  return `${words} minflt=${after.minor - before.minor} majflt=${after.major - before.major}`;
}

/** What `access` gives, or, where it faults fatally, the signal and the page: the trace's program handles it and goes on. */
function signalOr(layout: Layout, access: () => string): string {
  try {
    return access();
  } catch (error) {
    if (!(error instanceof ProgramTerminated)) throw error;
    return signalText(layout, error);
  }
}

/** `SIGSEGV/MAPERR ADDRESS`, with the page's address; `SIGABRT` with what the C library said. */
export function signalText(layout: Layout, { info }: ProgramTerminated): string {
  if (info.signal === "SIGABRT") return `SIGABRT ${info.message ?? ""}`.trimEnd();
  const address = info.address ?? 0;
  return `${info.signal}/${info.code} ${addressText(layout, address - (address % PAGE_SIZE))}`;
}
