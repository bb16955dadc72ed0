/** What a client of the kernel needs: its messages, the queue that loses none, and where its kernelspec lies. */
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
