/** The command as a person runs it, in a process of its own. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
let directory = "";
let main = "";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "kernel-sim-cli-"));
  execFileSync(process.execPath, [
    join(root, "node_modules/typescript/bin/tsc"),
    ...["-p", join(root, "kernel-sim/tsconfig.build.json"), "--noCheck", "--declaration", "false"],
    ...["--outDir", join(directory, "dist")],
  ]);
  writeFileSync(join(directory, "package.json"), '{ "type": "module", "version": "1.2.3" }');
  main = join(directory, "run.mjs");
  writeFileSync(
    main,
    `import { main } from "./dist/cli/main.js";\nprocess.exitCode = main(process.argv.slice(2));\n`,
  );
}, 120_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function run(
  args: readonly string[],
  input = "",
): { out: string; err: string; code: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...args], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return { out: stdout, err: stderr, code: status };
}

describe("kernel-sim replay", () => {
  it("answers standard input a line a command", () => {
    expect(run(["replay", "-"], "malloc a 24\n\n# nothing\nfree a\nmaps")).toEqual({
      out: "= heap+0x2a0\nok\nnone\n",
      err: "",
      code: 0,
    });
  });

  it("ends at a line that is not the language's with exit code 2, after the answers so far", () => {
    expect(run(["replay", "-"], "sbrk 0\nmalloc a x\nsbrk 0\n")).toEqual({
      out: "= heap+0x0\n",
      err: 'kernel-sim: standard input:2:10: expected a number, found "x"\n',
      code: 2,
    });
  });

  it("adds one line of JSON on standard error where --stats asks for it", () => {
    const { err, code } = run(["replay", "-", "--stats"], "malloc a 1\nfree a\n");
    const stats = JSON.parse(err) as Record<string, number>;
    expect(Object.keys(stats)).toEqual(["commands", "seconds", "peakRssBytes"]);
    expect(stats["commands"]).toBe(2);
    expect(stats["seconds"]).toBeGreaterThan(0);
    expect(stats["peakRssBytes"]).toBeGreaterThan(1 << 20);
    expect(code).toBe(0);
  });

  it("ends where the program ends, with what the C library said", () => {
    const { out, code } = run(["replay", "-"], "malloc a 24\nfree a\nfree a\nmalloc b 1\n");
    expect(out).toBe("= heap+0x2a0\nok\nSIGABRT free(): double free detected in tcache 2\n");
    expect(code).toBe(0);
  });

  it("answers a trace that is longer than a read", () => {
    const lines = Array.from(
      { length: 150_000 },
      (_, i) => `malloc a${i % 100} ${i % 500}\nfree a${i % 100}`,
    );
    const { out } = run(["replay", "-"], lines.join("\n"));
    expect(out.split("\n")).toHaveLength(300_001);
  });

  it("says what is wrong with the command line, without a stack trace", () => {
    for (const args of [
      ["replay"],
      ["replay", "/no/such/file"],
      ["replay", "-", "--fast"],
      ["import"],
      ["import", "ltrace", "-"],
      ["import", "mtrace"],
      ["import", "mtrace", "/no/such/file"],
      ["play"],
    ]) {
      const { out, err, code } = run(args);
      expect([out, code]).toEqual(["", 2]);
      expect(err).toMatch(/^kernel-sim: .*\n {2}try: .*\n$/);
    }
  });

  it("imports another tool's log, so that replay can execute it", () => {
    const { out, err, code } = run(["import", "mtrace", "-"], "@ a:[0x1] + 0x20 0x18\n");
    expect([out, err, code]).toEqual(["malloc a1 24\n", "", 0]);
    expect(run(["replay", "-"], out).out).toBe("= heap+0x2a0\n");
  });

  it("ends at a line that is not the format's with exit code 2", () => {
    expect(run(["import", "mtrace", "-"], "@ a:[0x1] + 0x20 0x18\nfree\n")).toEqual({
      out: "",
      err: 'kernel-sim: standard input:2:1: expected @, = Start or = End, found "free"\n',
      code: 2,
    });
  });

  it("says how it is used, and its version", () => {
    expect(run(["--help"]).out).toContain("kernel-sim replay FILE");
    expect(run(["--version"]).out).toBe("1.2.3\n");
  });
});
