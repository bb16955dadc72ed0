/**
 * Calls one by one, real against simulated (calls-file.mjs): errors, texts of /proc, layouts, overcommit, wait.
 *
 *     node tests/conformance/calls.mjs [--file NAMES] [--record]
 *
 * Compares the recorded answers with the simulator's, and with the real system's where this machine can be asked; exits 1
 * where one differs. --record writes the real ones.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { answering, callFiles, readCalls, writeAnswers } from "./calls-file.mjs";
import { realCalls } from "./calls-real.mjs";
import { simulatedCalls } from "./calls-simulated.mjs";
import { readOptions } from "./options.mjs";
import { whyNotReal } from "./real.mjs";
import { whyNotProcess, whyNotSettable, withSettings } from "./settings.mjs";
import { buildSimulator } from "./simulator.mjs";

const values = readOptions("node tests/conformance/calls.mjs [--file NAMES] [--record]", {
  file: { type: "string" },
  record: { type: "boolean", default: false },
});
const simulator = await import(pathToFileURL(join(buildSimulator(), "index.js")).href);
const why = whyNotReal();
let differing = 0;
for (const name of values.file?.split(",") ?? callFiles) {
  const sections = readCalls(name);
  const recorded = [];
  let calls = 0;
  for (const [index, section] of sections.entries()) {
    const whyNot = why ?? whyNotSettable(section.settings) ?? whyNotProcess(section.process);
    if (whyNot !== undefined) console.log(`${name}, ${section.title}: not executed: ${whyNot}`);
    else {
      recorded[index] = await withSettings(section.settings, () =>
        Promise.resolve(realCalls(name, sections, index)),
      );
    }
    const simulated = simulatedCalls(simulator, section);
    for (const [i, line] of answering(section).entries()) {
      calls++;
      const answers = [line.expected, recorded[index]?.[i], simulated[i]].filter(
        (each, k) => each !== undefined || k === 2,
      );
      if (values.record) answers.splice(0, line.expected === undefined ? 0 : 1);
      if (answers.every((each) => each === answers[0])) continue;
      differing++;
      console.log(`${name}.calls:${line.at + 1} ${line.code}`);
      if (recorded[index] !== undefined) console.log(`  real       ${recorded[index][i]}`);
      if (line.expected !== undefined) console.log(`  recorded   ${line.expected}`);
      console.log(`  simulated  ${simulated[i]}`);
    }
  }
  console.log(`${name}: ${calls} calls, ${sections.length} processes`);
  if (values.record) writeAnswers(name, sections, recorded);
}
process.exitCode = differing > 0 ? 1 : 0;
