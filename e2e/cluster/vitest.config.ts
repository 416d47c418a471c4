import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = join(import.meta.dirname, "..", "..");

/** The claims about a real API server that need no browser; `npm run test:cluster` runs them on the cluster of KUBECONFIG. */
export default defineConfig({
  root,
  resolve: { alias: { "@": root } },
  test: {
    include: ["lib/**/*.cluster.test.ts"],
    // One cluster for all of them, and each wants it to itself.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    reporters: [
      "verbose",
      [
        join(import.meta.dirname, "vitest-reporter.ts"),
        { file: join(root, ".poolboard", "reports", "cluster-others.json") },
      ],
    ],
  },
});
