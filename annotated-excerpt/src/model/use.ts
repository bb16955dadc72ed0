/** Compares what pages show with what files offer. */
import type { Problem } from "./errors.js";
import type { Source } from "./source.js";

/** That a page shows a region of a file, or the whole of it; `at` says where, for messages. */
export interface Use {
  file: string;
  region?: string | undefined;
  at?: string | undefined;
}

function listOf(names: string[]): string {
  return names.length > 0 ? `one of: ${names.join(", ")}` : "there is none yet";
}

function problemOfUse(use: Use, sources: Source[]): Problem[] {
  const place = { file: use.at ?? use.file, line: 0 };
  const source = sources.find((one) => one.file === use.file);
  if (!source) {
    const hint = listOf(sources.map((one) => one.file));
    return [{ ...place, message: `there is no file "${use.file}"`, hint }];
  }
  const names = source.regions.map((region) => region.name);
  if (use.region === undefined || names.includes(use.region)) return [];
  const message = `${use.file} has no region "${use.region}"`;
  return [{ ...place, message, hint: listOf(names) }];
}

/** Regions that are shown and do not exist, and regions that exist and are never shown. */
export function checkUse(sources: Source[], uses: Use[]): Problem[] {
  const unused = sources.flatMap((source) =>
    source.regions
      .filter(
        (region) => !uses.some((use) => use.file === source.file && use.region === region.name),
      )
      .map((region) => ({
        file: source.file,
        line: region.number,
        message: `region "${region.name}" is shown on no page`,
        hint: "show it, or remove its markers",
      })),
  );
  return [...uses.flatMap((use) => problemOfUse(use, sources)), ...unused];
}
