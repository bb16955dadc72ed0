/** The README's first command, as a person types it: `npm start`, where everything is set up already. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { expect, test } from "@playwright/test";
import { root } from "./site.js";

test.skip(!existsSync("/proc/self/stat"), "/proc tells which processes live, and it is not here");

type Words = readonly [string, ...string[]];

interface Command {
  readonly child: ChildProcess;
  readonly ended: Promise<number | NodeJS.Signals | null>;
  readonly printed: () => string;
}

/** The command with this PORT, in a process group of its own, as a terminal gives it one. */
function start(port: string, [program, ...args]: Words = ["npm", "start"]): Command {
  const child = spawn(program, args, {
    cwd: root,
    detached: true,
    env: { ...process.env, PORT: port },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  child.stdout.on("data", (data: Buffer) => (text += data.toString()));
  child.stderr.on("data", (data: Buffer) => (text += data.toString()));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once("close", (code, signal) => resolve(code ?? signal)),
  );
  return { child, ended, printed: () => text };
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, () => resolve(server));
  });
}

async function freePort(): Promise<number> {
  const server = await listen(0);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Processes of a group that live, and are no zombies. */
function livingOf(group: number): string[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(fields[2]) === group && fields[0] !== "Z" ? [stat] : [];
    } catch {
      return [];
    }
  });
}

// npm does not hand a signal on to what it runs; a terminal sends Ctrl-C to all of the group.
for (const { how, words, signal, target } of [
  { how: "Ctrl-C in the terminal", words: ["npm", "start"], signal: "SIGINT", target: "group" },
  {
    how: "SIGTERM to the script alone",
    words: [process.execPath, "scripts/start.mjs"],
    signal: "SIGTERM",
    target: "process",
  },
] as const) {
  test(`it serves what is built, and ${how} leaves no process`, async ({ page }) => {
    const port = await freePort();
    const { child, ended, printed } = start(String(port), words);
    const group = child.pid ?? 0;
    try {
      const serving = expect
        .poll(printed, { timeout: 100_000 })
        .toContain(`http://localhost:${port}/`);
      await Promise.race([serving, ended.then(() => Promise.reject(new Error(printed())))]);
      for (const title of ["Dependencies", "Packages", "Chapters, executed", "Site"]) {
        expect(printed()).toMatch(new RegExp(`\\[\\d/\\d\\] ${title}: \\d`));
      }
      await page.goto(`http://localhost:${port}/`);
      await expect(page.locator("h1")).toBeVisible();
      process.kill(target === "group" ? -group : group, signal);
      await ended;
      await expect.poll(() => livingOf(group), { timeout: 10_000 }).toEqual([]);
    } finally {
      if (livingOf(group).length > 0) process.kill(-group, "SIGKILL");
    }
    (await listen(port)).close();
  });
}

test("a taken port is named, with another to try", async () => {
  const holder = await listen(0);
  const { port } = holder.address() as AddressInfo;
  const { ended, printed } = start(String(port));
  expect(await ended).toBe(1);
  holder.close();
  expect(printed()).toContain(`Port ${port} is taken by another program.`);
  expect(printed()).toContain("PORT=3000 npm start");
  expect(printed()).not.toMatch(/^\s+at /m);
});

test("a PORT that is no number is refused before anything is done", async () => {
  const { ended, printed } = start("eighty");
  expect(await ended).toBe(1);
  expect(printed()).toContain('PORT is "eighty", which is no port number.');
  expect(printed()).not.toMatch(/\[1\/|^\s+at /m);
});
