/** Whatever the site offers to save is saved by a click, is what the manifest says of it, and runs as the page says. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { notebookAsText, parseNotebook } from "@memory-course/runner";
import { unzipSync } from "fflate";
import {
  answersOf,
  answersOfC,
  hasCompiler,
  printedBy,
  printedByCell,
  printedByProgram,
  unpack,
} from "./running.js";
import { inFolder, manifestOf, offeredOn, saveAll, sha256 } from "./saving.js";
import type { ManifestEntry, SavedFile } from "./saving.js";
import { allPaths, chapters, fortyListings, notebookPages, specimen } from "./site.js";
import type { NotebookPage } from "./site.js";

/** The kinds of file for which there is a test below. */
const kinds = [
  "whole",
  "clean",
  "excerpt",
  "program",
  "notebook",
  "exercises",
  "chapter",
  "course",
];

let manifest: readonly ManifestEntry[] = [];

test.beforeAll(async ({ request }) => {
  manifest = await manifestOf(request);
});

test("the manifest names what the pages offer, and each is of a kind that is tested", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const offered = new Map<string, string>();
  for (const path of allPaths) {
    await page.goto(path);
    for (const href of await offeredOn(page)) {
      if (path !== fortyListings) offered.set(href.slice(1), path);
      else expect(offered.has(href.slice(1)), href).toBe(true);
    }
  }
  expect([...offered.keys()].sort()).toEqual(manifest.map((entry) => entry.path));
  for (const { path, kind, language, version, sha256: hash } of manifest) {
    expect(kinds, path).toContain(kind);
    expect(
      [language, version, hash].every((one) => one !== ""),
      path,
    ).toBe(true);
  }
  const tested = ["/", ...notebookPages.map((one) => one.path)];
  expect([...offered.values()].filter((path) => !tested.includes(path))).toEqual([]);
});

/** Compiles and runs a saved C file as its last line says, for each answer that the page shows. */
async function checkC(file: SavedFile, chapter: NotebookPage): Promise<number> {
  const shown = answersOf(chapter).filter(
    (answer) => answer.file === file.name.replace(/\.clean\.c$/, ".c"),
  );
  const command = file.command ?? "";
  expect(file.text.trimEnd().split("\n").at(-1), file.name).toBe(`// Run it: ${command}`);
  await inFolder(async (folder) => {
    writeFileSync(join(folder, file.name), file.bytes);
    const given = await answersOfC(
      command,
      folder,
      shown.map((answer) => answer.args),
    );
    expect(given, file.name).toEqual(shown.map((answer) => answer.text));
  });
  return shown.length;
}

for (const chapter of notebookPages) {
  test(`${chapter.name}: C files, with notes and without, compile and answer what the page shows`, async ({
    page,
  }) => {
    test.skip(!hasCompiler, "there is no C compiler (cc) on Linux here");
    test.setTimeout(240_000);
    await page.goto(chapter.path, { waitUntil: "networkidle" });
    const files = await saveAll(page, manifest, ["whole", "clean"]);
    const compared = { whole: 0, clean: 0 };
    for (const file of files) {
      compared[file.kind as "whole" | "clean"] += await checkC(file, chapter);
      if (file.kind === "clean") {
        expect(file.text).not.toMatch(/^\s*\/\/!|^\s*\/\/ *#(end)?region/m);
      }
    }
    const offered = files.map(({ name }) => name);
    const missed = answersOf(chapter).filter(({ file }) => !offered.includes(file));
    // The specimen shows answers of a program that there is not.
    if (chapter !== specimen) expect(missed).toEqual([]);
    expect(compared.whole).toBe(answersOf(chapter).length - missed.length);
    expect(compared.clean).toBeGreaterThan(0);
  });

  test(`${chapter.name}: a saved excerpt is its lines of the saved file, under their numbers on the page`, async ({
    page,
  }) => {
    await page.goto(chapter.path, { waitUntil: "networkidle" });
    const files = await saveAll(page, manifest, ["whole", "excerpt"]);
    const excerpts = files.filter(({ kind }) => kind === "excerpt");
    expect(excerpts.length).toBeGreaterThan(0);
    for (const { name, text } of excerpts) {
      const [first = "", ...rest] = text.trimEnd().split("\n");
      const [, from, to, of] = /^\/\/ Lines (\d+) to (\d+) of (\S+)\.$/.exec(first) ?? [];
      const whole = files.find((one) => one.name === of)?.text.split("\n") ?? [];
      const block = page.locator(`[id="${of}.${name.slice((of ?? "").length - 1, -2)}"]`);
      const shown = await block.locator(".ax-l").evaluateAll((lines) =>
        lines.map((line) => ({
          number: Number(line.querySelector(".ax-n")?.getAttribute("data-n")),
          text: line.querySelector(".ax-t")?.textContent.trimEnd() ?? "",
        })),
      );
      expect([shown[0]?.number, shown.at(-1)?.number], name).toEqual([Number(from), Number(to)]);
      for (const line of shown) expect(whole[line.number - 1], name).toContain(line.text);
      let at = 0;
      for (const line of rest) {
        at = whole.indexOf(line, at) + 1;
        expect(at, `${name}: ${line}`).toBeGreaterThan(0);
      }
    }
  });
}

for (const chapter of chapters) {
  test(`${chapter.name}: programs of cells print what the page shows, with types and without`, async ({
    page,
  }) => {
    test.setTimeout(240_000);
    await page.goto(chapter.path, { waitUntil: "networkidle" });
    const programs = await saveAll(page, manifest, ["program"]);
    expect(programs.length, "programs on the page").toBeGreaterThan(0);
    for (const { name, text, command } of programs) {
      expect(text.split("\n")[0], name).toBe(`// ${command}`);
      const id = /\.([^./]+)\.m[jt]s$/.exec(name)?.[1];
      const cell = chapter.cells.find((one) => one.id === id);
      const expected = printedByCell(cell?.outputs ?? []).trimEnd();
      // Cells that it needs may print before it; what it shows itself stands at the end.
      const printed = (await printedByProgram(name, text)).trimEnd();
      expect(printed.slice(-expected.length), name).toBe(expected);
    }
  });

  test(`${chapter.name}: the zip does what its README says, and its notebooks answer what the page shows`, async ({
    page,
  }) => {
    test.setTimeout(240_000);
    await page.goto(chapter.path, { waitUntil: "networkidle" });
    const saved = await saveAll(page, manifest, ["notebook", "exercises", "chapter"]);
    expect(saved.map((file) => file.kind).sort()).toEqual(["chapter", "exercises", "notebook"]);
    const zip = saved.find(({ kind }) => kind === "chapter");
    const files = unzipSync(zip?.bytes ?? new Uint8Array());
    // What is executed out of the zip is what was saved by itself.
    for (const { kind, name, bytes } of saved) {
      if (kind === "chapter") continue;
      expect(sha256(files[`${chapter.name}/${name}`] ?? new Uint8Array()), name).toBe(
        sha256(bytes),
      );
    }
    const executed = readFileSync(chapter.file, "utf8");
    expect(saved.find(({ kind }) => kind === "notebook")?.text).toBe(executed);

    await inFolder(async (outer) => {
      unpack(files, outer);
      const folder = join(outer, chapter.name);
      const readme = readFileSync(join(folder, "README.md"), "utf8");
      const blocks = [...readme.matchAll(/^```sh\n([^]*?)^```/gm)];
      const commands = blocks.flatMap(([, block = ""]) => block.trim().split("\n"));
      const compiling = commands.filter((command) => command.startsWith("cc "));
      expect(compiling.length).toBe(
        Object.keys(files).filter((name) => name.endsWith(".c")).length,
      );
      for (const command of hasCompiler ? compiling : []) {
        const name = /\S+\.c\b/.exec(command)?.[0];
        const shown = answersOf(chapter).filter(({ file }) => file === name);
        const [given] = await answersOfC(command, join(folder, "listings"), [shown[0]?.args ?? []]);
        expect(given, command).toBe(shown[0]?.text ?? given);
      }
      const others = commands.filter((command) => !command.startsWith("cc "));
      expect(others).toEqual([
        `npm run notebook -- ${chapter.name}.ipynb`,
        `npm run notebook -- ${chapter.name}.exercises.ipynb`,
      ]);
      for (const command of others) {
        const text = readFileSync(join(folder, command.replace(/^.* /, "")), "utf8");
        expect(await printedBy(command, folder), command).toContain(answersShown(text, executed));
      }
    }, "below the project");
  });
}

/** What the terminal shows of a notebook that answers as the executed one; a cell that is a blank there answers nothing. */
function answersShown(text: string, executed: string): string {
  const kernel = "memory-course";
  const notebook = parseNotebook(text, "saved", kernel);
  const full = parseNotebook(executed, "executed", kernel);
  notebook.cells.forEach((cell, index) => {
    const other = full.cells[index];
    if (cell.cell_type !== "code" || other?.cell_type !== "code") return;
    const same = [cell.source].flat().join("") === [other.source].flat().join("");
    Object.assign(cell, { outputs: same ? other.outputs : [] });
  });
  return notebookAsText(notebook);
}

test("the course's zip holds the chapters' zips, and says so", async ({ page, request }) => {
  test.skip(chapters.length === 0, "no chapter was executed");
  await page.goto("/", { waitUntil: "networkidle" });
  const [course] = await saveAll(page, manifest, ["course"]);
  const files = unzipSync(course?.bytes ?? new Uint8Array());
  const expected = new Map<string, string>();
  const readme = new TextDecoder().decode(files["README.md"]);
  for (const { name } of chapters) {
    const zip = await (await request.get(`/downloads/${name}.zip`)).body();
    for (const [path, bytes] of Object.entries(unzipSync(zip))) expected.set(path, sha256(bytes));
    expect(readme).toContain(`- \`${name}/\`: `);
  }
  const held = Object.entries(files).filter(([path]) => path !== "README.md");
  expect(new Map(held.map(([path, bytes]) => [path, sha256(bytes)]))).toEqual(expected);
});
