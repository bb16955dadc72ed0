import { mkdtemp, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeTree } from "./tree.js";

test("writeTree() writes what is new, leaves what is the same, removes what is gone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tree-"));
  try {
    const first = new Map([
      ["a/x.txt", "one"],
      ["a/y.txt", "two"],
    ]);
    expect(await writeTree(folder, first)).toBe(2);
    const past = new Date(2020, 0, 1);
    await utimes(join(folder, "a/x.txt"), past, past);
    await writeFile(join(folder, "stray.txt"), "stray");
    expect(await writeTree(folder, new Map([["a/x.txt", "one"]]))).toBe(2);
    expect((await stat(join(folder, "a/x.txt"))).mtime).toEqual(past);
    await expect(readFile(join(folder, "a/y.txt"))).rejects.toThrow("ENOENT");
    await expect(readFile(join(folder, "stray.txt"))).rejects.toThrow("ENOENT");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
