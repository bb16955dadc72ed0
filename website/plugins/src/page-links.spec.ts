import { expect, test } from "vitest";
import { checkLinks, siteLinks } from "./page-links.js";
import type { LinkedPage, PlacedLink } from "./page-links.js";

const link = (href: string, line = 3): PlacedLink => ({ href, where: "notebooks/a.ipynb", line });
const pages = (...links: PlacedLink[]): LinkedPage[] => [
  { path: "course/a", anchors: ["top", "x.c.r", "x.c.r.l1", "x.c.r.l2", "x.c.r.n1"], links },
  { path: "docs/b", anchors: ["über-uns"], links: [] },
];

test.each([
  ["#top"],
  ["#x.c.r.l1"],
  ["#x.c.r.l1-l2"],
  ["#x.c.r.n1"],
  ["/base/docs/b"],
  ["/base/docs/b#%C3%BCber-uns"],
  ["/base/"],
  ["/base/files/LICENSE"],
  ["https://example.org/#nothing"],
])("%s leads to something", (href) => {
  expect(() => checkLinks(pages(link(href)), "/base/")).not.toThrow();
});

test.each([
  ["#x.c.r.l3", "course/a has no #x.c.r.l3", "click its number"],
  ["#x.c.r.l1-l3", "course/a has no #x.c.r.l3", "click its number"],
  ["#x.c.r.n2", "course/a has no #x.c.r.n2", "copy the link of the note"],
  ["/base/docs/b#top", "docs/b has no #top", "its words in small letters"],
  ["/base/docs/c", "leads to no page", "one of /base/course/a, /base/docs/b"],
  ["b.md", "leads to no page", "begins with https://"],
])("%s is refused with its file, its line and what to do", (href, message, hint) => {
  const check = (): void => checkLinks(pages(link(href)), "/base/");
  expect(check).toThrow(`notebooks/a.ipynb:3: the link ${href} leads`);
  expect(check).toThrow(message);
  expect(check).toThrow(hint);
});

test("all links that lead nowhere are named at once", () => {
  const check = (): void => checkLinks(pages(link("#a", 1), link("#b", 2)), "/base/");
  expect(check).toThrow(/ipynb:1: [^]*ipynb:2: /);
});

test("Docusaurus looks for the first line of a range, and for nothing outside of the site", () => {
  expect(siteLinks([link("#x.l1-l2"), link("/a#b"), link("https://x.y")])).toEqual([
    "#x.l1",
    "/a#b",
  ]);
});
