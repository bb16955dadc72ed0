/** A process as the replay of a trace takes it. It lies beside the machine, since it knows both. */
import { O_CREAT, O_RDWR } from "./abi/fcntl.js";
import { MADV_POPULATE_WRITE } from "./abi/mman.js";
import { PAGE_SIZE } from "./core/units.js";
import type { Address } from "./core/units.js";
import type { Process } from "./process.js";
import type { TracedProcess } from "./trace/traced-process.js";

let files = 0;

/** What the program does that executes traces on the real system, after each fork: its own pages are there again, and its alone. */
function ownPagesPresent(c: Process): void {
  const stack = [...c.maps()].find(({ name }) => name === "[stack]");
  if (stack === undefined) return;
  c.syscalls.madvise(stack.end - PAGE_SIZE, PAGE_SIZE, MADV_POPULATE_WRITE);
}

export function tracedProcess(c: Process): TracedProcess {
  const calls = c.syscalls;
  const failing = (result: number): number => {
    if (result >= 0) return result;
    c.errno = -result;
    return -1;
  };
  return {
    get errno() {
      return c.errno;
    },
    memory: c.memory,
    allocator: c.allocator,
    sbrk: (increment) => c.sbrk(increment),
    mmap: (...args) => failing(calls.mmap(...args)),
    munmap: (...args) => failing(calls.munmap(...args)),
    mprotect: (...args) => failing(calls.mprotect(...args)),
    madvise: (...args) => failing(calls.madvise(...args)),
    mlock: (...args) => failing(calls.mlock(...args)),
    mlock2: (...args) => failing(calls.mlock2(...args)),
    munlock: (...args) => failing(calls.munlock(...args)),
    msync: (...args) => failing(calls.msync(...args)),
    mremap: (...args) => failing(calls.mremap(...args)),
    mincore(address, length) {
      const vec = calls.mincore(address, length);
      if (typeof vec !== "number") return vec;
      failing(vec);
      return -1;
    },
    openTemporaryFile: () => failing(calls.open(`/var/tmp/trace-${files++}`, O_RDWR | O_CREAT)),
    memfd_create: (...args) => failing(calls.memfd_create(...args)),
    ftruncate: (...args) => failing(calls.ftruncate(...args)),
    fallocate: (...args) => failing(calls.fallocate(...args)),
    fsync: (...args) => failing(calls.fsync(...args)),
    posix_fadvise: (...args) => -calls.posix_fadvise(...args),
    pread: (...args) => failing(calls.pread(...args)),
    pwrite: (...args) => failing(calls.pwrite(...args)),
    setrlimit: (resource, bytes) =>
      failing(calls.setrlimit(resource, { ...calls.getrlimit(resource), rlim_cur: bytes })),
    faults: () => {
      const { ru_minflt, ru_majflt } = c.getrusage();
      return { minor: ru_minflt, major: ru_majflt };
    },
    sizes: () => sizesOf(c),
    maps: () => c.maps().entries,
    smaps: (address: Address) =>
      c.task.mm.vmas.at(address) === null ? undefined : c.smaps(address),
    fork: () => {
      const child = c.fork();
      ownPagesPresent(c);
      return child.pid === -1 ? -1 : tracedProcess(child);
    },
    exit: () => c._exit(0),
  };
}

/** VmSize and VmData as /proc/PID/status has them: all that is mapped, and of it what is private and writable and no stack. */
function sizesOf(c: Process): { readonly virtual: number; readonly data: number } {
  let virtual = 0;
  let data = 0;
  for (const { start, end, perms, name } of c.maps()) {
    virtual += end - start;
    if (perms[1] === "w" && perms[3] === "p" && name !== "[stack]") data += end - start;
  }
  return { virtual, data };
}
