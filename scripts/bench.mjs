/**
 * `npm run bench [heap|vm|calls]`: what the simulator costs beside the real system, measured in the same run.
 * It prints tables and judges nothing: a time on a busy machine proves nothing. Node gets the options that the
 * notebooks' kernel gets.
 */
import { spawnSync } from "node:child_process";
import { realVersions, whyNotReal } from "../tests/conformance/real.mjs";
import { setup } from "./setup.mjs";

/** Loaded when it runs: some import what setup() builds. */
const known = {
  heap: async (say) => (await import("../tests/bench/heap.mjs")).benchHeap(say),
  vm: async (say) => (await import("../tests/bench/vm.mjs")).benchVm(say),
  calls: async (say) => (await import("../tests/bench/calls.mjs")).benchCalls(say),
};
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in known));
if (unknown !== undefined) {
  console.error(
    `bench: there is no benchmark "${unknown}"; there are ${Object.keys(known).join(", ")}`,
  );
  process.exit(2);
}
const { kernel, libc, compiler } = realVersions();
if (kernel === "" || compiler === "") {
  console.error("bench: the real side needs Linux on x86-64 and a C compiler (cc)");
  process.exit(2);
}
await setup();
const { nodeOptions } = await import("@memory-course/kernel");
if (!nodeOptions.every((option) => process.execArgv.includes(option))) {
  const args = [...nodeOptions, ...process.argv.slice(1)];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  process.exit(status ?? 1);
}
console.log(`Linux ${kernel}, ${libc}, Node ${process.versions.node} ${nodeOptions.join(" ")}`);
const why = whyNotReal();
if (why !== undefined) console.log(`(the simulated system is another: ${why})`);
for (const name of wanted.length > 0 ? wanted : Object.keys(known)) {
  console.log();
  await known[name](console.log);
}
