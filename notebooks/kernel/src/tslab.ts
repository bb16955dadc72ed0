/**
 * The seam to tslab 1.0.22: the few of its parts that the kernel uses, as they are, with types of our own.
 * tslab has no `exports` map, so its files can be required; its own declarations need a second TypeScript.
 */
import { createRequire } from "node:module";

export interface Diagnostic {
  readonly start: { readonly line: number; readonly character: number };
  readonly messageText: string;
  readonly fileName?: string;
}

export interface ConvertResult {
  output?: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly hasToplevelAwait?: boolean;
}

/** tslab's converter: a cell's TypeScript in, CommonJS out, with the declarations that the next cell sees. */
export interface Converter {
  convert(previousDeclarations: string, source: string): ConvertResult;
  close(): void;
}

/** tslab's executor: runs a cell and keeps its names for the next one. */
export interface Executor {
  execute(source: string): Promise<boolean>;
  interrupt(): void;
  close(): void;
}

/** What the executor says: `log` gets a cell's last value, `error` what was thrown or a diagnostic. */
export interface ExecutorConsole {
  log(value: unknown): void;
  error(...args: unknown[]): void;
}

/** tslab's answers to an editor: completion, hover, whether a cell is complete. */
export interface EditorHandler {
  handleKernel(): { language_info: Record<string, unknown> } & Record<string, unknown>;
  handleIsComplete(request: object): Record<string, unknown>;
  handleInspect(request: object): Record<string, unknown>;
  handleComplete(request: object): Record<string, unknown>;
}

interface JupyterModule {
  lastWriteDisplayData:
    ((data: Record<string, unknown>, update: boolean | undefined) => void) | null;
  JupyterHandlerImpl: new (executor: Executor, isJs: boolean) => EditorHandler;
}

interface TypeScriptModule {
  version: string;
  sys: { getDirectories(path: string): string[] };
}

const require = createRequire(import.meta.url);
const fromTslab = createRequire(require.resolve("tslab/package.json"));
const typescript = fromTslab("@tslab/typescript-for-tslab") as TypeScriptModule;

/**
 * Of the packages in node_modules/@types, cells get the global names of Node's alone. TypeScript otherwise takes in
 * all that some dependency of the project happens to bring: that costs time, and names that are not there.
 */
const getDirectories = typescript.sys.getDirectories.bind(typescript.sys);
typescript.sys.getDirectories = (path) =>
  /[/\\]@types[/\\]?$/.test(path)
    ? getDirectories(path).filter((name) => name === "node")
    : getDirectories(path);

export const typescriptVersion: string = typescript.version;
export const tslabVersion: string = (fromTslab("./package.json") as { version: string }).version;

export const { createConverter } = require("tslab/dist/converter.js") as {
  createConverter: () => Converter;
};
export const { createExecutor } = require("tslab/dist/executor.js") as {
  createExecutor: (
    rootDir: string,
    converters: { node: Converter; browser: Converter; close(): void },
    console: ExecutorConsole,
  ) => Executor;
};
export const jupyter = require("tslab/dist/jupyter.js") as JupyterModule;
