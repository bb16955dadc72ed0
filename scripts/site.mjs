/**
 * The site: `node scripts/site.mjs build` writes it to website/build and keeps it while nothing changed,
 * `node scripts/site.mjs serve [--port N]` serves it.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setup } from "./setup.mjs";
import { baseUrl, buildFolder, buildSite } from "./site-build.mjs";
import { createSiteServer } from "./site-server.mjs";
import { runCommand, StepFailure } from "./steps.mjs";

const usage = `node scripts/site.mjs build [--force]      build the site into website/build
node scripts/site.mjs serve [--port N]     serve it, at port 3000 or N`;

function portOf(text) {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65536) return port;
  throw new StepFailure(`"${text}" is no port number.`, "--port 3001");
}

/** Serves until it is interrupted. */
function serve(port) {
  if (!existsSync(join(buildFolder, "index.html"))) {
    throw new StepFailure("There is no built site.", "node scripts/site.mjs build");
  }
  return new Promise((resolve, reject) => {
    const server = createSiteServer(buildFolder, baseUrl);
    server.once("error", (error) => {
      const taken = error.code === "EADDRINUSE";
      const what = taken ? `Port ${port} is taken by another program.` : error.message;
      reject(new StepFailure(what, `another port: --port ${port + 1}`));
    });
    server.listen(port, () => {
      process.stdout.write(
        `\nThe course is at http://localhost:${server.address().port}${baseUrl}  (Ctrl-C ends)\n`,
      );
    });
    const stop = () => {
      server.close(() => resolve(0));
      server.closeAllConnections();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
  });
}

await runCommand(async () => {
  let options;
  try {
    options = parseArgs({
      allowPositionals: true,
      options: { port: { type: "string" }, force: { type: "boolean" } },
    });
  } catch (error) {
    throw new StepFailure(`${error.message}\n${usage}`);
  }
  const [command] = options.positionals;
  if (command === "build") {
    await setup();
    await buildSite(options.values.force === true ? "always" : "if-changed");
    return 0;
  }
  if (command === "serve") return serve(portOf(options.values.port ?? process.env.PORT ?? "3000"));
  throw new StepFailure(`Which command?\n${usage}`);
});
