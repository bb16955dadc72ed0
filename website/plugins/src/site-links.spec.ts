import { expect, test } from "vitest";
import { resolveSiteLink } from "./site-links.js";
import type { SiteMap } from "./site-links.js";

const map: SiteMap = {
  baseUrl: "/base/",
  pages: new Map([
    ["notebooks/08-demand-paging.ipynb", "course/08-demand-paging"],
    ["docs/running.md", "docs/running"],
    ["kernel-sim/README.md", "docs/simulator"],
  ]),
  publishFile: (path) => (path === "LICENSE" ? "files/LICENSE" : null),
};

test.each([
  [
    "notebooks/04-heap.ipynb",
    "08-demand-paging.ipynb#the-answer",
    "/base/course/08-demand-paging#the-answer",
  ],
  ["notebooks/04-heap.ipynb", "../docs/running.md", "/base/docs/running"],
  ["docs/running.md", "../kernel-sim", "/base/docs/simulator"],
  ["docs/running.md", "#here", "#here"],
  ["docs/running.md", "https://man7.org/x", "https://man7.org/x"],
])("from %s, %s leads to %s", (from, href, target) => {
  expect(resolveSiteLink(map, from, href)).toEqual({ href: target });
});

test("a file of the project that is no page is there to save", () => {
  expect(resolveSiteLink(map, "README.md", "LICENSE")).toEqual({
    href: "/base/files/LICENSE",
    download: "LICENSE",
  });
});

test("a link to what the site does not hold becomes text", () => {
  expect(resolveSiteLink(map, "README.md", "tests/bench")).toEqual({ href: null });
});
