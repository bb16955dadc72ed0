/** Serves a folder of built pages over HTTP: clean addresses, compressed text, files to save under their own types. */
import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".ipynb": "application/x-ipynb+json; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".c": "text/x-c; charset=utf-8",
  ".h": "text/x-c; charset=utf-8",
  ".ts": "text/x-typescript; charset=utf-8",
  ".mts": "text/x-typescript; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".xml": "application/xml; charset=utf-8",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".zip": "application/zip",
};

const compressible = /^(text\/|application\/(json|xml|x-ipynb|wasm)|image\/svg)/;

/** The file that answers `path`, or null. A page `/a` is the file `a.html` or `a/index.html`. */
async function findFile(folder, path) {
  const safe = normalize(path).replace(/^([/\\]|\.\.)+/, "");
  for (const name of [safe, `${safe}.html`, join(safe, "index.html")]) {
    const file = join(folder, name);
    if (!file.startsWith(folder)) continue;
    const info = await stat(file).catch(() => null);
    if (info?.isFile()) return file;
  }
  return null;
}

function decodePath(url) {
  try {
    return decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch {
    return null;
  }
}

/** A server of `folder` below `baseUrl`; call listen() on it. */
export function createSiteServer(folder, baseUrl = "/") {
  const compressed = new Map();
  const answer = async (request, response) => {
    const path = decodePath(request.url ?? "/");
    const inside = path !== null && path.startsWith(baseUrl);
    const found = inside ? await findFile(folder, path.slice(baseUrl.length)) : null;
    const file = found ?? join(folder, "404.html");
    const body = await readFile(file).catch(() => Buffer.from("Not found\n"));
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: 0 }));
    const type = types[extname(file)] ?? "application/octet-stream";
    const headers = {
      "content-type": type,
      "x-content-type-options": "nosniff",
      "cache-control": /[/\\](assets|fonts)[/\\]/.test(file)
        ? "public, max-age=31536000, immutable"
        : "no-cache",
    };
    const accepts = String(request.headers["accept-encoding"] ?? "").includes("gzip");
    let content = body;
    if (accepts && compressible.test(type) && body.length > 1000) {
      const key = `${file}\0${mtimeMs}`;
      content = compressed.get(key) ?? gzipSync(body);
      compressed.set(key, content);
      headers["content-encoding"] = "gzip";
      headers["vary"] = "accept-encoding";
    }
    response.writeHead(found === null ? 404 : 200, {
      ...headers,
      "content-length": content.length,
    });
    response.end(request.method === "HEAD" ? undefined : content);
  };
  return createServer((request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405).end();
      return;
    }
    answer(request, response).catch(() => response.writeHead(500).end());
  });
}
