import { describe, expect, test } from "vitest";
import { cut, excerptText, wholeText } from "./excerpt.js";
import { parseSource } from "./parse.js";
import { checkUse } from "./use.js";

const text = `#include <stdio.h>

int main(void)
{
    // #region say
    //! To *standard output*.
    puts("a");  //! One line.
    // #region hidden
    setup();
    // #endregion

    puts("b");
    // #endregion
}
`;
const source = parseSource({ file: "say.c", text });

describe("cut()", () => {
  test("names the lines by their numbers in the file", () => {
    const excerpt = cut(source, "say");
    expect([excerpt.firstLine, excerpt.lastLine]).toEqual([7, 12]);
    expect(excerpt.notes).toHaveLength(2);
  });

  test("without a name takes the whole file", () => {
    expect(cut(source).lines).toHaveLength(source.lines.length);
  });

  test("says which regions there are where the name is unknown", () => {
    expect(() => cut(source, "tell")).toThrow(
      'say.c: there is no region "tell" (try: one of: say)',
    );
  });

  test("refuses a line wider than 88 columns, and counts a note at its end not", () => {
    const line = (length: number, note: string): string =>
      `// #region r\n${"x".repeat(length)}${note}\n// #endregion\n`;
    const wide = parseSource({ file: "w.c", text: line(89, "") });
    expect(() => cut(wide, "r")).toThrow("w.c:2: the line is 89 columns wide");
    const fits = parseSource({ file: "w.c", text: line(88, " //! a note beyond the edge") });
    expect(cut(fits, "r").lines).toHaveLength(1);
  });

  test("refuses a note that speaks of lines behind the region's end", () => {
    const reaching = "// #region r\n//! [2] x\na();\n// #endregion\nb();\n";
    const reach = parseSource({ file: "w.c", text: reaching });
    expect(() => cut(reach, "r")).toThrow("w.c:2: a note speaks of 2 lines, but its region ends");
  });
});

describe("text", () => {
  test("of an excerpt, with notes as they stand in the file", () => {
    expect(excerptText(source, "say", "notes")).toBe(
      `    //! To *standard output*.\n    puts("a");  //! One line.\n\n    puts("b");\n`,
    );
  });

  test("of an excerpt, clean", () => {
    expect(excerptText(source, "say", "clean")).toBe(`    puts("a");\n\n    puts("b");\n`);
  });

  test("of the whole file: as it is, or without notes and markers", () => {
    expect(wholeText(source, "notes")).toBe(text);
    expect(wholeText(source, "clean")).toBe(
      text
        .split("\n")
        .filter((line) => !/^ *\/\/ #|^ *\/\/!/.test(line))
        .join("\n")
        .replace("  //! One line.", ""),
    );
  });
});

describe("checkUse()", () => {
  test("tells regions that no page shows, and pages that show what is not there", () => {
    const uses = [
      { file: "say.c", region: "tell", at: "chapter 1, cell 3" },
      { file: "sya.c", region: "say" },
      { file: "say.c" },
    ];
    expect(
      checkUse([source], uses).map((one) => `${one.file}:${one.line}: ${one.message}`),
    ).toEqual([
      'chapter 1, cell 3:0: say.c has no region "tell"',
      'sya.c:0: there is no file "sya.c"',
      'say.c:5: region "say" is shown on no page',
    ]);
    expect(checkUse([source], [{ file: "say.c", region: "say" }])).toEqual([]);
  });
});
