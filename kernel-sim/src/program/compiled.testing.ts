/**
 * What a C program of a spec prints on the real system: compiled and run where there is a C compiler, else as it was
 * recorded. `MEMORY_COURSE_ANSWERS=record` writes the records anew; CI never does.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { arch, platform, release, tmpdir } from "node:os";
import { join } from "node:path";

const command =
  platform() === "linux" && arch() === "x64"
    ? ["/usr/bin/gcc", "/usr/bin/cc"].find((path) => existsSync(path))
    : undefined;

/** Where there is none, the specs' titles say so, and only recorded answers are compared. */
export const compiler: string | undefined =
  command === undefined ? undefined : firstLine(execFileSync(command, ["--version"]));

export interface CompiledProgram {
  /** The C text. */
  readonly text: string;
  readonly flags?: readonly string[];
}

/** Compiles the program and gives what runs it: a function from its standard input to its output. */
export function withCompiled<T>(
  { text, flags = [] }: CompiledProgram,
  use: (run: (input?: string) => string, path: string) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), "compiled-"));
  try {
    const [source, program] = [join(folder, "program.c"), join(folder, "program")];
    writeFileSync(source, text);
    execFileSync(command ?? "cc", ["-w", "-O0", ...flags, "-o", program, source], {
      stdio: "pipe",
    });
    return use((input = "") => execFileSync(program, { input, encoding: "utf8" }), program);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What was recorded: the system it is of, and the program's lines. */
export interface Recorded {
  readonly system: string;
  readonly output: string;
}

/**
 * The recorded output of that program with that input, from recorded/NAME.txt: a line with the system, one with a hash
 * of the program, then the output. Throws where the program was changed since.
 */
export function recorded(name: string, program: CompiledProgram, input = ""): Recorded {
  const path = new URL(`./recorded/${name}.txt`, import.meta.url);
  const hash = createHash("sha256")
    .update(JSON.stringify([program, input]))
    .digest("hex");
  if (process.env["MEMORY_COURSE_ANSWERS"] === "record")
    withCompiled(program, (run) => {
      const system = `${compiler ?? ""}, Linux ${/^[\d.]+\d/.exec(release())?.[0] ?? ""}`;
      writeFileSync(path, `${system}\n${hash}\n${run(input)}`);
    });
  const [system = "", kept = "", ...lines] = readFileSync(path, "utf8").split("\n");
  if (kept !== hash)
    throw new Error(
      `recorded/${name}.txt is of another program: record it anew, with MEMORY_COURSE_ANSWERS=record, where there is gcc`,
    );
  return { system, output: lines.join("\n") };
}

function firstLine(text: Buffer): string {
  return text.toString("utf8").split("\n")[0] ?? "";
}
