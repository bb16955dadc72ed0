/** The commands of files. */
import { FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE, POSIX_FADV_DONTNEED } from "../abi/fcntl.js";
import type { Answers } from "./answers.js";
import type { CommandList } from "./command-list.js";
import { Op } from "./language.js";
import { SCRATCH_BYTES } from "./layout.js";
import type { TracedState } from "./traced-state.js";

const PUNCH_HOLE_KEEP_SIZE = FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE;

/** As executeHeap, for the commands of files. */
export function executeFile(
  op: number,
  list: CommandList,
  at: number,
  state: TracedState,
  answers: Answers,
): number {
  const { process, files } = state;
  const name = list.words.at(at);
  if (op === Op.file || op === Op.memfd) {
    const fd = op === Op.file ? process.openTemporaryFile() : process.memfd_create("trace", 0);
    if (fd >= 0) files.set(name, fd);
    okOrError(answers, state, fd < 0 ? fd : process.ftruncate(fd, list.numberAt(at + 1)));
    return 2;
  }
  if (op < Op.ftruncate || op > Op.pread) return -1;
  const words = op === Op.fsync || op === Op.dropcache ? 1 : op === Op.ftruncate ? 2 : 3;
  const fd = files.get(name);
  if (Number.isNaN(fd)) {
    answers.unset();
    return words;
  }
  switch (op) {
    case Op.ftruncate:
      okOrError(answers, state, process.ftruncate(fd, signed(list, at + 1)));
      break;
    case Op.punch:
      okOrError(
        answers,
        state,
        process.fallocate(fd, PUNCH_HOLE_KEEP_SIZE, signed(list, at + 1), signed(list, at + 2)),
      );
      break;
    case Op.fsync:
      okOrError(answers, state, process.fsync(fd));
      break;
    case Op.dropcache: {
      const error = process.posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
      if (error === 0) answers.ok();
      else answers.error(error);
      break;
    }
    default:
      moveBytes(op, fd, signed(list, at + 1), list.numberAt(at + 2), state, answers);
  }
  return words;
}

/** An off_t: numbers from 2^63 up are negative. */
function signed(list: CommandList, at: number): number {
  return Number(BigInt.asIntN(64, BigInt(list.exactAt(at))));
}

function okOrError(answers: Answers, state: TracedState, result: number): void {
  if (result < 0) answers.error(state.process.errno);
  else answers.ok();
}

/** pread and pwrite of zeros, in pieces of the scratch buffer. */
function moveBytes(
  op: number,
  fd: number,
  offset: number,
  count: number,
  state: TracedState,
  answers: Answers,
): void {
  const { process, layout } = state;
  if (op === Op.pwrite) process.memory.fill(layout.scratch, 0, Math.min(count, SCRATCH_BYTES));
  let done = 0;
  let moved: number;
  do {
    const part = Math.min(count - done, SCRATCH_BYTES);
    moved =
      op === Op.pwrite
        ? process.pwrite(fd, layout.scratch, part, offset + done)
        : process.pread(fd, layout.scratch, part, offset + done);
    if (moved > 0) done += moved;
  } while (moved > 0 && done < count);
  if (moved < 0 && done === 0) answers.error(process.errno);
  else answers.number(done);
}
