import { describe, expect, it } from "vitest";
import { Errno } from "../abi/errno.js";
import { ProgramTerminated, SIGSEGV } from "../abi/signal.js";
import { WEXITSTATUS, WIFEXITED, WIFSIGNALED, WNOHANG, WTERMSIG } from "../abi/wait.js";
import { UsageError } from "../core/errors.js";
import { GiB } from "../core/units.js";
import { boot } from "../machine.js";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../abi/mman.js";

describe("waitpid()", () => {
  it("writes the status to an int of the program's own", () => {
    const c = boot().spawn();
    const status = c.malloc(4);
    const child = c.fork();
    child._exit(300);
    expect(c.waitpid(child.pid, status, 0)).toBe(child.pid);
    const word = c.load32(status);
    expect([WIFEXITED(word), WEXITSTATUS(word)]).toEqual([true, 300 & 0xff]);
  });

  it("tells the signal of a child that died of one, and the machine forgets it", () => {
    const machine = boot();
    const c = machine.spawn();
    const child = c.fork();
    expect(() => child.store(0, 1)).toThrow(ProgramTerminated);
    const status = new Int32Array(1);
    expect(c.wait(status)).toBe(child.pid);
    expect([WIFSIGNALED(status[0]!), WTERMSIG(status[0]!)]).toEqual([true, SIGSEGV]);
    expect(machine.processes.map(({ pid }) => pid)).toEqual([c.pid]);
    machine.checkInvariants();
  });

  it("returns 0 with WNOHANG while a child lives, and teaches where it would wait for ever", () => {
    const c = boot().spawn();
    c.fork();
    expect(c.waitpid(-1, 0, WNOHANG)).toBe(0);
    expect(() => c.wait()).toThrow(UsageError);
    expect(() => c.wait()).toThrow(/WNOHANG/);
  });
});

describe("fork() that the kernel refuses", () => {
  /** Two promises that one call each may have, and together are more than the machine's RAM. */
  const promising = () => {
    const c = boot({ ramBytes: GiB }).spawn();
    for (let i = 0; i < 2; i++) {
      c.mmap(0, 0.75 * GiB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    return c;
  };

  it("returns a process whose pid is -1, with ENOMEM", () => {
    const c = promising();
    expect([c.fork().pid, c.errno]).toEqual([-1, Errno.ENOMEM]);
  });

  it("teaches where the program goes on as if there were a child", () => {
    const child = promising().fork();
    expect(() => child.store(0, 1)).toThrow(/fork\(\) has failed/);
  });
});
