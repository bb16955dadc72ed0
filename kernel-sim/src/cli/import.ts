/** `kernel-sim import FORMAT FILE`: another tool's log in, a memory trace on standard output. */
import { readFileSync } from "node:fs";
import { UsageError } from "../core/errors.js";
import { importers } from "../trace/import/index.js";
import { ByteWriter } from "../trace/index.js";
import { flush } from "./replay.js";

const WRITE_BYTES = 64 * 1024;

/** Returns the exit code 0; throws UsageError, or TraceSyntaxError where a line is not of that format. */
export function importCommand(args: readonly string[]): number {
  const formats = [...importers.keys()].join(", ");
  const [format, path, more] = args;
  const importer = importers.get(format ?? "");
  if (importer === undefined) {
    throw new UsageError(
      format === undefined ? "import needs a format" : `there is no format "${format}"`,
      `kernel-sim import FORMAT FILE, with a format of ${formats}`,
    );
  }
  if (path === undefined || more !== undefined) {
    throw new UsageError(
      path === undefined ? "import needs a file" : "import takes one file",
      `kernel-sim import ${format} FILE, or - for standard input`,
    );
  }
  const trace = importer(textOf(path), path === "-" ? "standard input" : path);
  const output = new ByteWriter();
  for (const command of trace) {
    output.text(`${command}\n`);
    if (output.length > WRITE_BYTES) flush(output);
  }
  flush(output);
  return 0;
}

function textOf(path: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "latin1");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what =
      code === "ENOENT"
        ? "there is no such file"
        : code === "ERR_STRING_TOO_LONG" || code === "ERR_FS_FILE_TOO_LARGE"
          ? "it is too large to be read at once"
          : String(code);
    throw new UsageError(`${path} cannot be read: ${what}`, "a readable file, or a shorter log");
  }
}
