import type { BootOptions, SpawnOptions } from "../../kernel-sim/src/machine.js";
import type { Settings } from "./settings.mjs";

export interface Mode {
  readonly about?: string;
  readonly settings: Settings;
  readonly machine: BootOptions;
  readonly process: SpawnOptions;
  readonly suites: readonly string[];
}

export const modeNames: readonly string[];
export function modeOf(name?: string): Mode;
