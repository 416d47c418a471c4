import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Comparison } from "../recordings/compare.ts";
import type { Recording } from "../recordings/step.ts";
import { systemClock } from "../kube/clock.ts";
import { openCluster } from "../kube/connection.ts";
import { startEmbeddedCluster } from "./cluster.ts";
import { HttpReplay } from "./testing/http-replay.ts";

const stories = [
  "borrowing",
  "dual-stack",
  "exhausted",
  "limits",
  "overflow",
  "pools-order",
  "reserved",
  "selectors",
  "tunnels",
  "tutorial",
  "tutorial-hosts",
  "churn-tight",
  "churn-roomy",
  "pool-lifecycle-native-v3",
];

/** Calico's answers, asked from the embedded cluster through its API: nodes and pods made at run time, pods bound by hand. */
describe("recordings replayed through the API", () => {
  test.each(stories)("%s", { timeout: 60_000 }, async (name) => {
    const file = new URL(`../recordings/${name}.json`, import.meta.url);
    const recording = JSON.parse(readFileSync(file, "utf8")) as Recording & { mode: string };
    let offset = 0;
    const clock = { now: () => Date.now() + offset, after: systemClock.after };
    const apiMode = recording.mode === "native-v3" ? "native-v3" : "crd-v1";
    const cluster = await startEmbeddedCluster({
      scenario: "empty",
      apiMode,
      calicoVersion: recording.mode === "crd-v1-next" ? "v3.33.0" : "v3.32.1",
      clock,
      agents: { retryMs: 3_600_000 },
    });
    const connection = await openCluster({ server: cluster.api.url }, { clock });
    const result = new Comparison();
    const advance = (milliseconds: number) => {
      offset += milliseconds;
    };
    const replay = await HttpReplay.start(connection, result, advance, { mode: apiMode });
    try {
      for (const [at, step] of recording.steps.entries())
        await replay.play(step, `${name} step ${at} ${step.op}`);
    } finally {
      await replay.stop();
      await connection.close();
      await cluster.close();
    }
    expect(result.differences.slice(0, 5).join("\n")).toBe("");
    expect(result.compared).toBeGreaterThan(100);
  });
});
