/** Options of the commands of this folder: `--help` prints how to call it, a wrong one says so, without a stack trace. */
import { parseArgs } from "node:util";

/**
 * The values of the options, as parseArgs gives them. Prints `usage` and ends the process with 0 for `--help`, with 2 for a
 * wrong option.
 */
export function readOptions(usage, options) {
  try {
    const { values } = parseArgs({
      options: { ...options, help: { type: "boolean", default: false } },
    });
    if (!values.help) return values;
    console.log(usage);
    process.exit(0);
  } catch (error) {
    console.error(`${error.message}\n  try: ${usage}`);
    process.exit(2);
  }
}
