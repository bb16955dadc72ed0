import { expect, test } from "vitest";
import { sanitiseHtml, sanitiseSvg } from "./sanitise.js";

test("what could run is left out of HTML, and its text stays", () => {
  expect(sanitiseHtml('<p onclick="x()">a<script>b</script><b>c</b></p>')).toBe("<p>a<b>c</b></p>");
});

test("what could fetch becomes its words", () => {
  expect(sanitiseHtml('<img src="https://example.com/x.png" alt="a map">')).toBe("a map");
});

test("a link to a script loses its target", () => {
  expect(sanitiseHtml('<a href="javascript:alert(1)">x</a>')).toBe("<a>x</a>");
});

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" onload="x()"><title>T</title><desc>D</desc>' +
  '<defs><linearGradient id="g"/></defs><rect width="4" height="2" fill="url(#g)" style="fill: var(--fig-a, #2563a8)"/>' +
  '<use href="#g"/><use href="https://example.com/x.svg#y"/><script>x()</script><foreignObject><p>x</p></foreignObject></svg>';

test("a picture keeps its shapes, theme variables, title and words", () => {
  const safe = sanitiseSvg(svg, "p-");
  expect(safe).toMatchObject({ title: "T", desc: "D", width: 40, height: 20 });
  expect(safe?.svg).toContain('style="fill: var(--fig-a, #2563a8)"');
  expect(safe?.svg).toContain('viewBox="0 0 40 20"');
  expect(safe?.svg).toContain('role="img"');
});

test("two pictures' ids cannot clash, and references follow them", () => {
  const safe = sanitiseSvg(svg, "p-");
  expect(safe?.svg).toContain('id="p-g"');
  expect(safe?.svg).toContain('fill="url(#p-g)"');
  expect(safe?.svg).toContain('href="#p-g"');
});

test("a picture holds nothing that runs or fetches", () => {
  const safe = sanitiseSvg(svg, "p-");
  expect(safe?.svg).not.toMatch(/script|onload|foreignObject|example\.com/);
});

test("a text without a picture is none", () => {
  expect(sanitiseSvg("<p>no picture</p>", "p-")).toBeNull();
});
