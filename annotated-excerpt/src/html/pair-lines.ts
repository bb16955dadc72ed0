/** Which lines of two programs correspond, told by what they call and say. */
import { plainText } from "./copy-text.js";
import type { FileModel } from "../page/file-model.js";

/** Indices of a line on the left and of the one on the right that does the same. */
export type LinePair = readonly [left: number, right: number];

const words = new Set(["if", "for", "while", "switch", "return", "sizeof", "const", "let"]);

/** What a line calls and which texts it holds: `c.mmap(NULL, …)` and `mmap(NULL, …)` call the same. */
function signature(html: string): Set<string> {
  const text = plainText(html);
  const calls = [...text.matchAll(/([A-Za-z_]\w*)\s*\(/g)].map((match) => `${match[1]}()`);
  const texts = [...text.matchAll(/"([^"]*)"/g)].map((match) => `"${match[1]?.trim()}"`);
  const names = [...text.matchAll(/\b[A-Z][A-Z0-9_]{2,}\b/g)].map((match) => match[0]);
  return new Set([...calls, ...texts, ...names].filter((one) => !words.has(one.slice(0, -2))));
}

function likeness(left: Set<string>, right: Set<string>): number {
  let common = 0;
  for (const one of left) if (right.has(one)) common += one.endsWith("()") ? 2 : 1;
  return common === 0 ? 0 : common / Math.max(left.size, right.size, 1) + common / 100;
}

interface Range {
  first: number;
  last: number;
}

function signatures(file: FileModel, { first, last }: Range): Set<string>[] {
  return file.lines.slice(first, last + 1).map((line) => signature(line.html));
}

/** Pairs of lines that do the same, in the order of both. The sum of their likeness is the greatest there is. */
export function pairLines(
  left: FileModel,
  leftRange: Range,
  right: FileModel,
  rightRange: Range,
): LinePair[] {
  const a = signatures(left, leftRange);
  const b = signatures(right, rightRange);
  const best = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const score = (i: number, j: number): number => best[i]?.[j] ?? 0;
  const like = (i: number, j: number): number => likeness(a[i] ?? new Set(), b[j] ?? new Set());
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const match = like(i, j);
      const with_ = match > 0 ? match + score(i + 1, j + 1) : 0;
      const row = best[i];
      if (row) row[j] = Math.max(with_, score(i + 1, j), score(i, j + 1));
    }
  }
  const pairs: LinePair[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const match = like(i, j);
    if (match > 0 && score(i, j) === match + score(i + 1, j + 1)) {
      pairs.push([leftRange.first + i++, rightRange.first + j++]);
    } else if (score(i + 1, j) >= score(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}
