#!/usr/bin/env node
/** Starts the kernel: `kernel.mjs CONNECTION_FILE`. Jupyter and the runner call it, a person seldom does. */
import { existsSync } from "node:fs";

const built = new URL("../dist/main.js", import.meta.url);
const connectionFile = process.argv[2];
if (connectionFile === undefined) {
  process.stderr.write("usage: kernel.mjs CONNECTION_FILE (Jupyter passes one)\n");
  process.exit(2);
}
if (!existsSync(built)) {
  process.stderr.write(
    "The kernel of the memory course is not built yet. Run `npm run notebook -- --setup` in the project once.\n",
  );
  process.exit(2);
}
const { main } = await import(built.href);
await main(connectionFile);
