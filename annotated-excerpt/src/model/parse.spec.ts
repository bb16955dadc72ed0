import { describe, expect, test } from "vitest";
import { ListingError } from "./errors.js";
import { parseSource } from "./parse.js";

const c = (text: string): ReturnType<typeof parseSource> => parseSource({ file: "a.c", text });

function problemsOf(text: string, file = "a.c"): string[] {
  try {
    parseSource({ file, text });
  } catch (error) {
    if (error instanceof ListingError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("notes", () => {
  test("a note at the end of a line speaks of that line, and leaves its text", () => {
    const source = c("a();\nb();   //! why *b*\nc();\n");
    expect(source.lines.map((line) => line.text)).toEqual(["a();", "b();", "c();"]);
    expect(source.notes).toEqual([
      {
        line: 1,
        count: 1,
        markdown: "why *b*",
        place: "end",
        comment: "   //! why *b*",
        number: 2,
      },
    ]);
  });

  test("a note on lines of its own speaks of the line below; lines keep their numbers", () => {
    const source = c("a();\n  //! first\n  //! second\nb();\n");
    expect(source.lines.map((line) => [line.number, line.text])).toEqual([
      [1, "a();"],
      [4, "b();"],
    ]);
    expect(source.notes[0]).toMatchObject({
      line: 1,
      markdown: "first\nsecond",
      comment: "  //! first\n  //! second",
    });
  });

  test("[3] speaks of three lines of code, and begins a new note", () => {
    const source = c("//! one\n//! [3] three\na();\nb();\nc();\n");
    expect(source.notes.map(({ line, count, markdown }) => [line, count, markdown])).toEqual([
      [0, 1, "one"],
      [0, 3, "three"],
    ]);
  });

  test("a block comment that begins with ! is a note, above or at the end", () => {
    const source = c("/*! above\n * goes on */\na(); /*! end */\n");
    expect(source.notes.map(({ line, markdown, place }) => [line, markdown, place])).toEqual([
      [0, "above\ngoes on", "above"],
      [0, "end", "end"],
    ]);
  });

  test("what looks like a note within a string, a template or a regular expression is code", () => {
    expect(c('puts("//! no"); char q = \'"\'; //! yes\n').notes).toHaveLength(1);
    const script =
      'const a = `//! ${b("`")} no`;\nconst r = /[/]*!/; const s = /[/*!] no/;\nx = 4 / 2; //! yes\n';
    const source = parseSource({ file: "a.ts", text: script });
    expect(source.notes.map((note) => note.markdown)).toEqual(["yes"]);
  });

  test("in a language of # comments a note begins with #! and a space; #!/bin/sh is none", () => {
    const source = parseSource({
      file: "a.sh",
      text: "#!/bin/sh\necho $# #! how many\n#! two\nls\n",
    });
    expect(source.notes.map(({ line, markdown }) => [line, markdown])).toEqual([
      [1, "how many"],
      [2, "two"],
    ]);
  });

  test.each([
    ["an empty line follows", "//! lost\n\na();\n", "a.c:1: a note speaks of no line"],
    ["the file ends", "a();\n//! lost\n", "a.c:2: a note speaks of no line"],
    [
      "the region ends",
      "// #region r\na();\n//! lost\n// #endregion\nb();\n",
      "a.c:3: a note speaks of no line",
    ],
    [
      "it speaks of more lines than there are",
      "//! [3] x\na();\n",
      "a.c:1: a note speaks of 3 lines",
    ],
    ["it says nothing", "a(); //!\n", "a.c:1: a note says nothing"],
    ["code follows it", "a(); /*! x */ b();\n", "a.c:1: code follows a note"],
  ])("a note is refused where %s", (_, text, message) => {
    expect(problemsOf(text)[0]).toContain(message);
    expect(problemsOf(text)[0]).toContain("(try: ");
  });
});

describe("regions", () => {
  test("nest, and begin and end at lines that are not empty", () => {
    const source = c(
      "// #region all\n\na();\n// #region part\nb();\n// #endregion part\n\n// #endregion\nc();\n",
    );
    expect(source.regions.map(({ name, first, last }) => [name, first, last])).toEqual([
      ["all", 1, 2],
      ["part", 2, 2],
    ]);
    expect(source.lines.map((line) => line.text)).toEqual(["", "a();", "b();", "", "c();"]);
  });

  test("called hidden hold lines that are not shown, and may be many", () => {
    const source = c(
      "// #region hidden\na();\n// #endregion\nb();\n// #region hidden\nc();\n// #endregion\n",
    );
    expect(source.lines.map((line) => line.hidden)).toEqual([true, false, true]);
    expect(source.regions).toEqual([]);
  });

  test.each([
    ["is empty", "// #region r\n\n// #endregion\n", 'a.c:1: region "r" has no line of code'],
    [
      "is there twice",
      "// #region r\na();\n// #endregion\n// #region r\nb();\n// #endregion\n",
      'a.c:4: region "r" is there twice; the first opens in line 1',
    ],
    ["is never closed", "// #region r\na();\n", 'a.c:1: region "r" is never closed'],
    ["closes nothing", "a();\n// #endregion\n", "a.c:2: #endregion closes no region"],
    [
      "is nested wrong",
      "// #region r\na();\n// #region s\nb();\n// #endregion r\n// #endregion s\n",
      'a.c:5: #endregion r stands where region "s" (line 3) is open',
    ],
    ["has no name", "// #region\na();\n// #endregion\n", "a.c:1: a region has no name"],
  ])("a region is refused that %s", (_, text, message) => {
    expect(problemsOf(text)[0]).toContain(message);
  });

  test("all problems of a file are told at once, in the order of their lines", () => {
    const text = "//! lost\n\n// #region r\n// #endregion\n// #endregion\n";
    expect(problemsOf(text).map((line) => line.slice(0, 6))).toEqual([
      "a.c:1:",
      "a.c:3:",
      "a.c:5:",
    ]);
  });
});

test("the line that names a script's program is no note, with a blank in it or without", () => {
  for (const first of ["#!/bin/sh", "#! /usr/bin/env python3"]) {
    const { lines, notes } = parseSource({ file: "a.py", text: `${first}\nx = 1  #! A note.\n` });
    expect(lines.map((line) => line.text)).toEqual([first, "x = 1"]);
    expect(notes.map((note) => note.markdown)).toEqual(["A note."]);
  }
});

describe("keys of lines", () => {
  const text = "// #region r\na();\n}\nb();\n}\n// #endregion\n";

  test("stay when lines are added around the region and around the line", () => {
    const before = c(text).lines.map((line) => line.key);
    const after = c(`// new\nx();\n}\n${text.replace("b();", "new();\n  b();")}`).lines;
    expect(before.every((key) => after.some((line) => line.key === key))).toBe(true);
    expect(after.find((line) => line.text === "  b();")?.key).toBe(before[2]);
  });

  test("differ, also between lines of the same text", () => {
    const keys = c(text).lines.map((line) => line.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
