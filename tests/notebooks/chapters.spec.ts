/** Every chapter executed: each cell does what it should, and the simulator answers as the real system does. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { failureText, runFile, sourceOf, tagsOf, type FileRun } from "@memory-course/runner";
import { chapters, project } from "./notebooks.testing.js";
import { readNotebook } from "./strict.testing.js";

const runs = new Map<string, Promise<FileRun>>();

/** The chapter, executed once and kept where `npm run notebook -- --all` keeps it. */
function executed(file: string): Promise<FileRun> {
  let run = runs.get(file);
  if (run === undefined) {
    const out = join(project, "notebooks", ".build", "executed", file);
    run = runFile(join(project, "notebooks", file), { project, out, reuse: "unchanged" });
    runs.set(file, run);
  }
  return run;
}

interface Bundle {
  readonly cell: number;
  readonly data: Readonly<Record<string, unknown>>;
}

function bundles(run: FileRun): Bundle[] {
  return run.notebook.cells.flatMap((cell, index) =>
    cell.cell_type !== "code"
      ? []
      : cell.outputs.flatMap((output) =>
          "data" in output ? [{ cell: index + 1, data: output.data }] : [],
        ),
  );
}

const ANSWER = "application/vnd.memory-course.answer+json";
const COMPARISON = "application/vnd.memory-course.comparison+json";

const EXCERPT = "application/vnd.annotated-excerpt+json";

/** The text of HTML that has spans and entities, and nothing else. */
const plainText = (html: string): string =>
  html
    .replace(/<[^>]+>/g, "")
    .replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => entities[name] ?? "");
const entities: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  amp: "&",
};

interface Answer {
  readonly file: string;
  readonly args: readonly string[];
}

/** The programs that a chapter ran, with their arguments. */
function answers(run: FileRun): Answer[] {
  return bundles(run).flatMap(({ data }) => {
    const comparison = data[COMPARISON] as { real: Answer } | undefined;
    const answer = data[ANSWER] as Answer | undefined;
    return [comparison?.real, answer].filter((one) => one !== undefined);
  });
}

/** Is an answer to these arguments recorded, for machines that cannot give one? */
function isRecorded({ file, args }: Answer): boolean {
  const path = join(project, "notebooks/listings/recorded", `${basename(file, ".c")}.json`);
  if (!existsSync(path)) return false;
  const kept = JSON.parse(readFileSync(path, "utf8")) as { answers: Answer[] };
  return kept.answers.some((one) => JSON.stringify(one.args) === JSON.stringify(args));
}

/** What cells may import: the packages that notebooks/package.json names. */
const importable = Object.keys(
  (
    JSON.parse(readFileSync(join(project, "notebooks/package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    }
  ).dependencies,
);

test("there are chapters", () => {
  expect(chapters().length).toBeGreaterThan(0);
});

describe.each(chapters())("%s", (file) => {
  test("every cell does what it should", async () => {
    const run = await executed(file);
    expect(run.failures.map((failure) => failureText(run.file, failure)).join("\n")).toBe("");
  });

  test("the simulated answers equal the real ones", async () => {
    const different = bundles(await executed(file)).flatMap(({ cell, data }) => {
      const comparison = data[COMPARISON] as { equal: boolean; why?: string } | undefined;
      if (comparison === undefined || comparison.equal || comparison.why !== undefined) return [];
      const text = data["text/plain"] as string[];
      return [`cell ${cell}:\n${text.join("")}`];
    });
    expect(different.join("\n")).toBe("");
  });

  test("every real answer that it shows is recorded, for machines without a compiler", async () => {
    const missing = answers(await executed(file)).filter((answer) => !isRecorded(answer));
    expect(missing.map(({ file: listing, args }) => [listing, ...args].join(" "))).toEqual([]);
  });

  test("every picture has a role, a title and words, and every bundle a text", async () => {
    for (const { cell, data } of bundles(await executed(file))) {
      const text = data["text/plain"] as string[] | undefined;
      expect(text?.join(""), `cell ${cell}`).toBeTruthy();
      const svg = (data["image/svg+xml"] as string[] | undefined)?.join("");
      if (svg === undefined) continue;
      for (const part of ['role="img"', "<title>", "<desc>"]) {
        expect(svg, `cell ${cell}`).toContain(part);
      }
    }
  });

  test("a listing's HTML, without its numbers and marks, is lines of its file", async () => {
    for (const { cell, data } of bundles(await executed(file))) {
      const { file: name } = (data[EXCERPT] ?? {}) as { file?: string };
      if (name === undefined) continue;
      const html = (data["text/html"] as string[]).join("");
      const code = /<pre><code>([^]*?)<\/code><\/pre>/.exec(html)?.[1] ?? "";
      const shown = plainText(
        code.replace(/ ?<(span|sup) style="user-select:none[^]*?<\/\1>/g, ""),
      );
      const whole = readFileSync(join(project, "notebooks/listings", name), "utf8").split("\n");
      for (const line of shown.split("\n")) {
        const found = whole.some(
          (one) =>
            one === line || (one.startsWith(line) && /^ *\/[/*]!/.test(one.slice(line.length))),
        );
        expect(found, `cell ${cell}: ${line}`).toBe(true);
      }
    }
  });

  test("no output names a path of this machine", async () => {
    const text = JSON.stringify((await executed(file)).notebook);
    expect(text).not.toContain(project);
    if (homedir().length > 1) expect(text).not.toContain(`${homedir()}/`);
  });

  test("it is committed without outputs, and imports only the course's packages", () => {
    for (const [index, cell] of readNotebook(file).cells.entries()) {
      if (cell.cell_type !== "code") continue;
      expect(cell.outputs, `cell ${index + 1}`).toEqual([]);
      expect(cell.execution_count, `cell ${index + 1}`).toBeNull();
      for (const match of sourceOf(cell).matchAll(/\bfrom\s+["']([^"']+)["']/g)) {
        expect(importable, `cell ${index + 1}`).toContain(match[1]);
      }
      expect(Array.isArray(tagsOf(cell))).toBe(true);
    }
  });
});
