/** Puts a program into a new process's memory (fs/binfmt_elf.c: load_elf_binary, and what ld.so maps before main). */
import type { Address } from "../core/units.js";
import { PAGE_SIZE } from "../core/units.js";
import type { Random } from "../core/random.js";
import { execLayout, smallProgram } from "./exec-layout.js";
import type { ExecLayout } from "./exec-layout.js";
import { OpenFile } from "./file.js";
import { accountPages } from "./mm/accounting.js";
import { link } from "./mm/merge.js";
import { handleFault } from "./mm/page-fault.js";
import { Vma } from "./vma.js";
import {
  VM_ACCOUNT,
  VM_DONTDUMP,
  VM_DONTEXPAND,
  VM_EXEC,
  VM_GROWSDOWN,
  VM_IO,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYWRITE,
  VM_PFNMAP,
  VM_WRITE,
} from "./vm-flags.js";
import type { Mm } from "./model.js";

const VM_MAY = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
/** Pages of a new stack that hold arguments, environment and the first frames. */
const FIRST_STACK_PAGES = 3;

export interface ExecRequest {
  readonly path: string;
  readonly style: "top-down" | "legacy";
  /** `undefined`: no randomisation. */
  readonly random: Random | undefined;
}

/** Maps the program, the C library and the stack, and sets where heap and maps begin. */
export function exec(mm: Mm, request: ExecRequest): ExecLayout {
  const { task, kernel } = mm;
  const layout = execLayout({
    abi: "x86-64",
    image: { ...smallProgram, path: request.path },
    stackLimitBytes: task.limits.stack.soft,
    random: request.random,
    style: request.style,
  });
  mm.layout = request.style;
  mm.mmapBase = layout.mmapBase;
  mm.legacyBase =
    request.style === "legacy"
      ? layout.mmapBase
      : Math.ceil(layout.taskSize / 3 / PAGE_SIZE) * PAGE_SIZE;
  mm.startBrk = mm.brk = layout.brkStart;
  mm.startStack = layout.stackPointer;
  const files = new Map<string, OpenFile>();
  for (const mapping of layout.mappings) {
    const { start, end, name, role } = mapping;
    const isFile = name !== "" && !name.startsWith("[");
    let file: OpenFile | null = null;
    if (isFile) {
      file = files.get(name) ?? new OpenFile(kernel.programFile(name), 0, name);
      files.set(name, file);
      file.inode.sizeBytes = Math.max(file.inode.sizeBytes, mapping.offset + end - start);
      if (role === "data") mm.startData = start;
      if (role === "text" && (mapping.prot & VM_EXEC) !== 0) {
        mm.startCode = start;
        mm.endCode = end;
        file.inode.executing++;
      }
    }
    let flags = mapping.prot | VM_MAY;
    if (role === "stack") flags |= VM_GROWSDOWN | VM_ACCOUNT;
    else if (name.startsWith("[vvar"))
      flags = mapping.prot | VM_MAYREAD | VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
    else if (name === "[vdso]") flags |= VM_DONTEXPAND;
    else if ((flags & VM_WRITE) !== 0) flags |= VM_ACCOUNT;
    const pgoff = isFile ? mapping.offset / PAGE_SIZE : start / PAGE_SIZE;
    const vma = new Vma({ mm, start, end, flags, pgoff, file });
    if (name.startsWith("[") && role !== "stack") vma.name = name;
    link(vma);
    accountPages(mm, flags, vma.pages);
    if ((flags & VM_ACCOUNT) !== 0) kernel.committedPages += vma.pages;
  }
  mm.endData = mm.startData;
  const stack = mm.vmas.at(layout.stackEnd - 1);
  for (let i = 1; i <= FIRST_STACK_PAGES && stack !== null; i++) {
    handleFault(mm, stack, layout.stackEnd - i * PAGE_SIZE, "write");
  }
  // ld.so has written to both pages before main(): they hold addresses that it fills in.
  const data = libraryData(mm);
  const library = mm.vmas.at(data);
  for (let page = data; library !== null && page < library.end; page += PAGE_SIZE) {
    handleFault(mm, library, page, "write");
  }
  task.minorFaults = 0;
  task.majorFaults = 0;
  return layout;
}

/** Two zeroed pages of the C library's own data, for what it keeps between calls. */
export function libraryData(mm: Mm): Address {
  for (const vma of mm.vmas) {
    if (vma.file?.path.endsWith("libc.so.6") === true && (vma.flags & VM_WRITE) !== 0) {
      return vma.start;
    }
  }
  return 0;
}
