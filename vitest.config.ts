import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "kernel-sim/src/**/*.spec.ts",
      "annotated-excerpt/src/**/*.spec.{ts,tsx}",
      "notebooks/**/*.spec.{ts,mjs}",
      "website/**/*.spec.{ts,tsx,mjs}",
      "scripts/**/*.spec.mjs",
      "tests/**/*.spec.ts",
    ],
    exclude: ["**/node_modules/**", "**/dist/**", "tests/browser/**"],
    testTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    // Tests that change settings of the machine (tests/conformance/settings.mjs) must not meet others that ask it.
    fileParallelism: process.env["MEMORY_COURSE_SETTINGS"] !== "change",
  },
});
