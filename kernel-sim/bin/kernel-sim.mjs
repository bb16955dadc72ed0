#!/usr/bin/env node
import { existsSync } from "node:fs";

if (existsSync(new URL("../dist/cli/main.js", import.meta.url))) {
  const { main } = await import("../dist/cli/main.js");
  process.exitCode = main(process.argv.slice(2));
} else {
  console.error("kernel-sim: it is not built yet\n  try: npm run build --workspace kernel-sim");
  process.exitCode = 2;
}
