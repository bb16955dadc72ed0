/** Another Docusaurus site shows a file of its own with the package, by the steps of the package's README. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "annotated-excerpt/README.md"), "utf8");

/** The code blocks of the section for other sites, by their language. */
function blocks(language: string): string[] {
  const section = readme.slice(readme.indexOf("## In another Docusaurus site"));
  const fences = section.matchAll(new RegExp(`^   \`\`\`${language}\\n([^]*?)^   \`\`\``, "gm"));
  return [...fences].map(([, code = ""]) => code.replace(/^ {3}/gm, ""));
}

function write(folder: string, name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

/** The files of a tar archive, as npm packs it. Source: POSIX, pax, the ustar header. */
function unpackTar(tar: Buffer): [name: string, bytes: Buffer][] {
  const files: [string, Buffer][] = [];
  for (let at = 0; at < tar.length && tar[at] !== 0;) {
    const text = (start: number, length: number): string =>
      tar.toString("utf8", at + start, at + start + length).replace(/\0.*$/s, "");
    const size = parseInt(text(124, 12), 8);
    const prefix = text(345, 155);
    const name = `${prefix === "" ? "" : `${prefix}/`}${text(0, 100)}`;
    files.push([name, tar.subarray(at + 512, at + 512 + size)]);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

/** Puts the package into the site as `npm install` does; what it depends on is found in the project. */
function installPacked(folder: string): void {
  const options = { cwd: root, encoding: "utf8", shell: process.platform === "win32" } as const;
  const args = ["pack", "--workspace", "annotated-excerpt", "--json", "--pack-destination", folder];
  const [packed] = JSON.parse(execFileSync("npm", args, options)) as { filename: string }[];
  const archive = gunzipSync(readFileSync(join(folder, packed?.filename ?? "")));
  for (const [name, bytes] of unpackTar(archive)) {
    write(folder, name.replace(/^package/, "node_modules/annotated-excerpt"), bytes);
  }
}

const config = (style: string): string => `module.exports = {
  title: "Another site", url: "https://example.org", baseUrl: "/",
  onBrokenAnchors: "throw", future: { v4: true, faster: true },
  presets: [["classic", { docs: { routeBasePath: "/" }, blog: false, ${style} }]],
};
`;

test("the steps of the README make a site that shows the file, its notes and what can be saved", () => {
  mkdirSync(join(root, "tests/.build"), { recursive: true });
  const folder = mkdtempSync(join(root, "tests/.build/other-site-"));
  try {
    installPacked(folder);
    const [python = ""] = blocks("py");
    const [makeModels = "", style = ""] = blocks("js");
    const [page = ""] = blocks("mdx");
    write(folder, "package.json", "{}");
    write(folder, "examples/server.py", python);
    write(folder, "make-models.mjs", makeModels);
    write(folder, "docs/index.md", "# Another site\n");
    write(folder, "docs/server.mdx", page);
    write(folder, "src/css/custom.css", "");
    write(folder, "docusaurus.config.js", config(style));
    execFileSync(process.execPath, ["make-models.mjs"], { cwd: folder });
    const docusaurus = join(root, "node_modules/@docusaurus/core/bin/docusaurus.mjs");
    const env = { ...process.env, NODE_ENV: "production", DO_NOT_TRACK: "1" };
    execFileSync(process.execPath, [docusaurus, "build"], { cwd: folder, env });

    const html = readFileSync(join(folder, "build/server/index.html"), "utf8");
    expect(html).toMatch(/<figure class="?ax"? id="?server\.py\.start\b/);
    expect(html).toMatch(/<figure class="?ax"? id="?server\.py\.stop\b/);
    expect(html).toContain("The port is <strong>free</strong>: 0 asks the system for one.");
    expect(html).toMatch(/href="?\/listings\/server\.py"? download/);
    const saved = readFileSync(join(folder, "build/listings/server.py"), "utf8");
    expect(saved).toBe(`${python}# Run it: python3 server.py\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);
