/** `npm run notebook -- FILE --watch`: again on each change, for scripts/notebook.mjs. */
import { existsSync, watch } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Waits after a change, since an editor writes a file in several steps. */
const QUIET_MS = 200;

/** Folders whose change may change an answer. */
const watched = [
  "notebooks/listings",
  "kernel-sim/src",
  "kernel-sim/assembly",
  "annotated-excerpt/src",
  "notebooks/course/src",
];

/**
 * Does `work` now and after each change of the notebook, a listing or a package that cells import; never ends.
 * @param {{ path: string, project: string, work: () => Promise<unknown> }} what
 */
export async function watching({ path, project, work }) {
  let timer;
  let busy = false;
  let again = false;
  const run = async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    await work().catch((error) => process.stderr.write(`${error.message}\n`));
    busy = false;
    process.stderr.write("Watching for changes; Ctrl-C ends.\n\n");
    if (again) {
      again = false;
      await run();
    }
  };
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(run, QUIET_MS);
  };
  watch(dirname(path), (_event, name) => {
    if (name === null || name === basename(path)) changed();
  });
  for (const folder of watched) {
    const whole = join(project, folder);
    if (existsSync(whole)) watch(whole, { recursive: true }, changed);
  }
  await run();
  await new Promise(() => undefined);
}
