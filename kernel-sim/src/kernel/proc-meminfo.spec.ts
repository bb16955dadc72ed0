import { describe, expect, it } from "vitest";
import { KiB, MiB } from "../core/units.js";
import { boot } from "../machine.js";
import { MAP_ANONYMOUS, MAP_HUGETLB, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../abi/mman.js";

describe("meminfo", () => {
  it("CommitLimit is half of MemTotal, as on the machine of 24,684,092 kB", () => {
    // MemTotal and CommitLimit of one /proc/meminfo, Linux 6.18, vm.overcommit_ratio 50, no swap.
    const meminfo = boot({ ramBytes: 24_684_092 * KiB }).meminfo();
    expect([meminfo.get("MemTotal"), meminfo.get("CommitLimit")]).toEqual([24_684_092, 12_342_044]);
  });

  it("CommitLimit leaves the pool of huge pages out", () => {
    // proc_meminfo(5): (total RAM - total huge TLB) * ratio / 100 + swap.
    const meminfo = boot({ ramBytes: 1024 * MiB, swapBytes: 64 * MiB, hugePages: 8 }).meminfo();
    expect(meminfo.get("CommitLimit") / 1024).toBe((1024 - 16) / 2 + 64);
  });

  it("huge pages of the pool are in neither AnonPages nor Mapped", () => {
    const machine = boot({ hugePages: 4 });
    const c = machine.spawn();
    const before = machine.meminfo();
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB;
    c.touch(c.mmap(0, 4 * MiB, PROT_READ | PROT_WRITE, flags, -1, 0), 4 * MiB);
    const after = machine.meminfo();
    expect(after.get("AnonPages")).toBe(before.get("AnonPages"));
    expect(after.get("Mapped")).toBe(before.get("Mapped"));
    expect(after.get("HugePages_Free")).toBe(2);
  });

  it("counts huge pages that were lost as promised, and takes its limit of promises from overcommit_kbytes", () => {
    const machine = boot({ hugePages: 11, lostHugePages: 3, overcommitKiB: 1024 });
    const meminfo = machine.meminfo();
    expect(["Total", "Free", "Rsvd"].map((name) => meminfo.get(`HugePages_${name}`))).toEqual([
      11, 11, 3,
    ]);
    expect(meminfo.get("CommitLimit")).toBe(1024);
  });
});
