/** What a client of the kernel needs: its messages, the queue that loses none, and where its kernelspec lies. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export { channelAddress, decode, encode, newHeader } from "./wire.js";
export type { Connection, Content, Header, Message, ParentHeader } from "./wire.js";
export { Outbox } from "./outbox.js";

/** The folder for JUPYTER_PATH: it holds kernels/memory-course/kernel.json. */
export const jupyterPath: string = fileURLToPath(new URL("../jupyter", import.meta.url));
/** The program that starts the kernel: `node kernel.mjs CONNECTION_FILE`. */
export const kernelProgram: string = fileURLToPath(new URL("../bin/kernel.mjs", import.meta.url));
/** The name that a notebook's kernelspec must have. */
export const KERNEL_NAME = "memory-course";
/**
 * The options that `node` is given before the kernel's program; kernel.json has them, for Jupyter.
 *
 * `--max-semi-space-size=128`: of a recursion a million deep as many functions wait until their turn comes, some 100 MB.
 * V8 copies what survives in its young objects' 16 MB again and again, which takes longer than the calls do: 290 ns a call
 * in place of 170 (`npm run bench -- calls`). A chapter takes as long, and some 60 to 100 MB more at its peak.
 */
export const nodeOptions: readonly string[] = optionsIn(
  join(jupyterPath, "kernels", KERNEL_NAME, "kernel.json"),
);

function optionsIn(path: string): readonly string[] {
  const { argv } = JSON.parse(readFileSync(path, "utf8")) as { argv: readonly string[] };
  return argv.filter((word) => word.startsWith("--"));
}
