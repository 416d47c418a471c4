import { defineConfig } from "@playwright/test";
import { findBrowser } from "../lib/cli/browser.ts";

const browser = await findBrowser();

/** Begun first, so that none of them is what everybody waits for at the end. */
const long = /(tutorial|unreachable|live|capture)\.spec\.ts$/;

export default defineConfig({
  testDir: ".",
  outputDir: "../test-results",
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env["CI"] !== undefined,
  // On a machine shared with others a story may meet a pause of seconds; one that needed its second try is listed as flaky.
  retries: process.env["CI"] === undefined ? 0 : 1,
  projects: [
    { name: "long", testMatch: long },
    { name: "short", testIgnore: long },
  ],
  reporter: [["list"], ["json", { outputFile: "../.poolboard/reports/e2e.json" }]],
  use: {
    actionTimeout: 15_000,
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    // Recording one takes a fifth of a story's time; `--trace on` records it all.
    trace: "on-first-retry",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: browser.executablePath,
      args: [...browser.args],
      env: { ...browser.env },
    },
  },
});
