import { expect, test } from "vitest";
import * as client from "./client/index.js";
import * as download from "./download/index.js";
import * as html from "./html/index.js";
import * as main from "./index.js";
import * as page from "./page/index.js";
import * as program from "./program/index.js";
import * as react from "./react/index.js";

test("the package offers these, and no more", () => {
  const names = Object.entries({ main, page, html, client, react, download, program }).map(
    ([entry, exports]) => `${entry}: ${Object.keys(exports).sort().join(" ")}`,
  );
  expect(names).toEqual([
    "main: ListingError checkUse columnsOf cut excerptText languageOf parseSource problemText wholeText widestColumns",
    "page: anchors excerptAnchor fileModel highlightLines inlineHtml lineAnchor noteAnchor noteHtml",
    "html: earlyScript listingHtml pairHtml",
    "client: enhance enhancePair",
    "react: Listing ListingPair",
    "download: listingDownloads manifest withBlanks zip",
    "program: isErasable stripTypes wholeProgram",
  ]);
});
