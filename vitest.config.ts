import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": import.meta.dirname } },
  test: {
    include: ["lib/**/*.test.ts", "components/**/*.test.{ts,tsx}"],
    // Those need a cluster of yours: see e2e/cluster/vitest.config.ts.
    exclude: ["lib/**/*.cluster.test.ts"],
    // By itself it leaves a core idle, which is half of a small machine.
    maxWorkers: "100%",
  },
});
