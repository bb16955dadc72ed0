/** The site in a real browser: built, served on a free port, read by Chromium. */
import { defineConfig } from "@playwright/test";
import { fileURLToPath } from "node:url";
import { ensureBrowser } from "../../scripts/browser.mjs";
import { sitePort } from "./site.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

export default defineConfig({
  testDir: ".",
  testMatch: "*.browser.ts",
  outputDir: `${root}/tests/browser/.build/results`,
  fullyParallel: true,
  workers: 2,
  timeout: 120_000,
  forbidOnly: true,
  reporter: "list",
  use: {
    baseURL: `http://localhost:${sitePort}`,
    launchOptions: {
      executablePath: await ensureBrowser(),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: {
    command: `node scripts/site.mjs serve --port ${sitePort}`,
    cwd: root,
    url: `http://localhost:${sitePort}/`,
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM", timeout: 2000 },
  },
});
