/** The hand-written pages of the site, in the order of the sidebar. A file of docs/ that is not named here follows them. */
import { basename } from "node:path";

export interface DocsPage {
  /** Path in the project. */
  readonly source: string;
  /** Below `docs/` on the site. */
  readonly slug: string;
  readonly section: string;
  /** What the sidebar says; without it the page's title. */
  readonly label?: string;
}

const known: readonly DocsPage[] = [
  { source: "docs/running.md", slug: "running", section: "The course" },
  { source: "docs/reading.md", slug: "reading", section: "The course" },
  { source: "docs/glossary.md", slug: "glossary", section: "The course" },
  { source: "docs/functions.md", slug: "functions", section: "The course" },
  { source: "docs/teachers.md", slug: "teachers", section: "The course" },
  { source: "kernel-sim/README.md", slug: "simulator", section: "The simulator" },
  { source: "docs/simulator.md", slug: "simulator-manual", section: "The simulator" },
  { source: "docs/accuracy.md", slug: "accuracy", section: "The simulator" },
  { source: "docs/fragmentation.md", slug: "fragmentation", section: "The simulator" },
  { source: "docs/program-forms.md", slug: "program-forms", section: "The simulator" },
  { source: "docs/annotated-excerpts.md", slug: "annotated-excerpts", section: "Code on a page" },
  { source: "annotated-excerpt/README.md", slug: "annotated-excerpt", section: "Code on a page" },
  { source: "CONTRIBUTING.md", slug: "contributing", section: "The project" },
  { source: "ARCHITECTURE.md", slug: "architecture", section: "The project" },
];

/** The pages that are there: `exists` says whether a path of the project is a file, `docs` lists docs/*.md. */
export function docsPages(docs: readonly string[], exists: (path: string) => boolean): DocsPage[] {
  const named = new Set(known.map((page) => page.source));
  const others = docs
    .filter((source) => !named.has(source) && basename(source) !== "README.md")
    .map((source) => ({ source, slug: basename(source, ".md"), section: "More" }));
  return [...known.filter((page) => exists(page.source)), ...others];
}
