/** The answers that machines without a compiler show: there for every listing a chapter runs, and of its present code. */
import { readFileSync, existsSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { runFile, type FileRun } from "@memory-course/runner";
import { chapters, execute, project, result } from "./notebooks.testing.js";

const RECORDED = { ...process.env, MEMORY_COURSE_ANSWERS: "recorded" };
const ANSWER = "application/vnd.memory-course.answer+json";
const COMPARISON = "application/vnd.memory-course.comparison+json";

interface Answer {
  readonly file: string;
  readonly args: readonly string[];
}

/** The programs that a chapter ran, with their arguments. */
function answersOf(run: FileRun): Answer[] {
  return run.notebook.cells.flatMap((cell) =>
    cell.cell_type !== "code"
      ? []
      : cell.outputs.flatMap((output) => {
          if (!("data" in output)) return [];
          const comparison = output.data[COMPARISON] as { real: Answer } | undefined;
          const answer = output.data[ANSWER] as Answer | undefined;
          return [comparison?.real, answer].filter((one) => one !== undefined);
        }),
  );
}

test.each(chapters())("%s: every answer that it shows is recorded", async (file) => {
  const out = join(project, "notebooks", ".build", "executed", file);
  const run = await runFile(join(project, "notebooks", file), { project, out, reuse: "unchanged" });
  const missing = answersOf(run).filter(({ file: listing, args }) => {
    const path = join(project, "notebooks/listings/recorded", `${basename(listing, ".c")}.json`);
    if (!existsSync(path)) return true;
    const { answers } = JSON.parse(readFileSync(path, "utf8")) as { answers: Answer[] };
    return !answers.some((one) => JSON.stringify(one.args) === JSON.stringify(args));
  });
  expect(missing.map(({ file: listing, args }) => [listing, ...args].join(" "))).toEqual([]);
});

test("a recorded answer is shown with its stamp where recorded answers are asked for", async () => {
  const run = await execute(
    ['import { real } from "course";\nconst a = real("08-demand-paging.c");\na.stamp.recorded'],
    { environment: RECORDED },
  );
  expect(run.failures).toEqual([]);
  expect(result(run, 1)).toBe("true");
});

test("where no answer is recorded, the message says why one was needed and how to record it", async () => {
  const run = await execute(
    ['import { real } from "course";\nreal("08-demand-paging.c", "no", "such", "arguments");'],
    { environment: RECORDED },
  );
  expect(run.failures[0]?.message).toMatch(
    /08-demand-paging\.c cannot be run here \(recorded answers were asked for\).*--record/,
  );
});
