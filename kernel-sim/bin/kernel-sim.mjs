#!/usr/bin/env node
import { existsSync } from "node:fs";
import { setFlagsFromString } from "node:v8";

// V8 makes code of WebAssembly twice, at first quickly and, of what turns out to be busy, well. A replay is
// over in milliseconds: here the allocator's module is made well from the start. Such flags are V8's own
// affair, so they are set only where they are known to do that: up to Node 24 well alone, up to 26 both at
// once. Elsewhere a replay is slower, no more.
const version = Number.parseInt(process.versions.node, 10);
if (version <= 26) {
  setFlagsFromString("--no-wasm-lazy-compilation");
  setFlagsFromString(version <= 24 ? "--no-liftoff" : "--no-wasm-dynamic-tiering");
}

if (existsSync(new URL("../dist/cli/main.js", import.meta.url))) {
  const { main } = await import("../dist/cli/main.js");
  process.exitCode = main(process.argv.slice(2));
} else {
  console.error("kernel-sim: it is not built yet\n  try: npm run build --workspace kernel-sim");
  process.exitCode = 2;
}
