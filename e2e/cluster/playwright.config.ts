import { defineConfig } from "@playwright/test";
import base from "../playwright.config.ts";

/** The claims about a cluster of yours; run by `npm run test:cluster`, which says on which and cleans up. */
export default defineConfig({
  ...base,
  testDir: ".",
  testMatch: "*.claims.ts",
  outputDir: "../../test-results/cluster",
  // They count what is in the whole cluster, so nobody else may change it meanwhile.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  // After so many the cluster is not what it should be, or whoever started the run was killed.
  maxFailures: 8,
  projects: [{ name: "claims" }],
  reporter: [["list"], ["json", { outputFile: "../../.poolboard/reports/cluster-browser.json" }]],
});
