/** Every page loads whole, asks nobody else, says nothing in the console, and fits a phone. */
import { expect, test } from "@playwright/test";
import { allPaths, sitePort } from "./site.js";

for (const path of allPaths) {
  test(`${path} loads without an error, from this site alone, and fits a phone`, async ({
    page,
  }) => {
    const complaints: string[] = [];
    const outside: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        complaints.push(message.text());
      }
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("response", (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
    page.on("request", (request) => {
      const { host, protocol } = new URL(request.url());
      if (protocol.startsWith("http") && host !== `localhost:${sitePort}`) {
        outside.push(request.url());
      }
    });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(path, { waitUntil: "networkidle" });
    await expect(page.locator("html")).toHaveAttribute("data-has-hydrated", "true");
    expect(complaints).toEqual([]);
    expect(outside).toEqual([]);
    const widths = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      screen: window.innerWidth,
    }));
    expect(widths.page, "no sideways scroll").toBeLessThanOrEqual(widths.screen);
  });
}
