/** The simulator's side of calls.mjs: each line evaluated as an expression, with C's functions and constants as its names. */
import { answering, isBrace, variablesOf } from "./calls-file.mjs";
import { normalised } from "./calls-normal.mjs";

const FILE_NAME = "/tmp/memory-course-calls";
const stackBytes = (text) => (text === "unlimited" ? Infinity : Number(text) * 1024);

/** The simulated answers to a section, an array in the order of its calls; `constants` is the package itself. */
export function simulatedCalls(constants, section) {
  const { boot, errnoName } = constants;
  const { user, legacy, fixed, stack } = section.process;
  const machine = boot({ ...section.settings, ...(fixed === undefined ? { seed: 1 } : {}) });
  const options = {
    ...(user === "nobody" ? { user: "unprivileged" } : {}),
    ...(legacy === undefined ? {} : { layout: "legacy" }),
    ...(stack === undefined ? {} : { stackLimitBytes: stackBytes(stack) }),
  };
  const process = machine.spawn("a.out", options);
  makeFile(machine, constants);
  const fenceAt = fence(process, constants);
  const answers = [];
  const variables = Object.fromEntries(variablesOf(section).map((name) => [name, 0]));
  let scope = scopeOf(process, { constants, variables });
  const parents = [];
  for (const { code } of section.lines) {
    const exit = /^exit_with\((.*)\)$/.exec(code);
    const killed = /^killed_by\((.*)\)$/.exec(code);
    if (isBrace(code) && code !== "}") {
      const child = scope.process.fork();
      child.touch(fenceAt, 4096, "write");
      parents.push({ scope, waits: code === "child {" });
      scope = scopeOf(child, { constants, variables: { ...scope.variables } });
    } else if (code === "}") {
      const ended = scope;
      const { scope: parent, waits } = parents.pop();
      if (!ended.isOver) ended.process._exit(ended.exitCode);
      scope = parent;
      if (waits) scope.process.wait();
    } else if (exit !== null) scope.exitCode = Function(`return ${exit[1]}`)();
    else if (killed !== null) {
      try {
        if (killed[1] === "SIGABRT") scope.process.syscalls.abort("");
        else scope.process.store(0, 1);
      } catch {
        scope.isOver = true;
      }
    } else answers.push(answerOf(scope, code, errnoName));
    machine.checkInvariants();
  }
  if (answers.length !== answering(section).length) throw new Error("a call has no answer");
  return normalised(section, answers);
}

function makeFile(machine, constants) {
  const maker = machine.spawn("maker");
  const fd = maker.open(FILE_NAME, constants.O_RDWR | constants.O_CREAT);
  maker.write(fd, "x".repeat(8192), 8192);
  maker.fsync(fd);
  maker._exit(0);
}

/** As runtime.h does: what is mapped later has no neighbour that was mapped before main(). */
function fence(process, constants) {
  const { PROT_NONE, PROT_READ, PROT_WRITE, MAP_SHARED, MAP_ANONYMOUS, MAP_FIXED_NOREPLACE } =
    constants;
  const near = ({ start }) => Math.abs(start - process.layout.mmapBase) < 2 ** 26;
  const area = [...process.maps()].filter(near).map(({ start }) => start);
  const [low, high] = [Math.min(...area), Math.max(...area)];
  let at;
  do {
    at = process.mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  } while (low < at && at < high);
  process.touch(at, 4096, "write");
  const huge = 2 ** 21;
  const [start, stop] =
    at >= high ? [at + 4096, Math.ceil((at + 4096) / huge) * huge] : [at - (at % huge), at];
  if (stop > start) {
    const flags = MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    process.mmap(start, stop - start, PROT_NONE, flags, -1, 0);
  }
  return at;
}

function answerOf(scope, code, errnoName) {
  const { process, names } = scope;
  process.errno = 0;
  const value = new Function("names", `with (names) { return (${code}); }`)(names);
  if (typeof value === "string") return value;
  const number = Number(value);
  if (number === -1 && process.errno !== 0) return errnoName(process.errno);
  return Math.abs(number) >= 2 ** 32 ? "address" : String(number);
}

/** What a call may name: C's functions, its constants, the section's variables, and what runtime.h adds. */
function scopeOf(process, { constants, variables }) {
  const scope = { process, variables, exitCode: 0, isOver: false, faultsBefore: 0, status: 0 };
  const text = (name) =>
    process.readFile(name === "meminfo" ? "/proc/meminfo" : `/proc/self/${name}`);
  const entry = (file, address) => {
    try {
      return file === "smaps" ? String(process.smaps(address)) : mapsLine(process, address);
    } catch {
      return "unmapped\n";
    }
  };
  const own = {
    ...{
      PAGE: 4096,
      KiB: 2 ** 10,
      MiB: 2 ** 20,
      GiB: 2 ** 30,
      FILE_NAME,
      EXE_NAME: "a.out",
      NULL: 0,
      MAP_FAILED: -1,
    },
    ...{ MAP_HUGE_2MB: 21 << 26, MAP_HUGE_16MB: 24 << 26 },
    mremap: (address, old, length, flags, at = 0) =>
      process.mremap(address, old, length, flags, at),
    store: (address, byte) => (process.store(address, byte), 0),
    load: (address) => process.load(address),
    touch: (address, length) => (process.touch(address, length, "write"), 0),
    peek: (address, length) => (process.touch(address, length, "read"), 0),
    resident(address, length) {
      const out = new Uint8Array(4096);
      const result = process.mincore(address, length, out);
      return result === 0 ? [...out.subarray(0, Math.ceil(length / 4096))].join("") : result;
    },
    free: (address) => (process.free(address), 0),
    word: (address) => Number(BigInt.asIntN(64, process.load64(address))),
    info: () => process.malloc_info(),
    stats: () => process.malloc_stats(),
    bytes: (address, count) => runs(process, address, count),
    heap_start() {
      process.sbrk(2 ** 20 - (process.sbrk(0) % 2 ** 20));
      return process.sbrk(0);
    },
    limit: (name, soft, hard) => process.setrlimit(name, { rlim_cur: soft, rlim_max: hard }),
    tmp: () => process.tmpfile(),
    seals(fd, which) {
      const result = process.syscalls.fcntl(fd, constants.F_ADD_SEALS, which);
      if (result < 0) process.errno = -result;
      return Math.max(-1, result);
    },
    faults() {
      const now = process.getrusage().ru_minflt;
      const since = now - scope.faultsBefore;
      scope.faultsBefore = now;
      return since;
    },
    get errno() {
      return process.errno;
    },
    status: () => text("status"),
    peaks: () => text("status"),
    statm: () => text("statm"),
    meminfo: () => text("meminfo"),
    committed: () => text("meminfo"),
    rollup: () => text("smaps_rollup"),
    maps: () => text("maps"),
    form: (name) => text(name),
    smaps: (address) => entry("smaps", address),
    one_processor: () => 0,
    smaps_kB: (address, name) => process.smaps(address).fields[name],
    mapping: (address) => entry("maps", address),
    start_of: (name) => [...process.maps()].find((each) => each.name.includes(name))?.start ?? 0,
    end_of: (name) => [...process.maps()].findLast((each) => each.name.includes(name))?.end ?? 0,
    pfn: (address) => process.pagemap(address).pfn,
    pagemap: (address) => String(process.pagemap(address)),
    hex: (value) => `0x${value.toString(16)}`,
    sleeper: () => (process.fork().pid === -1 ? -1 : 0),
    try_fork() {
      const child = process.fork();
      if (child.pid === -1) return -1;
      child._exit(0);
      process.wait();
      return 0;
    },
    wait_for(pid, options) {
      const status = new Int32Array(1);
      const got = process.waitpid(pid, status, options);
      scope.status = status[0];
      return got > 0 ? 1 : got;
    },
    exited: () => (constants.WIFEXITED(scope.status) ? 1 : 0),
    exit_status: () => constants.WEXITSTATUS(scope.status),
    signaled: () => (constants.WIFSIGNALED(scope.status) ? 1 : 0),
    term_signal: () => constants.WTERMSIG(scope.status),
  };
  own.faults();
  scope.names = new Proxy(variables, {
    has: (_, name) => typeof name === "string",
    get(target, name) {
      if (name in target) return target[name];
      if (name in own) return own[name];
      if (name in constants) return constants[name];
      if (typeof process[name] === "function") return process[name];
      if (name in globalThis && name === "Infinity") return Infinity;
      if (typeof name === "symbol") return undefined;
      throw new Error(`a call names ${name}, which is neither a function nor a constant here`);
    },
    set(target, name, value) {
      target[name] = value;
      return true;
    },
  });
  return scope;
}

/** The bytes from an address on, in hexadecimal: a run of equal ones once, with how many they are. */
function runs(process, address, count) {
  const out = [];
  for (let i = 0, run; i < count; i += run) {
    const byte = process.load(address + i);
    for (run = 1; i + run < count && process.load(address + i + run) === byte; run++);
    out.push(`${byte.toString(16).padStart(2, "0")}*${run}`);
  }
  return out.join(" ");
}

function mapsLine(process, address) {
  const found = [...process.maps()].find(({ start, end }) => start <= address && address < end);
  if (found === undefined) return "unmapped\n";
  return process
    .readFile("/proc/self/maps")
    .split("\n")
    .find((line) => line.startsWith(found.start.toString(16).padStart(8, "0")));
}
