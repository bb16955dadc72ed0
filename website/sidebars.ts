import type { SidebarsConfig } from "@docusaurus/plugin-content-docs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SiteEntry } from "@memory-course/pages";

interface Site {
  readonly chapters: readonly SiteEntry[];
  readonly docs: readonly SiteEntry[];
}

const site = JSON.parse(readFileSync(join(__dirname, ".build/site.json"), "utf8")) as Site;

/** What a reader looks for; the page that is only measured is none of it. */
const docs = site.docs.filter((page) => page.name !== "forty-listings");

const sections = [...new Set(docs.map((page) => page.section))];

const sidebars: SidebarsConfig = {
  course: site.chapters.map((page) => page.path),
  docs: sections.map((section) => ({
    type: "category" as const,
    label: section,
    collapsible: false,
    items: docs.filter((page) => page.section === section).map((page) => page.path),
  })),
};

export default sidebars;
