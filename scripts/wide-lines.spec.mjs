import { expect, test } from "vitest";
import { breakWideLines, widest } from "./wide-lines.mjs";

const width = (source) => Math.max(...source.split("\n").map((line) => line.length));

test("lines that fit stay as they are", () => {
  const source = "const a = [ 1,2 ];\nf( a )";
  expect(breakWideLines(source)).toBe(source);
});

test("a list is broken between its parts, and its flags stay together", () => {
  const call =
    "const map = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);";
  expect(breakWideLines(call)).toBe(
    "const map = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,\n  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);",
  );
});

test.each([
  ["in a list", "[`${W}${1 + 1} ${W} and the rest of what is said: ${W}`].join()"],
  [
    "whose method is called",
    "`${W}${W} and ${W} and more of it, up to the edge`.replace('x', 'y')",
  ],
  ["as an argument", "String(`${W} and then ${W}, at last ${W} and the end of it, or so`).length"],
])("a template %s has the same value when it is broken", (_name, expression) => {
  const source = `const W = "${"x".repeat(30)}";\n${expression} ;`;
  const wide = source.replace(/ +;$/, ` + "${"y".repeat(60)}";`);
  const broken = breakWideLines(wide);
  expect(width(wide)).toBeGreaterThan(widest);
  expect(width(broken)).toBeLessThanOrEqual(widest);
  expect((0, eval)(`(() => { ${asReturn(broken)} })()`)).toBe(
    (0, eval)(`(() => { ${asReturn(wide)} })()`),
  );
});

/** The last statement's value is returned; the first is a declaration on a line of its own. */
function asReturn(source) {
  const end = source.indexOf("\n");
  return `${source.slice(0, end)}\nreturn ${source.slice(end + 1).trimStart()}`;
}

test("what cannot be broken stays, and ends nothing", () => {
  const comment = `// ${"word ".repeat(30)}`;
  expect(breakWideLines(comment)).toBe(comment);
});
