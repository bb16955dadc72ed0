import { expect, test } from "vitest";
import { ansiToHtml, stripAnsi } from "./ansi.js";

test("a colour is a class until it is taken back (ECMA-48 8.3.117: 31 red, 39 default)", () => {
  expect(ansiToHtml("\x1b[31mred\x1b[39m plain")).toBe(
    '<span class="ansi-fg-red">red</span> plain',
  );
});

test("weight and colour stand together, and 0 ends both", () => {
  expect(ansiToHtml("\x1b[1;34mx\x1b[0my")).toBe('<span class="ansi-bold ansi-fg-blue">x</span>y');
});

test("an empty parameter is 0", () => {
  expect(ansiToHtml("\x1b[32mg\x1b[mp")).toBe('<span class="ansi-fg-green">g</span>p');
});

test("a colour of the 256 or a true colour becomes the nearest of the eight", () => {
  expect(ansiToHtml("\x1b[38;5;196mx")).toBe('<span class="ansi-fg-red">x</span>');
  expect(ansiToHtml("\x1b[48;2;0;0;255mx")).toBe('<span class="ansi-bg-blue">x</span>');
});

test("escapes that are no colours, and links of terminals, are left out", () => {
  expect(stripAnsi("a\x1b[2Kb\x1b]8;;http://example.com\x07c\x1b]8;;\x07")).toBe("abc");
});

test("text stays what it is: markup, ampersands, carriage returns", () => {
  expect(ansiToHtml('<b> & "q" \r\n')).toBe("&lt;b&gt; &amp; &quot;q&quot; &#13;\n");
});
