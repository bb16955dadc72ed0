/**
 * `npm run lighthouse`: measures the built site as a phone sees it, three times a page: the first page, the longest
 * chapter, and a page of forty listings. Fails where the median of Performance is below 0.95, where another category is
 * below 1, or where the layout shifts. Lighthouse, and a Node that is new enough for it where this one is not, are
 * installed into website/.cache/lighthouse, since nothing else needs them.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureBrowser } from "./browser.mjs";
import { lastLines, root, runTool } from "./run-tool.mjs";
import { setup } from "./setup.mjs";
import { baseUrl, buildFolder, buildSite } from "./site-build.mjs";
import { createSiteServer } from "./site-server.mjs";
import { runCommand, StepFailure } from "./steps.mjs";

const lighthouse = "13.5.0";
const node = "22.23.3";
/** The oldest Node that this Lighthouse runs on. */
const oldest = [22, 19];

const runs = 3;
const leastPerformance = 0.95;

const folder = join(root, "website/.cache/lighthouse");

function isNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/** Installs Lighthouse where it is not there; answers the Node that runs it. */
async function install() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const nodePackage = `node-${platform}-${process.arch}`;
  const dependencies = { lighthouse, ...(isNewEnough() ? {} : { [nodePackage]: node }) };
  const wanted = `${JSON.stringify({ private: true, dependencies })}\n`;
  const file = join(folder, "package.json");
  const program = join(folder, "node_modules", nodePackage, "bin/node");
  if ((await readFile(file, "utf8").catch(() => "")) !== wanted) {
    await mkdir(folder, { recursive: true });
    await writeFile(file, "{}\n");
    const names = Object.entries(dependencies).map(([name, version]) => `${name}@${version}`);
    const args = ["install", "--no-save", "--no-audit", "--no-fund", ...names];
    const { code, output } = await runTool("npm", args, { cwd: folder });
    if (code !== 0) {
      throw new StepFailure(`Lighthouse could not be installed:\n${lastLines(output, 5)}`);
    }
    await writeFile(file, wanted);
  }
  return isNewEnough() ? process.execPath : program;
}

/** The chapter whose page is the largest. */
async function longestChapter() {
  const pages = join(buildFolder, "course");
  const names = (await readdir(pages)).filter((name) => name.endsWith(".html"));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(pages, name))).size));
  const longest = names[sizes.indexOf(Math.max(...sizes))] ?? "";
  return `course/${longest.replace(/\.html$/, "")}`;
}

/** One run over a page: the score of each category, and how much the layout shifts. */
async function measure(program, chrome, address) {
  const out = join(folder, "report.json");
  const args = [
    join(folder, "node_modules/lighthouse/cli/index.js"),
    address,
    ...["--quiet", "--output=json", `--output-path=${out}`],
    "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
  ];
  const { code, output } = await runTool(program, args, { env: { CHROME_PATH: chrome } });
  if (code !== 0 || !existsSync(out)) {
    throw new StepFailure(`Lighthouse failed on ${address}:\n${lastLines(output, 10)}`);
  }
  const { categories, audits } = JSON.parse(await readFile(out, "utf8"));
  const failed = Object.values(categories)
    .filter((category) => category.id !== "performance")
    .flatMap(({ auditRefs }) => auditRefs)
    .map(({ id }) => audits[id])
    .filter(({ score }) => score !== null && score < 1)
    .map(({ id, title }) => `${id}: ${title}`);
  const scores = Object.values(categories).map(({ id, score }) => [id, score]);
  return {
    scores: Object.fromEntries(scores),
    shift: audits["cumulative-layout-shift"].numericValue,
    times: ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time"].map((id) =>
      Math.round(audits[id].numericValue),
    ),
    failed,
  };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Measures a page, prints its line, and answers what is not as it should be. */
async function measurePage(program, chrome, origin, path) {
  const results = [];
  for (let run = 0; run < runs; run++) {
    results.push(await measure(program, chrome, `${origin}${baseUrl}${path}`));
  }
  const performance = results.map(({ scores }) => scores.performance);
  const others = Object.keys(results[0].scores).filter((id) => id !== "performance");
  const lowest = others.map((id) => [id, Math.min(...results.map(({ scores }) => scores[id]))]);
  const shift = Math.max(...results.map((result) => result.shift));
  const [paint, largest, blocked] = [0, 1, 2].map((at) => median(results.map((r) => r.times[at])));
  const page = `/${path}`;
  process.stdout.write(
    `${page}\n  performance ${median(performance)} (${performance.join(", ")}), ` +
      `${lowest.map(([id, score]) => `${id} ${score}`).join(", ")}\n  shift ${shift.toFixed(4)}, ` +
      `first paint ${paint} ms, largest ${largest} ms, blocked ${blocked} ms (medians)\n`,
  );
  return [
    ...(median(performance) < leastPerformance
      ? [`${page}: performance ${median(performance)}`]
      : []),
    ...lowest.filter(([, score]) => score < 1).map(([id, score]) => `${page}: ${id} ${score}`),
    ...(shift > 0 ? [`${page}: the layout shifts by ${shift}`] : []),
    ...new Set(results.flatMap(({ failed }) => failed).map((audit) => `${page}: ${audit}`)),
  ];
}

await runCommand(async () => {
  await setup();
  await buildSite("if-changed");
  const chrome = await ensureBrowser((text) => process.stdout.write(`${text}\n`));
  const program = await install();
  const server = createSiteServer(buildFolder, baseUrl);
  await new Promise((resolve) => server.listen(0, resolve));
  try {
    const origin = `http://localhost:${server.address().port}`;
    const missed = [];
    for (const path of ["", await longestChapter(), "docs/forty-listings"]) {
      missed.push(...(await measurePage(program, chrome, origin, path)));
    }
    if (missed.length === 0) return 0;
    throw new StepFailure(`Below what is asked:\n  ${missed.join("\n  ")}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
