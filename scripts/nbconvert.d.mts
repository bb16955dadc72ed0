/** Types of nbconvert.mjs for the tests. */
export function hasNbconvert(): boolean;
export function installNbconvert(): void;
export function jupyterEnvironment(): Record<string, string>;
export function executeWithNbconvert(file: string): Promise<unknown>;
export function comparableOutputs(
  outputs: readonly object[],
  clean: (text: string) => string,
): object[];
export function differences(
  ours: { cells: readonly object[] },
  theirs: { cells: readonly object[] },
  clean: (text: string) => string,
): string[];
