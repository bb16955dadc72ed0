/** Every suite of random traces by its name. */
import { heapSuites, heapTrace } from "./heap.mjs";
import { vmSuites, vmTrace } from "./vm.mjs";

/** The suites that were recorded, and ours beyond them. */
export const recordedSuites = [
  "heap-small",
  "heap-mixed",
  "heap-align",
  "vm-anon",
  "vm-place",
  "vm-file",
  "vm-fork",
  "vm-advice",
  "vm-huge",
];
export const suites = [...heapSuites, ...vmSuites];

/** The trace of a suite for a seed: an array of lines. Throws where there is no such suite. */
export function randomTrace(suite, seed, length) {
  if (heapSuites.includes(suite)) return heapTrace(suite, seed, length);
  if (vmSuites.includes(suite)) return vmTrace(suite, seed, length);
  throw new Error(`there is no suite "${suite}"; there are ${suites.join(", ")}`);
}
