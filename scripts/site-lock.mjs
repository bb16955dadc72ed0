/** One build of the site at a time: a second one waits for the first and then finds its work done. */
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Makes `file` with this process's number in it; false where another process that still runs holds it. */
async function take(file) {
  try {
    const handle = await open(file, "wx");
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const holder = Number(await readFile(file, "utf8").catch(() => "0"));
    if (holder > 0 && !isAlive(holder)) await rm(file, { force: true });
    return false;
  }
}

/** Runs `work` while no other process runs one with the same `file`; a holder that died counts for nothing. */
export async function withLock(file, work) {
  await mkdir(dirname(file), { recursive: true });
  while (!(await take(file))) await sleep(200);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}
