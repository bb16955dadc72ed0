/** Starts the kernel on the connection that a file describes. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import {
  catchStrays,
  endWithParent,
  exitWithOutput,
  killWithOutput,
  redirectStreams,
} from "./process.js";
import { KernelServer } from "./server.js";
import type { Connection } from "./wire.js";

export async function main(connectionFile: string): Promise<void> {
  const parent = Number(process.env["JPY_PARENT_PID"]);
  endWithParent(Number.isInteger(parent) && parent > 0 ? parent : undefined);
  const connection = JSON.parse(readFileSync(connectionFile, "utf8")) as Connection;
  const project = fileURLToPath(new URL("../../..", import.meta.url)).replace(/[/\\]$/, "");
  const exit = process.exit.bind(process);
  const server = new KernelServer(connection, {
    folder: process.cwd(),
    hiddenRoots: [process.cwd(), project, homedir()].sort((a, b) => b.length - a.length),
    exit,
    now: () => new Date(),
  });
  redirectStreams(server);
  exitWithOutput(server);
  killWithOutput();
  catchStrays(server);
  (globalThis as Record<symbol, unknown>)[Symbol.for("memory-course.show")] = (value: unknown) =>
    server.display(value);
  await server.listen();
}
