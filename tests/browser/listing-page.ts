/**
 * A page of annotated excerpts by themselves, with the built package as the browser's modules: what the block does is
 * tested apart from any chapter.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { parseSource } from "annotated-excerpt";
import type { Source } from "annotated-excerpt";
import { listingHtml, pairHtml } from "annotated-excerpt/html";
import type { ListingProps } from "annotated-excerpt/html";
import { fileModel } from "annotated-excerpt/page";
import type { FileModel } from "annotated-excerpt/page";
import { root } from "./site.js";

const folder = join(root, "annotated-excerpt");

const text = `#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 4096 };

// #region hash
/* A comment that stays. */
static unsigned hash(const char *text, size_t length) //! **FNV-1a**, see [its authors](https://datatracker.ietf.org/doc/html/rfc9923).
{
    unsigned value = 0x811c9dc5; //! The *offset basis*.
    //! [3] Each byte is mixed in by \`xor\`; the multiplication carries it upwards. The loop is
    //! written as one since the length is not known, and a compiler unrolls it anyway.
    for (size_t i = 0; i < length; i++) {
        value = (value ^ (unsigned char)text[i]) * 0x01000193;
    }

    return value; //! All 32 bits.
}
// #endregion

//! Only here.
static char buffer[SIZE];

int main(void)
{
    // #region use
    const char *text = "a line that is nearly as wide as a line of an excerpt may be";
    // #region hidden
    if (strlen(text) >= sizeof buffer)
        return EXIT_FAILURE;
    // #endregion
    //! The copy is what is hashed.
    strcpy(buffer, text);
    printf("%08x\\n", hash(buffer, strlen(buffer)));
    // #endregion
    return EXIT_SUCCESS;
}
`;

const script = `const text = "a line";
//! The same in TypeScript.
buffer.strcpy(text);
console.log(hash(buffer));
printf("%08x", 3);
`;

export const source: Source = parseSource({ file: "hash.c", text });
export const scriptSource: Source = parseSource({ file: "hash.ts", text: script });
export const notesOf = (region: string): number => {
  const found = source.regions.find((one) => one.name === region);
  return source.notes.filter((note) => found && note.line >= found.first && note.line <= found.last)
    .length;
};

/** The two parts of the page that every test needs: excerpts of two regions, a whole file, and a pair. */
export async function models(): Promise<{ c: FileModel; ts: FileModel }> {
  return { c: await fileModel(source), ts: await fileModel(scriptSource) };
}

export interface ListingPage {
  listings: Omit<ListingProps, "file">[];
  /** Room to the right of the article, for notes in the margin. */
  margin?: string;
}

const downloads = [
  {
    label: "Whole file",
    href: "/harness/hash.c",
    name: "hash.c",
    bytes: text.length,
    command: "cc hash.c",
  },
];

/** The listings of most tests. */
export const usual: ListingPage["listings"] = [
  { region: "hash", downloads },
  { region: "use" },
  {},
];

async function pageHtml({ listings, margin = "0px" }: ListingPage): Promise<string> {
  const { c, ts } = await models();
  const css = readFileSync(join(folder, "style.css"), "utf8").replace(
    /@import "(.+)";/g,
    (_, path: string) => readFileSync(join(folder, path), "utf8"),
  );
  const pair = { left: { file: c, region: "hash", id: "pair" }, right: { file: ts } };
  const blocks = listings.map(
    (props) =>
      `<p>Text before.</p><div class="ax-block one">${listingHtml({ file: c, ...props })}</div>`,
  );
  const data = JSON.stringify({ c, ts, listings }).replaceAll("<", "\\u003c");
  return `<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8"><title>Listings</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>
  body { margin: 0; font: 17px/1.6 sans-serif; color: #1f2328; background: #fff; }
  [data-theme="dark"] body { color: #d4d8de; background: #121417; }
  main { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
  @media (min-width: 1300px) { main { margin-left: 4rem; --ax-margin: ${margin}; } }
${css}</style></head><body><main><h1>Listings</h1>${blocks.join("")}
<div class="ax-block two">${pairHtml(pair)}</div><p>The end.</p></main>
<script type="application/json" id="data">${data}</script>
<script type="module">
import { enhance, enhancePair } from "./dist/client/index.js";
const { c, ts, listings } = JSON.parse(document.getElementById("data").textContent);
document.querySelectorAll(".ax-block.one").forEach((root, i) => enhance(root, { file: c, ...listings[i] }));
const two = document.querySelector(".ax-block.two");
const pair = { left: { file: c, region: "hash", id: "pair" }, right: { file: ts } };
two.querySelectorAll(".ax-side").forEach((side, i) => enhance(side, i === 0 ? pair.left : pair.right));
enhancePair(two, pair);
document.documentElement.dataset.ready = "yes";
</script></body></html>`;
}

const types: Record<string, string> = { ".js": "text/javascript", ".c": "text/x-c" };

/** Opens the page, and waits until it is alive where scripts run. */
export async function openListings(
  page: Page,
  content: ListingPage = { listings: usual },
  place = "",
): Promise<void> {
  const html = await pageHtml(content);
  await page.route("**/harness/**", async (route) => {
    const path = new URL(route.request().url()).pathname.replace(/^.*\/harness\//, "");
    if (path === "") return route.fulfill({ contentType: "text/html; charset=utf-8", body: html });
    if (path === "hash.c") return route.fulfill({ contentType: "text/x-c", body: text });
    const ending = /\.\w+$/.exec(path)?.[0] ?? "";
    return route.fulfill({
      contentType: types[ending] ?? "text/plain",
      body: readFileSync(join(folder, path), "utf8"),
    });
  });
  await page.goto(`/harness/${place}`);
}

/** Waits until the blocks listen and their notes are placed. */
export async function untilAlive(page: Page): Promise<void> {
  await page.locator("html[data-ready]").waitFor();
  await page.locator(".ax.ax-placed").first().waitFor({ state: "attached" });
}
