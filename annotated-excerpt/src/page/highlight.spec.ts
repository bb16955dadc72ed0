import { describe, expect, test } from "vitest";
import { plainText } from "../html/copy-text.js";
import { highlightLines } from "./highlight.js";

const code = `#include <stdio.h>
/* two
   lines */
static int f(const char *s) { return printf("%d\\n", s[0] < 3 && MAP_FAILED); }`;

describe("highlightLines()", () => {
  test("gives the text back, whatever the language", async () => {
    for (const language of ["c", "typescript", "python", "shellscript", "no-such-language"]) {
      const lines = await highlightLines(code, language);
      expect(lines.map(plainText).join("\n")).toBe(code);
    }
  });

  test("knows keywords, types, functions, strings, comments and constants by a letter", async () => {
    const lines = await highlightLines(code, "c");
    expect(lines[1]).toBe('<span class="c">/* two</span>');
    expect(lines[2]).toBe('<span class="c">   lines */</span>');
    expect(lines[3]).toContain('<span class="k">return');
    expect(lines[3]).toContain('<span class="f">printf</span>');
    expect(lines[3]).toContain('<span class="n">MAP_FAILED</span>');
    expect(lines[3]).not.toContain("style");
  });
});
