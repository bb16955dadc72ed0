import { beforeAll, describe, expect, test } from "vitest";
import { cut, excerptText } from "../model/excerpt.js";
import { anchors } from "../page/anchors.js";
import type { FileModel } from "../page/file-model.js";
import { copyText, plainText } from "./copy-text.js";
import { exampleModel, exampleSource } from "./example.testing.js";
import { listingHtml } from "./listing-html.js";
import { pairHtml } from "./pair-html.js";
import { pairLines } from "./pair-lines.js";
import { firstView } from "./view.js";

let file: FileModel;
const source = exampleSource();

beforeAll(async () => {
  file = await exampleModel();
});

function textOfCode(html: string): string {
  const code = /<code>(.*?)<\/code><\/pre>/s.exec(html)?.[1] ?? "";
  return plainText(code);
}

describe("a block before any script runs", () => {
  test.each(["sum", "use", undefined])(
    "has the code of %s as its only text in <code>",
    (region) => {
      expect(textOfCode(listingHtml({ file, region }))).toBe(excerptText(source, region, "clean"));
    },
  );

  test("has each note once, and mark and note lead to each other", () => {
    const html = listingHtml({ file, region: "sum" });
    const marks = [...html.matchAll(/class="ax-mark" id="([^"]+)" href="#([^"]+)"/g)];
    expect(marks).toHaveLength(2);
    for (const [, mark, note] of marks) {
      expect(html).toContain(`<li class="ax-note" id="${note}"`);
      expect(html).toContain(`class="ax-back" href="#${mark}"`);
      expect(html.split(`id="${note}"`)).toHaveLength(2);
    }
    expect(html).toContain('aria-label="Note 2, lines 9 to 10"');
    expect(html).toContain("<strong>one</strong> thought &amp; &lt;no&gt; tag.");
  });

  test("says file, region and lines in its head", () => {
    const { firstLine, lastLine } = cut(source, "use");
    const html = listingHtml({ file, region: "use" });
    expect(html).toContain('<span class="ax-file">sum.c</span>');
    expect(html).toContain(`use · lines ${firstLine}–${lastLine}`);
  });

  test("has every id once", () => {
    const html =
      listingHtml({ file, region: "sum" }) +
      listingHtml({ file, region: "use" }) +
      listingHtml({ file });
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("has its downloads as links", () => {
    const downloads = [
      {
        label: "Whole file",
        href: "/d/sum.c",
        name: "sum.c",
        bytes: 1234,
        command: "cc sum.c && ./a.out",
      },
    ];
    const html = listingHtml({ file, region: "use", downloads });
    expect(html).toContain('<a href="/d/sum.c" download="sum.c">');
    expect(html).toContain("1.2 kB");
    expect(html).toContain("cc sum.c &amp;&amp; ./a.out");
  });

  test("is refused for a region that is not there", () => {
    expect(() => listingHtml({ file, region: "some" })).toThrow(
      'sum.c has no region "some"; its regions: sum, use.',
    );
  });
});

describe("what is copied", () => {
  test.each(["sum", "use", undefined] as const)(
    "of %s is the file's own text, in both forms",
    (region) => {
      for (const form of ["notes", "clean"] as const) {
        expect(copyText(file, firstView({ file, region }), form)).toBe(
          excerptText(source, region, form),
        );
      }
    },
  );
});

describe("anchors()", () => {
  test("names what the block has as ids", () => {
    const html = listingHtml({ file, region: "use" });
    const { excerpt, lines, notes } = anchors(file, "use");
    expect(excerpt).toBe("sum.c.use");
    const { firstLine, lastLine } = cut(source, "use");
    const shown = lines.filter(({ number }) => number === firstLine || number === lastLine);
    expect(shown).toHaveLength(2);
    for (const { anchor } of shown) expect(html).toContain(` id="${anchor}"`);
    expect(html).toContain(` id="${notes.find(({ number }) => number === lastLine)?.anchor}"`);
  });
});

describe("a pair", () => {
  test("has both blocks, and a tab for each", () => {
    const html = pairHtml({
      left: { file, region: "sum" },
      right: { file, region: "use" },
      labels: ["A", "B"],
    });
    expect(html.match(/class="ax"/g)).toHaveLength(2);
    expect(html.match(/role="tab"/g)).toHaveLength(2);
  });

  test("knows lines that call the same, in their order", async () => {
    const { parseSource } = await import("../model/parse.js");
    const { fileModel } = await import("../page/make-model.js");
    const model = (name: string, text: string): Promise<FileModel> =>
      fileModel(parseSource({ file: name, text }));
    const c = await model(
      "a.c",
      'char *p = mmap(NULL, SIZE);\nif (p == 0)\n    return;\nlook("one");\np[0] = 1;\nlook("two");\n',
    );
    const ts = await model(
      "a.ts",
      'const p = c.mmap(NULL, SIZE);\nlook("two");\nlook("one");\nc.store(p, 1);\nlook("two");\n',
    );
    const pairs = pairLines(c, { first: 0, last: 5 }, ts, { first: 0, last: 4 });
    expect(pairs).toContainEqual([0, 0]);
    expect(pairs).toContainEqual([3, 2]);
    expect(pairs).toContainEqual([5, 4]);
  });
});
