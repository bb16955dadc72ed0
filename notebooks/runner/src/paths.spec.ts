import { expect, test } from "vitest";
import { pathCleaner } from "./paths.js";

const clean = pathCleaner("/srv/course", "/home/ann");

test.each([
  ["at /srv/course/kernel-sim/dist/a.js:1:2", "at kernel-sim/dist/a.js:1:2"],
  ["file:///srv/course/a.js", "a.js"],
  ["'/home/ann/x' and /home/ann/y", "'~/x' and ~/y"],
  ["/mnt/srv/course/a", "/mnt/srv/course/a"],
  ["/srv/course-two/a", "/srv/course-two/a"],
  ["no path at all", "no path at all"],
])("%s becomes %s", (text, expected) => {
  expect(clean(text)).toBe(expected);
});

test("a home folder of / hides nothing", () => {
  expect(pathCleaner("/srv/course", "/")("/etc/hosts")).toBe("/etc/hosts");
});
