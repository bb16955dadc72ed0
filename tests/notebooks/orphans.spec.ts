/** No kernel outlives the runner, whatever ends it. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { project, removeFolder, testFolder, writeNotebook } from "./notebooks.testing.js";

let folder = "";
beforeAll(() => (folder = testFolder()));
afterAll(() => removeFolder(folder));

const onLinux = existsSync("/proc/self/stat");

/** Process ids of kernels whose parent is this process. */
function kernelsOf(parent: number): number[] {
  return readdirSync("/proc").flatMap((name) => {
    try {
      if (!/^\d+$/.test(name)) return [];
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8");
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const ppid = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      return command.includes("kernel.mjs") && ppid === parent ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

async function until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return condition();
}

// /proc tells which processes live; elsewhere there is no such list without another program.
test.skipIf(!onLinux).each([
  ["SIGINT", "await new Promise(() => undefined)"],
  ["SIGTERM", "for (;;);"],
  ["SIGKILL", "await null;\nfor (;;);"],
] as const)("%s to the runner ends a kernel whose cell is: %s", async (signal, code) => {
  const marker = join(folder, `${signal}.started`);
  const mark = `require("node:fs").writeFileSync(${JSON.stringify(marker)}, "");`;
  const path = writeNotebook(folder, [`${mark}\n${code}`], `${signal}.ipynb`);
  const runner = spawn(process.execPath, ["scripts/notebook.mjs", "--no-setup", path], {
    cwd: project,
    stdio: "ignore",
  });
  const ended = new Promise<number | null>((resolve) => runner.once("exit", resolve));
  expect(await until(() => existsSync(marker), 30_000)).toBe(true);
  const kernels = kernelsOf(runner.pid ?? 0);
  expect(kernels).toHaveLength(1);
  runner.kill(signal);
  await ended;
  const gone = await until(() => kernels.every((pid) => !existsSync(`/proc/${pid}`)), 10_000);
  for (const pid of kernels) if (existsSync(`/proc/${pid}`)) process.kill(pid, "SIGKILL");
  expect(gone).toBe(true);
});
