/** The answers that machines without a compiler show. That there is one for each, chapters.spec.ts checks. */
import { expect, test } from "vitest";
import { execute, result } from "./notebooks.testing.js";

const RECORDED = { ...process.env, MEMORY_COURSE_ANSWERS: "recorded" };
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
