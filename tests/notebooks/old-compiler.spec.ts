/**
 * The kernel's compiler is TypeScript 5.0.4, as tslab brings it. Types that it does not know silently become `any`
 * in cells, so what cells import is read with that very compiler, as tslab sets it, declarations included.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import type ts from "typescript";
import { project } from "./notebooks.testing.js";

const fromTslab = createRequire(join(project, "node_modules/tslab/package.json"));
const old = fromTslab("@tslab/typescript-for-tslab") as typeof ts;

test("tslab's TypeScript is the one that this check is about", () => {
  expect(old.version).toBe("5.0.4");
});

test.each(["kernel-sim", "course", "annotated-excerpt"])(
  "every declaration of %s is understood",
  (name) => {
    const file = join(project, "notebooks", `__${name}__.ts`);
    const text = `import * as all from "${name}";\nexport const names: string[] = Object.keys(all);\n`;
    const options: ts.CompilerOptions = {
      target: old.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts"],
      module: old.ModuleKind.ESNext,
      // `node10`, whose value is 2 in every version; TypeScript 6 has no name for it any more.
      moduleResolution: 2,
      esModuleInterop: true,
      skipLibCheck: false,
      noEmit: true,
      types: [],
    };
    const host = old.createCompilerHost(options);
    const getSourceFile = host.getSourceFile.bind(host);
    host.getSourceFile = (path, language, ...rest) =>
      path === file
        ? old.createSourceFile(path, text, language)
        : getSourceFile(path, language, ...rest);
    const program = old.createProgram([file], options, host);
    const problems = old.getPreEmitDiagnostics(program).map((diagnostic) => {
      const at = diagnostic.file?.fileName.slice(project.length + 1) ?? "";
      return `${at}: ${old.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`;
    });
    expect(problems).toEqual([]);
  },
);
