/** The parts of an address space by their purpose, from what exec mapped. */
import type { Address } from "../core/units.js";
import type { ExecLayout, LayoutMapping } from "../kernel/exec-layout.js";
import { layoutPicture } from "../view/layout.js";
import type { LayoutData, LayoutPart } from "../view/layout.js";
import type { Picture } from "../view/picture.js";

const roles: Readonly<Record<LayoutMapping["role"], LayoutPart["role"]>> = {
  text: "program",
  data: "program",
  bss: "program",
  library: "library",
  kernel: "kernel",
  stack: "stack",
  anonymous: "maps",
};

/** Neighbouring mappings of one purpose are one part. The heap is one where the break has moved from its start. */
export function layoutParts(
  layout: ExecLayout,
  title: string,
  programBreak: Address = layout.brkStart,
): LayoutData {
  const parts: LayoutPart[] = [];
  if (programBreak > layout.brkStart)
    parts.push({ start: layout.brkStart, end: programBreak, name: "heap", role: "heap" });
  // A small bss lies in the rest of the data's last page, and has no mapping of its own.
  const data = layout.mappings.some(({ role }) => role === "bss") ? "data" : "data and bss";
  for (const mapping of layout.mappings) {
    const name = mapping.role === "data" ? data : partName(mapping);
    const last = parts.at(-1);
    if (last?.name === name && last.end === mapping.start)
      parts[parts.length - 1] = { ...last, end: mapping.end };
    else parts.push({ start: mapping.start, end: mapping.end, name, role: roles[mapping.role] });
  }
  const marks = [
    { address: layout.stackPointer, words: "rsp at _start" },
    {
      address: layout.mmapBase,
      words: layout.mmapDirection === "down" ? "mmap_base ↓" : "mmap_base ↑",
    },
    { address: layout.brkStart, words: "start of the heap (brk) ↑" },
  ];
  return { title, taskSize: layout.taskSize, parts, marks };
}

/** The layout, drawn and as text. */
export function drawLayout(
  layout: ExecLayout,
  title = "The layout of a process",
  programBreak?: Address,
): Picture {
  return layoutPicture(layoutParts(layout, title, programBreak));
}

function partName(mapping: LayoutMapping): string {
  switch (mapping.role) {
    case "text":
      return "text and constants";
    case "data":
      return "data";
    case "bss":
      return "bss";
    case "stack":
      return "stack";
    case "kernel":
      return "vvar and vdso";
    case "anonymous":
      return "anonymous (loader, threads' area)";
    case "library":
      return mapping.name === "" || mapping.name.includes("libc") ? "libc.so.6" : "ld.so";
  }
}
