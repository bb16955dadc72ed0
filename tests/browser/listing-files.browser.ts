/** The files of a listing that are not the listing itself: without notes it runs the same, an excerpt is a part of it. */
import { execFile } from "node:child_process";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import { chapters, realAnswersOf } from "./site.js";

const run = promisify(execFile);
const hasCompiler = spawnSync("cc", ["--version"]).status === 0 && process.platform === "linux";

interface ManifestEntry {
  readonly path: string;
  readonly name: string;
  readonly kind: string;
  readonly command?: string;
}

for (const chapter of chapters) {
  test(`${chapter.name}: listings without notes compile and print the same`, async ({
    request,
  }) => {
    test.skip(!hasCompiler, "there is no C compiler (cc) on Linux here");
    test.setTimeout(240_000);
    const manifest = (await (await request.get("/downloads/manifest.json")).json()) as {
      files: ManifestEntry[];
    };
    let compared = 0;
    for (const answer of realAnswersOf(chapter)) {
      const clean = manifest.files.find(
        ({ kind, name }) => kind === "clean" && name === answer.file.replace(/\.c$/, ".clean.c"),
      );
      if (clean === undefined) continue;
      const text = await (await request.get(`/${clean.path}`)).text();
      expect(text.split("\n")[0], clean.path).toBe(`// ${clean.command}`);
      expect(text).not.toMatch(/^\s*\/\/!|^\s*\/\/ *#(end)?region/m);
      const folder = mkdtempSync(join(tmpdir(), "memory-course-clean-"));
      try {
        writeFileSync(join(folder, clean.name), text);
        const command = `${clean.command} ${answer.args.join(" ")}`;
        const env = { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" };
        const printed = await run("sh", ["-c", command], { cwd: folder, env }).then(
          ({ stdout }) => stdout,
          (error: { stdout?: string }) => error.stdout ?? "",
        );
        // The text of an answer goes on where a signal ended the program, and says so.
        expect(answer.stdout.startsWith(printed.trimEnd()), `${clean.path}\n${printed}`).toBe(true);
        expect(printed.trimEnd() === "", clean.path).toBe(answer.stdout.trimEnd() === "");
        compared += 1;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    expect(compared).toBeGreaterThan(0);
  });
}

test("an excerpt that is saved is a part of its listing, and says which", async ({ request }) => {
  const manifest = (await (await request.get("/downloads/manifest.json")).json()) as {
    files: ManifestEntry[];
  };
  const excerpts = manifest.files.filter(({ kind }) => kind === "excerpt");
  expect(excerpts.length).toBeGreaterThan(0);
  for (const excerpt of excerpts) {
    const [first = "", ...rest] = (await (await request.get(`/${excerpt.path}`)).text()).split(
      "\n",
    );
    const file = /^\/\/ Lines \d+ to \d+ of (\S+)\.$/.exec(first)?.[1];
    expect(file, excerpt.path).toBeDefined();
    const whole = await (await request.get(`/downloads/listings/${file}`)).text();
    for (const line of rest) expect(whole, excerpt.path).toContain(line);
  }
});
