import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { drawReadmePicture, readmePicture } from "../scripts/pictures.mjs";
import { root } from "../scripts/run-tool.mjs";

test("the README's picture is what the simulator draws now", async () => {
  const committed = await readFile(join(root, readmePicture), "utf8");
  expect(committed, "node scripts/pictures.mjs writes it anew").toBe(
    `${await drawReadmePicture()}\n`,
  );
});
