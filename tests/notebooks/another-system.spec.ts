/** On a Linux that the course does not speak of, its C programs are compiled and executed all the same. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { machineFacts } from "../../notebooks/course/src/machine.js";
import { codeHash } from "../../notebooks/course/src/recorded.js";
import { runFile, type FileRun } from "@memory-course/runner";
import { project, removeFolder, result, testFolder, writeNotebook } from "./notebooks.testing.js";

const compiler = process.platform === "linux" ? machineFacts().compiler : undefined;
const folder = testFolder();
afterAll(() => removeFolder(folder));

/** A compiler whose headers say that they are those of glibc 2.31; what it compiles runs here. */
function compilerOfOldLibrary(): string {
  const path = join(folder, "cc-2.31");
  const script = `#!/bin/sh
case "$1" in
  -E) ${compiler?.command} "$@" | sed 's/^libc .*/libc 2 31/' ;;
  *) exec ${compiler?.command} "$@" ;;
esac
`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

/** A listing beside the notebook, with an answer recorded on the course's system. */
function addListing(file: string, text: string, stdout: string): void {
  mkdirSync(join(folder, "listings", "recorded"), { recursive: true });
  writeFileSync(join(folder, "listings", file), text);
  const recorded = {
    file,
    code: codeHash({ file, text }),
    stamp: { kernel: "Linux 6.18", libc: "glibc 2.36", compiler: "cc", date: "2026-11-01" },
    answers: [{ args: [], stdout, stderr: "", exitCode: 0, signal: null }],
  };
  const name = file.replace(/\.c$/, ".json");
  writeFileSync(join(folder, "listings", "recorded", name), JSON.stringify(recorded));
}

const printing = (text: string): string =>
  `#include <stdio.h>\n\nint main(void) {\n  puts("${text}");\n}\n`;

function run(cell: string): Promise<FileRun> {
  const notebook = writeNotebook(folder, [`import { compare, real } from "course";\n${cell}`]);
  const environment = { ...process.env, CC: join(folder, "cc-2.31") };
  return runFile(notebook, { project, environment });
}

// Where there is no C compiler on Linux nothing can be compiled: these tests are skipped and counted.
const here = test.skipIf(compiler === undefined || process.arch !== "x64");

beforeAll(() => {
  compilerOfOldLibrary();
  addListing("90-same.c", printing("a fact"), "a fact\n");
  addListing("90-other.c", printing("new here"), "as it was\n");
  addListing("90-lacks.c", "#error it lacks what the listing needs\n", "as it was\n");
});

here("an equal answer is said to be the same on this machine", async () => {
  const { failures, notebook } = await run('real("90-same.c")');
  expect(failures).toEqual([]);
  const text = JSON.stringify(notebook);
  expect(text).toContain("Linux 6.18, glibc 2.36, recorded on 2026-11-01");
  expect(text).toMatch(/\(the same on this machine, Linux [\d.]+, glibc 2\.31\)/);
});

here(
  "another answer is shown beside the recorded one, which the simulator is held against",
  async () => {
    const ended = await run('compare(real("90-other.c"), "as it was")');
    expect(ended.failures).toEqual([]);
    const text = result(ended, 1);
    expect(text).toContain("(equal, 1 line)");
    expect(text).toMatch(/\nnew here\n {2}\(on this machine, Linux [\d.]+, glibc 2\.31\)$/);
  },
);

here("a listing that does not compile there is shown as recorded", async () => {
  const ended = await run('real("90-lacks.c")');
  expect(ended.failures).toEqual([]);
  expect(result(ended, 1)).toBe(
    "as it was\n  (90-lacks.c on Linux 6.18, glibc 2.36, recorded on 2026-11-01)",
  );
});

here("nothing is recorded there", async () => {
  const environment = {
    ...process.env,
    CC: join(folder, "cc-2.31"),
    MEMORY_COURSE_ANSWERS: "record",
  };
  const notebook = writeNotebook(folder, ['import { real } from "course";\nreal("90-same.c")']);
  const { failures } = await runFile(notebook, { project, environment });
  expect(failures[0]?.message).toContain("Answers are recorded where the course's system is");
});
