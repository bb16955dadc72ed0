/**
 * The picture in the README, drawn by the simulator: `node scripts/pictures.mjs` writes it anew.
 * It stands in the repository because a page that shows the README can run nothing; a test compares the two.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./run-tool.mjs";
import { setup } from "./setup.mjs";
import { runCommand } from "./steps.mjs";

/** Where the picture stands, from the project's root. */
export const readmePicture = "docs/pictures/demand-paging.svg";

/** One MiB of addresses, of which a part was read and a part written: SVG text for a page of any colour. */
export async function drawReadmePicture() {
  const sim = await import("kernel-sim");
  const { boot, display, KiB, MAP_ANONYMOUS, MAP_PRIVATE, MiB, NULL, PROT_READ, PROT_WRITE } = sim;
  const c = boot().spawn("a.out");
  const map = c.mmap(NULL, MiB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  c.touch(map, 384 * KiB, "read");
  c.touch(map + 64 * KiB, 192 * KiB, "write");
  const title =
    "1 MiB of addresses: 96 pages were read, 48 of them then written, 160 never touched";
  const svg = c.pages(map, MiB, title)[display]()["image/svg+xml"];
  return svg
    .replace('font-family="inherit"', 'font-family="system-ui, sans-serif"')
    .replace("</desc>", '</desc><rect width="100%" height="100%" fill="#fdfcfa"/>');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runCommand(async () => {
    await setup();
    await writeFile(join(root, readmePicture), `${await drawReadmePicture()}\n`);
  });
}
