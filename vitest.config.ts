import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": import.meta.dirname } },
  test: {
    include: ["lib/**/*.test.ts", "components/**/*.test.{ts,tsx}"],
    // By itself it leaves a core idle, which is half of a small machine.
    maxWorkers: "100%",
  },
});
