/** Inline Markdown of notes as HTML. Everything that is not understood is shown as it was written. */
import { escapeHtml } from "./escape.js";

interface Rule {
  pattern: RegExp;
  html: (match: RegExpExecArray) => string;
}

/** Whether an address is safe to link: a web address, or a place on the same site. */
function isSafeAddress(address: string): boolean {
  return /^(https?:\/\/|mailto:|[#/.]|[\w-]+(\/|\.html|$))/i.test(address);
}

const rules: Rule[] = [
  { pattern: /^\\([\\`*_[\]()!])/, html: (match) => escapeHtml(match[1] ?? "") },
  {
    pattern: /^(`+)(?!`)(.+?)(?<!`)\1(?!`)/s,
    html: (match) => `<code>${escapeHtml((match[2] ?? "").replace(/^ (.+) $/, "$1"))}</code>`,
  },
  {
    pattern: /^\*\*(?=\S)(.+?)(?<=\S)\*\*/s,
    html: (match) => `<strong>${inlineHtml(match[1] ?? "")}</strong>`,
  },
  {
    pattern: /^\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?!\*)/s,
    html: (match) => `<em>${inlineHtml(match[1] ?? "")}</em>`,
  },
  {
    pattern: /^_(?=[^\s_])(.+?)(?<=[^\s_])_(?!\w)/s,
    html: (match) => `<em>${inlineHtml(match[1] ?? "")}</em>`,
  },
  {
    pattern: /^\[([^\]]+)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)?)\)/,
    html: (match) => {
      const address = match[2] ?? "";
      if (!isSafeAddress(address)) return escapeHtml(match[0]);
      return `<a href="${escapeHtml(address)}">${inlineHtml(match[1] ?? "")}</a>`;
    },
  },
];

/** One paragraph of inline Markdown. `_` within a word is an underscore. */
export function inlineHtml(markdown: string): string {
  let html = "";
  let at = 0;
  while (at < markdown.length) {
    const rest = markdown.slice(at);
    const inWord = rest.startsWith("_") && /\w/.test(markdown[at - 1] ?? "");
    const found = inWord ? null : firstMatch(rest);
    if (found) {
      html += found.html;
      at += found.length;
    } else {
      html += escapeHtml(markdown[at] ?? "");
      at += 1;
    }
  }
  return html;
}

function firstMatch(rest: string): { html: string; length: number } | null {
  for (const rule of rules) {
    const match = rule.pattern.exec(rest);
    if (match) return { html: rule.html(match), length: match[0].length };
  }
  return null;
}

/** A note's text: paragraphs, separated by an empty line, of inline Markdown. */
export function noteHtml(markdown: string): string {
  const paragraphs = markdown.split(/\n[ \t]*\n/).map((one) => inlineHtml(one.trim()));
  if (paragraphs.length === 1) return paragraphs[0] ?? "";
  return paragraphs.map((one) => `<p>${one}</p>`).join("");
}
