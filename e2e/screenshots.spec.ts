import { join } from "node:path";
import { expect, test } from "./fixtures.ts";

// In one worker, so that one cluster serves both.
test.describe.configure({ mode: "default" });
test.use({ scenario: "busy", onlyLooks: true });

/** The pictures of the README. They replace the old ones only when POOLBOARD_SCREENSHOTS is 1. */
for (const colorScheme of ["light", "dark"] as const) {
  test(`the map of a pool, ${colorScheme}`, async ({ page }, testInfo) => {
    const name = `pool-map-${colorScheme}.png`;
    const replace = process.env["POOLBOARD_SCREENSHOTS"] === "1";
    const path = replace ? join(import.meta.dirname, "screenshots", name) : testInfo.outputPath(name);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto("/pools/default-ipv4-ippool");
    await expect(page.getByRole("table", { name: "Blocks" }).getByRole("row").nth(1)).toBeVisible();
    await expect(page.getByRole("banner")).toContainText("Live");
    await page.screenshot({ path });
    await testInfo.attach(name, { path, contentType: "image/png" });
  });
}
