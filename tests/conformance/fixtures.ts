/** The recorded traces: a folder of pairs NAME.trace and NAME.expected, and of whole programs. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const directory = fileURLToPath(new URL("fixtures/", import.meta.url));

export interface RecordedTrace {
  readonly name: string;
  readonly text: string;
  readonly expected: readonly string[];
  /** One of modes.mjs; undefined is the usual one. */
  readonly mode?: string;
}

export function recordedTraces(): RecordedTrace[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(".trace"))
    .sort()
    .map((file) => {
      const name = file.slice(0, -".trace".length);
      return {
        name,
        text: readFileSync(`${directory}${file}`, "utf8"),
        expected: readFileSync(`${directory}${name}.expected`, "utf8").trimEnd().split("\n"),
      };
    });
}

/** `programs/*.tsv.gz`: each line a command, a tab and the answer; `map+0x10` is an address outside the heap by its offset in the page. */
export function recordedPrograms(): RecordedTrace[] {
  return readdirSync(`${directory}programs`)
    .filter((file) => file.endsWith(".tsv.gz"))
    .sort()
    .map((file) => {
      const lines = gunzipSync(readFileSync(`${directory}programs/${file}`))
        .toString("utf8")
        .trimEnd()
        .split("\n")
        .map((line) => line.split("\t"));
      return {
        name: file.slice(0, -".tsv.gz".length),
        text: lines.map(([command]) => command).join("\n"),
        expected: lines.map(([, answer]) => answer ?? ""),
      };
    });
}

/** An answer of ours in the form of the recorded programs. */
export function programAnswer(answer: string): string {
  const outside = /^= top-0x([0-9a-f]+)$/.exec(answer);
  if (outside === null) return answer;
  const distance = parseInt(outside[1] ?? "0", 16);
  return `= map+0x${((4096 - (distance % 4096)) % 4096).toString(16)}`;
}

/** Our own random traces of every suite, with answers recorded from the real system (record.mjs); `SUITE@MODE.tsv.gz` in a mode. */
export function recordedRandomTraces(): RecordedTrace[] {
  return readdirSync(`${directory}random`)
    .filter((file) => file.endsWith(".tsv.gz"))
    .sort()
    .flatMap((file) => {
      const suite = file.slice(0, -".tsv.gz".length);
      const [, mode] = suite.split("@");
      return gunzipSync(readFileSync(`${directory}random/${file}`))
        .toString("utf8")
        .split("%%\n")
        .map((part, index) => {
          const lines = part
            .trimEnd()
            .split("\n")
            .map((line) => line.split("\t"));
          return {
            name: `${suite} ${index + 1}`,
            text: lines.map(([command]) => command).join("\n"),
            expected: lines.map(([, answer]) => answer ?? ""),
            ...(mode === undefined ? {} : { mode }),
          };
        });
    });
}
