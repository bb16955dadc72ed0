/** What a first visit costs: JavaScript, and shifts of the layout. */
import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import type { Response } from "@playwright/test";
import { allPaths } from "./site.js";

const maxScriptBytes = 140_000;

for (const path of allPaths) {
  test(`${path}: at most 140 KB of JavaScript (gzip), and nothing shifts`, async ({ page }) => {
    const scripts = new Map<string, Response>();
    page.on("response", (response) => {
      const type = response.headers()["content-type"] ?? "";
      if (type.includes("javascript")) scripts.set(response.url(), response);
    });
    await page.addInitScript(() => {
      const seen = window as unknown as { shifts: number };
      seen.shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
          if (!shift.hadRecentInput) seen.shifts += shift.value;
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(path, { waitUntil: "networkidle" });
    const loaded = [...scripts.values()];
    const bodies = await Promise.all(loaded.map((response) => response.body()));
    const total = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
    test.info().annotations.push({ type: "JavaScript, gzip", description: String(total) });
    expect(total).toBeGreaterThan(0);
    expect(total, [...scripts.keys()].join("\n")).toBeLessThanOrEqual(maxScriptBytes);
    const shifts = await page.evaluate(() => (window as unknown as { shifts: number }).shifts);
    expect(shifts).toBeLessThan(0.01);
  });
}
