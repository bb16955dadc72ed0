/**
 * The allocator's code: a module of WebAssembly, made of kernel-sim/assembly when this package is built.
 * It works on the bytes of the process's pages, which are in a memory of WebAssembly already.
 */
import type { LinearMemory } from "../../abi/page-window.js";
import { code } from "./allocator.wasm.js";

/** A variable of the module: of 64 bits a bigint. */
export interface ModuleVariable<T extends number | bigint> {
  value: T;
}

/** What the module has (kernel-sim/assembly/index.ts, state.ts, run.ts). */
export interface AllocatorModule {
  begin(): void;
  end(): void;
  forget(start: number, end: number): void;
  initialize(): void;
  malloc(bytes: number): number;
  malloc64(bytes: bigint): number;
  free(mem: number): void;
  calloc(count: number, elementSize: number): number;
  calloc64(count: bigint, elementSize: bigint): number;
  realloc(mem: number, bytes: number): number;
  realloc64(mem: number, bytes: bigint): number;
  memalign64(alignment: bigint, bytes: bigint): number;
  usableSize(mem: number): number;
  usableSize64(mem: number): bigint;
  trim64(pad: bigint): number;
  mallopt(parameter: number, value: number): number;
  largebinIndex(size: number): number;
  countLists(): void;
  run(commands: number, end: number, answers: number, most: number): void;

  readonly progressAt: ModuleVariable<number>;
  readonly progressAnswers: ModuleVariable<number>;
  readonly namesTable: ModuleVariable<number>;
  readonly namesCount: ModuleVariable<number>;
  readonly namesEnd: ModuleVariable<number>;

  readonly mainArena: ModuleVariable<bigint>;
  readonly initialized: ModuleVariable<number>;
  readonly top: ModuleVariable<bigint>;
  readonly lastRemainder: ModuleVariable<bigint>;
  readonly systemMem: ModuleVariable<bigint>;
  readonly maxSystemMem: ModuleVariable<bigint>;
  readonly trimThreshold: ModuleVariable<bigint>;
  readonly topPad: ModuleVariable<bigint>;
  readonly mmapThreshold: ModuleVariable<bigint>;
  readonly mmapCountMax: ModuleVariable<number>;
  readonly mmapCount: ModuleVariable<number>;
  readonly mmapCountPeak: ModuleVariable<number>;
  readonly mmappedMem: ModuleVariable<bigint>;
  readonly mmappedMemPeak: ModuleVariable<bigint>;
  readonly maxFast: ModuleVariable<bigint>;
  readonly secondHeap: ModuleVariable<bigint>;
  readonly secondSystemMem: ModuleVariable<bigint>;
  readonly secondTopSize: ModuleVariable<bigint>;
  readonly freeChunks: ModuleVariable<bigint>;
  readonly freeBytes: ModuleVariable<bigint>;
  readonly fastChunks: ModuleVariable<bigint>;
  readonly fastBytes: ModuleVariable<bigint>;
  readonly tcache: ModuleVariable<bigint>;
  readonly tcacheBins: ModuleVariable<number>;
  readonly tcacheCount: ModuleVariable<number>;
}

/** What the module asks of the process (kernel-sim/assembly/host.ts). */
export type ModuleHost = Readonly<Record<string, (...args: number[]) => number | void>>;

/** What is used of WebAssembly's JavaScript interface; the type libraries of this package do not have it. */
declare const WebAssembly: {
  readonly Module: {
    new (bytes: Uint8Array): object;
    imports(module: object): readonly { readonly module: string; readonly name: string }[];
  };
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Global: new (...args: never) => ModuleVariable<number | bigint>;
};
declare function atob(base64: string): string;

let compiled: object | undefined;

function moduleCode(): object {
  compiled ??= new WebAssembly.Module(
    Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0)),
  );
  return compiled;
}

/**
 * The allocator of one process, with its variables as they are at the start. What glibc says before it
 * aborts is the name of an import of the module: `abort` is called with it.
 */
export function instantiate(
  pool: LinearMemory,
  host: ModuleHost,
  abort: (words: string) => never,
): AllocatorModule {
  const module = moduleCode();
  const imports: Record<string, Record<string, unknown>> = { env: { memory: pool }, host };
  for (const { module: kind, name } of WebAssembly.Module.imports(module)) {
    if (kind === "abort") (imports["abort"] ??= {})[name] = () => abort(name);
    if (kind === "assert") {
      (imports["assert"] ??= {})[name] = () =>
        abort(`Fatal glibc error: malloc assertion failure in ${name}`);
    }
  }
  return new WebAssembly.Instance(module, imports).exports as AllocatorModule;
}

/** Makes the variables of one instance those of another: the allocator of a child after fork(2). */
export function copyVariables(from: AllocatorModule, to: AllocatorModule): void {
  const target = to as unknown as Record<string, unknown>;
  for (const [name, variable] of Object.entries(from)) {
    if (variable instanceof WebAssembly.Global) {
      (target[name] as ModuleVariable<number | bigint>).value = variable.value;
    }
  }
}
