/** The simulator in a browser: the same package, the same bytes as in Node. */
import { readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { expect, test } from "@playwright/test";
import { root } from "./site.js";

/** One module, as text, so that Node and the browser run the very same. */
const program = `export default function (sim) {
  const { boot, MAP_ANONYMOUS, MAP_PRIVATE, MiB, NULL, PROT_READ, PROT_WRITE } = sim;
  const c = boot({ seed: 7 }).spawn("a.out");
  const map = c.mmap(NULL, 64 * MiB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  c.touch(map, 8 * MiB, "read");
  c.touch(map + 4096, MiB, "write");
  const blocks = Array.from({ length: 200 }, (_, i) => c.malloc(16 * i));
  for (let i = 0; i < 200; i += 2) c.free(blocks[i]);
  return [c.maps(), c.smaps(map), c.getrusage().ru_minflt, c.malloc_info()].join("\\n");
}`;
const programUrl = `data:text/javascript,${encodeURIComponent(program)}`;

test("kernel-sim runs in a browser and answers as in Node", async ({ page }) => {
  const dist = join(root, "kernel-sim/dist");
  await page.route("**/kernel-sim/**", (route) => {
    const path = normalize(new URL(route.request().url()).pathname.replace("/kernel-sim/", ""));
    return route.fulfill({
      contentType: "text/javascript",
      body: readFileSync(join(dist, path)),
    });
  });
  await page.goto("/");
  const inBrowser: unknown = await page.evaluate(
    `Promise.all([import("/kernel-sim/index.js"), import(${JSON.stringify(programUrl)})])
      .then(([sim, program]) => program.default(sim))`,
  );
  const sim: unknown = await import(join(dist, "index.js"));
  const { default: inNode } = (await import(programUrl)) as { default: (sim: unknown) => string };
  expect(inBrowser).toBe(inNode(sim));
});
