/**
 * Markdown as HTML for a page. It is read as GitHub reads it and never passes through MDX, so braces, angle brackets,
 * backslashes and lines that begin with `import` are what their author wrote.
 */
import { fromHtml } from "hast-util-from-html";
import { sanitize } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";
import rehypeRaw from "rehype-raw";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import type { Element, ElementContent, Nodes, Root } from "hast";
import type { Nodes as MarkdownNodes } from "mdast";
import type { Highlight } from "./highlight.js";
import type { TocItem } from "./model.js";
import { markdownSchema } from "./sanitise.js";

export interface MarkdownOptions {
  readonly highlight: Highlight;
  /** Turns a link's target, as written, into one that holds on the site. */
  readonly resolveLink: (href: string) => ResolvedLink;
  /** A picture that stands in the text, as HTML; null where it is none of ours. */
  readonly picture: (source: string, alt: string) => string | null;
  /** Ids given so far on this page. */
  readonly takenIds: Set<string>;
}

export interface ResolvedLink {
  /** null: the text stays and the link goes. */
  readonly href: string | null;
  /** The file's name, where the link downloads it. */
  readonly download?: string;
}

/** A link into the site, and its line in the Markdown, from 1; 0 where that is not known. */
export interface MarkdownLink {
  readonly href: string;
  readonly line: number;
}

export interface RenderedMarkdown {
  readonly html: string;
  /** The first heading of level 1, taken out of the text. */
  readonly titleHtml: string | null;
  readonly toc: readonly TocItem[];
  readonly links: readonly MarkdownLink[];
  readonly anchors: readonly string[];
  /** The first paragraph as plain text. */
  readonly lead: string | null;
}

/** Tags that the sanitiser leaves out, which are tags all the same. */
const droppedTags = ["script", "style", "iframe", "object", "embed", "form", "link", "meta"];

const knownTags = new Set([...(markdownSchema.tagNames ?? []), ...droppedTags]);

/** What looks like a tag and is none, as in `Array<T>`, is text; an HTML comment is nothing. */
function keepUnknownTags() {
  const visit = (node: MarkdownNodes): void => {
    if (!("children" in node)) return;
    node.children.forEach((child, index) => {
      const name = child.type === "html" ? /^<\/?([a-z][\w-]*)/i.exec(child.value)?.[1] : undefined;
      if (child.type === "html" && name !== undefined && !knownTags.has(name.toLowerCase())) {
        node.children[index] = { type: "text", value: child.value };
      } else visit(child);
    });
  };
  return visit;
}

const parser = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(keepUnknownTags)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw);

export function textOf(node: Nodes): string {
  if (node.type === "text") return node.value;
  return "children" in node ? node.children.map(textOf).join("") : "";
}

/** An id for a heading, as GitHub makes it; a second one of the same text gets a number. */
export function slug(text: string, taken: Set<string>): string {
  const base =
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replace(/\s/g, "-") || "section";
  let id = base;
  for (let count = 1; taken.has(id); count++) id = `${base}-${count}`;
  taken.add(id);
  return id;
}

const element = (
  tagName: string,
  properties: Element["properties"],
  children: ElementContent[],
): Element => ({ type: "element", tagName, properties, children });

/** Parsed HTML of our own making, to be put into a tree. */
function raw(html: string): ElementContent[] {
  return fromHtml(html, { fragment: true }).children as ElementContent[];
}

/** Replaces each element by what `change` gives for it, children first. */
function rewrite(node: Root | Element, change: (element: Element) => ElementContent[]): void {
  node.children = node.children.flatMap((child) => {
    if (child.type !== "element") return child.type === "doctype" ? [] : [child];
    rewrite(child, change);
    return change(child);
  });
}

/** The box of a task list, as a picture with words: there is nothing to press. */
function taskMark(input: Element): Element {
  const state = input.properties["checked"] ? "done" : "open";
  const sign = state === "done" ? "\u2611" : "\u2610";
  const properties = { role: "img", ariaLabel: state, className: ["task"] };
  return element("span", properties, [{ type: "text", value: `${sign} ` }]);
}

function languageOf(code: Element): string {
  const classes = code.properties["className"];
  const names = Array.isArray(classes) ? classes.map(String) : [];
  return names.find((name) => name.startsWith("language-"))?.slice("language-".length) ?? "text";
}

/** The HTML of every code block of the tree, highlighted. */
async function highlightBlocks(
  node: Root | Element,
  highlight: Highlight,
): Promise<Map<Element, string>> {
  const found = new Map<Element, string>();
  for (const child of node.children) {
    if (child.type !== "element") continue;
    const inner = child.tagName === "pre" ? child.children[0] : undefined;
    if (inner?.type === "element" && inner.tagName === "code") {
      const text = textOf(inner).replace(/\n$/, "");
      found.set(child, await highlight(text, languageOf(inner)));
    } else {
      for (const [key, html] of await highlightBlocks(child, highlight)) found.set(key, html);
    }
  }
  return found;
}

/** Renders `source`; headings become entries of the table of contents from level 2 to 3. */
export async function renderMarkdown(
  source: string,
  options: MarkdownOptions,
): Promise<RenderedMarkdown> {
  const tree = sanitize(parser.runSync(parser.parse(source)), markdownSchema) as Root;
  const codeHtml = await highlightBlocks(tree, options.highlight);
  const toc: TocItem[] = [];
  const links: MarkdownLink[] = [];
  const anchors: string[] = [];
  let titleHtml: string | null = null;
  let lead: string | null = null;

  const heading = (node: Element): ElementContent[] => {
    const level = Number(node.tagName.slice(1));
    const text = textOf(node);
    if (level === 1 && titleHtml === null) {
      titleHtml = toHtml(node.children);
      options.takenIds.add("__title");
      return [];
    }
    const id = slug(text, options.takenIds);
    anchors.push(id);
    toc.push({ value: toHtml(withoutLinks(node.children)), id, level });
    const label = `Direct link to ${text}`;
    return [
      element(node.tagName, { id }, [
        ...node.children,
        element("a", { className: ["hash-link"], href: `#${id}`, ariaLabel: label }, []),
      ]),
    ];
  };

  const link = (node: Element): ElementContent[] => {
    const href = node.properties["href"];
    if (typeof href !== "string") return [node];
    const resolved = options.resolveLink(href);
    if (resolved.href === null) return node.children;
    node.properties["href"] = resolved.href;
    if (resolved.download !== undefined) node.properties["download"] = resolved.download;
    else if (resolved.href.startsWith("/") || resolved.href.startsWith("#")) {
      links.push({ href: resolved.href, line: node.position?.start.line ?? 0 });
    }
    return [node];
  };

  const code = (node: Element): ElementContent[] => {
    const html = codeHtml.get(node);
    if (html === undefined) return [node];
    return raw(`<div class="code"><pre tabindex="0"><code>${html}</code></pre></div>`);
  };

  rewrite(tree, (node) => {
    if (/^h[1-6]$/.test(node.tagName)) return heading(node);
    if (node.tagName === "a") return link(node);
    if (node.tagName === "pre") return code(node);
    if (node.tagName === "th" && textOf(node).trim() === "") node.tagName = "td";
    if (node.tagName === "input") return [taskMark(node)];
    if (node.tagName === "table") {
      return [element("div", { className: ["table"], tabIndex: 0 }, [node])];
    }
    if (node.tagName === "img") {
      const alt = String(node.properties["alt"] ?? "");
      const picture = options.picture(String(node.properties["src"] ?? ""), alt);
      return picture === null ? [node] : raw(picture);
    }
    if (node.tagName === "p") {
      if (lead === null && titleHtml !== null) lead = textOf(node).replace(/\s+/g, " ").trim();
      const only = node.children.filter((child) => child.type !== "text" || child.value.trim());
      const first = only[0];
      const holdsFigure = first?.type === "element" && first.tagName === "figure";
      if (only.length === 1 && holdsFigure) return [first];
    }
    return [node];
  });

  return { html: toHtml(tree).trim(), titleHtml, toc, links, anchors, lead };
}

function withoutLinks(children: readonly ElementContent[]): ElementContent[] {
  return children.flatMap((child) =>
    child.type === "element" && child.tagName === "a" ? withoutLinks(child.children) : [child],
  );
}
