import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { exampleSource, exampleText } from "../html/example.testing.js";
import { listingDownloads } from "./listing-downloads.js";
import { manifest } from "./manifest.js";
import { withBlanks } from "./notebook.js";
import { zip } from "./zip.js";

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const bytes = (one: string): Uint8Array => new TextEncoder().encode(one);
const command = (name: string): string => `cc -Wall -Wextra -Werror -o sum ${name} && ./sum`;

function hasCompiler(): boolean {
  try {
    execFileSync("cc", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("listingDownloads()", () => {
  const files = listingDownloads(exampleSource(), "use", { command });

  test("gives the whole file with its command, the clean file, and the excerpt", () => {
    expect(files.map(({ kind, name }) => [kind, name])).toEqual([
      ["whole", "sum.c"],
      ["clean", "sum.clean.c"],
      ["excerpt", "sum.use.c"],
    ]);
    expect(text(files[0]?.bytes)).toBe(`${exampleText}// Run it: ${command("sum.c")}\n`);
    expect(text(files[1]?.bytes)).not.toMatch(/\/\/!|#region/);
    expect(text(files[2]?.bytes).split("\n")[0]).toBe("// Lines 18 to 24 of sum.c.");
  });

  test("every line of the whole file has the number that the page shows", () => {
    const lines = text(files[0]?.bytes).split("\n");
    for (const line of exampleSource().lines) expect(lines[line.number - 1]).toContain(line.text);
  });

  test("leaves a file as it is that names its command", () => {
    const own = { ...exampleSource(), text: `// ${command("sum.c")}\n` };
    expect(text(listingDownloads(own, undefined, { command })[0]?.bytes)).toBe(own.text);
  });

  test.skipIf(!hasCompiler())(
    "whole files run by the command on their last line (needs cc)",
    () => {
      for (const file of files.filter((one) => one.command !== undefined)) {
        const folder = mkdtempSync(join(tmpdir(), "excerpt-"));
        writeFileSync(join(folder, file.name), file.bytes);
        const line =
          text(file.bytes).trimEnd().split("\n").at(-1)?.replace("// Run it: ", "") ?? "";
        expect(execFileSync("sh", ["-c", line], { cwd: folder, encoding: "utf8" })).toBe("6\n");
        rmSync(folder, { recursive: true });
      }
    },
  );
});

describe("zip()", () => {
  const entries = [
    { name: "b/c.txt", bytes: bytes("c".repeat(2000)) },
    { name: "a.txt", bytes: bytes("a") },
  ];

  test("holds the files", () => {
    const files = unzipSync(zip(entries));
    expect(Object.keys(files)).toEqual(["a.txt", "b/c.txt"]);
    expect(text(files["b/c.txt"])).toBe("c".repeat(2000));
  });

  test("has the same bytes in every order and time zone", () => {
    const zone = process.env["TZ"];
    const first = zip(entries);
    process.env["TZ"] = "Asia/Tokyo";
    const second = zip([...entries].reverse());
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
    expect(second).toEqual(first);
  });

  test.each(["../a", "/a", "a\\b", ""])("refuses the name %j", (name) => {
    expect(() => zip([{ name, bytes: bytes("") }])).toThrow("cannot be in a zip");
  });

  test("refuses two files of one name", () => {
    const one = { name: "a", bytes: bytes("") };
    expect(() => zip([one, one])).toThrow("two files of the zip are called a");
  });
});

test("manifest() tells size and SHA-256 of each file, by path", () => {
  const file = {
    name: "a.c",
    kind: "whole",
    language: "c",
    bytes: bytes("abc"),
    command: "cc a.c",
  };
  const { files } = manifest(
    [
      { ...file, path: "z/a.c" },
      { ...file, path: "b/a.c" },
    ],
    { version: "1.2.3" },
  );
  expect(files.map((one) => one.path)).toEqual(["b/a.c", "z/a.c"]);
  expect(files[0]).toEqual({
    path: "b/a.c",
    name: "a.c",
    kind: "whole",
    language: "c",
    sizeBytes: 3,
    // FIPS 180-2, appendix B.1
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    version: "1.2.3",
    command: "cc a.c",
  });
  expect(createHash("sha256").update("abc").digest("hex")).toBe(files[0]?.sha256);
});

test("withBlanks() blanks solutions, and leaves the rest of the cells' source", () => {
  const cell = (source: string, tags: string[] = []): object => ({
    cell_type: "code",
    source,
    metadata: { tags },
    outputs: [{}],
    execution_count: 3,
  });
  const notebook = {
    cells: [
      cell("a();"),
      cell("secret();", ["solution"]),
      cell("f();\n  // #region solution\n  secret();\n  // #endregion\ng();\n"),
      { cell_type: "markdown", source: "Why? ", metadata: {} },
    ],
  } as Parameters<typeof withBlanks>[0];
  const blanks = withBlanks(notebook);
  expect(blanks.cells.map((one) => one.source)).toEqual([
    "a();",
    "// Your turn.\n",
    "f();\n  // Your turn.\ng();\n",
    "Why? ",
  ]);
  expect(blanks.cells[0]).toMatchObject({ outputs: [], execution_count: null });
  expect(notebook.cells[1]?.source).toBe("secret();");
});
