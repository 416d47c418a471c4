import { defineConfig } from "vitest/config";

/** Rooms whose tests leave nothing behind in their process: one serves all their files, which is half the time. */
const tidy = ["calico", "contract", "format", "ipam", "queries", "recordings", "sim"];

const files = (rooms: string) => `lib/${rooms}/**/*.test.ts`;
const components = "components/**/*.test.{ts,tsx}";

export default defineConfig({
  resolve: { alias: { "@": import.meta.dirname } },
  test: {
    // By itself it leaves a core idle, which is half of a small machine.
    maxWorkers: "100%",
    // Programs that tests start take their time on a machine that others use too.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Those need a cluster of yours: see e2e/cluster/vitest.config.ts.
    exclude: ["lib/**/*.cluster.test.ts"],
    projects: [
      {
        extends: true,
        test: { name: "tidy", isolate: false, include: [files(`{${tidy.join(",")}}`), components] },
      },
      { extends: true, test: { name: "isolated", include: [files(`!(${tidy.join("|")})`)] } },
    ],
  },
});
