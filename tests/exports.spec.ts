import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../scripts/run-tool.mjs";

/** The names that a package's declarations export, sorted; every export stands there by name. */
function exportedNames(declarations: string): string[] {
  const names: string[] = [];
  for (const [, list = ""] of declarations.matchAll(/export (?:type )?\{([^}]*)\}/g)) {
    for (const item of list.split(",")) {
      const name = item.trim().split(" as ").at(-1)?.trim();
      if (name) names.push(name);
    }
  }
  return names.sort();
}

test("kernel-sim exports what kernel-sim/exports.txt lists, so that a change of it is seen", async () => {
  const source = await readFile(join(root, "kernel-sim/src/index.ts"), "utf8");
  expect(source, "no export * in index.ts").not.toMatch(/export \*/);
  const listed = await readFile(join(root, "kernel-sim/exports.txt"), "utf8");
  expect(exportedNames(source)).toEqual(listed.trim().split("\n"));
});
