/** Options of the commands of this folder: `--help` prints how to call it, a wrong one says so, without a stack trace. */
import { fileURLToPath } from "node:url";
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

/** Runs `main` where the module at `url` is the program itself: it answers the exit code; what it throws is told, with code 2. */
export async function runAsCommand(url, main) {
  if (process.argv[1] !== fileURLToPath(url)) return;
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 2;
  }
}
