import { expect, test } from "vitest";
import { inlineHtml, noteHtml } from "./inline-markdown.js";

test.each([
  ["a `p[0] = 1` b", "a <code>p[0] = 1</code> b"],
  ["`` a`b ``", "<code>a`b</code>"],
  ["*one* and **two _three_**", "<em>one</em> and <strong>two <em>three</em></strong>"],
  ["a_name_here 2 * 3 * 4", "a_name_here 2 * 3 * 4"],
  ["[man](https://man7.org/a(2))", '<a href="https://man7.org/a(2)">man</a>'],
  ["[x](javascript:alert(1))", "[x](javascript:alert(1))"],
  ["[x](data:text/html,y)", "[x](data:text/html,y)"],
  ['<b> & "q"', "&lt;b&gt; &amp; &quot;q&quot;"],
  ["`<i>`", "<code>&lt;i&gt;</code>"],
  ["\\*no\\*", "*no*"],
  ["${x} {y} \\d+", "${x} {y} \\d+"],
  ["`open", "`open"],
])("%s", (markdown, html) => {
  expect(inlineHtml(markdown)).toBe(html);
});

test("an empty line separates paragraphs", () => {
  expect(noteHtml("a\nb\n\nc")).toBe("<p>a\nb</p><p>c</p>");
});
