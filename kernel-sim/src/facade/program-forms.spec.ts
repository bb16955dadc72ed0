/** Executes the ten programs of docs/program-forms.md: the C with the system's compiler, the TypeScript here. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { boot } from "../machine.js";
import type { Process } from "../process.js";

interface Form {
  readonly title: string;
  readonly c: string;
  readonly script: string;
  readonly printed: string;
}

const page = readFileSync(new URL("../../../docs/program-forms.md", import.meta.url), "utf8");
const forms: Form[] = page.split(/^## (?=\d+\. )/m).flatMap((section) => {
  const block = (language: string): string =>
    new RegExp("```" + language + "\n([\\s\\S]*?)\n```").exec(section)?.[1] ?? "";
  const form = {
    title: section.split("\n")[0] ?? "",
    c: block("c"),
    script: block("ts"),
    printed: block("text"),
  };
  return form.c === "" ? [] : [form];
});

const compiler = ["/usr/bin/cc", "/usr/bin/gcc"].find((path) => existsSync(path));
const headers = ["alloca", "setjmp", "stdio", "stdlib", "string"];

describe("the ten programs of docs/program-forms.md", () => {
  it("are ten", () => {
    expect(forms.length).toBe(10);
  });

  it.each(forms)("$title: prints in the simulator what the page says", ({ script, printed }) => {
    const lines: string[] = [];
    const print = (...values: unknown[]): void => void lines.push(values.join(" "));
    const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.None };
    const { outputText } = ts.transpileModule(script, { compilerOptions: options });
    // The page's own text is what is tested; it is no foreign input.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const run = new Function("c", "print", "NULL", outputText) as (
      c: Process,
      print: (...values: unknown[]) => void,
      NULL: number,
    ) => void;
    run(boot().spawn("a.out"), print, 0);
    expect(lines.join("\n")).toBe(printed);
  });

  // Skipped where there is no C compiler: the expected text is what the compiled program prints.
  it.skipIf(compiler === undefined).each(forms)(
    "$title: prints on the real system what the page says",
    ({ c, printed }) => {
      const folder = mkdtempSync(join(tmpdir(), "forms-"));
      try {
        const includes = headers.map((name) => `#include <${name}.h>\n`).join("");
        writeFileSync(join(folder, "program.c"), `${includes}${c}\n`);
        const program = join(folder, "program");
        execFileSync(compiler ?? "cc", ["-O0", "-w", "-o", program, join(folder, "program.c")]);
        expect(execFileSync(program, { encoding: "utf8" }).trim()).toBe(printed);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
