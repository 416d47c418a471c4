import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { Comparison } from "./compare.ts";
import { Replay } from "./replay.ts";
import type { Recording } from "./step.ts";

const stories = [
  "borrowing",
  "churn-roomy",
  "churn-tight",
  "dual-stack",
  "exhausted",
  "leaks",
  "limits",
  "orphans",
  "overflow",
  "pool-lifecycle-native-v3",
  "pools-order",
  "reserved",
  "selectors",
  "tunnels",
  "tutorial",
  "tutorial-hosts",
];

/** The replays of Calico's own answers: a difference is a fault of the model. */
describe("recordings", () => {
  let compared = 0;
  afterAll(() => {
    process.stdout.write(`recordings: ${compared} values compared in ${stories.length} stories\n`);
  });

  test.each(stories)("%s", (name) => {
    const file = new URL(`${name}.json`, import.meta.url);
    const recording = JSON.parse(readFileSync(file, "utf8")) as Recording;
    const result = new Comparison();
    const replay = new Replay(result, recording.mode === "native-v3");
    recording.steps.forEach((step, at) => {
      replay.play(step, `${name} step ${at} ${step.op}`);
    });
    compared += result.compared;
    expect(result.differences.slice(0, 5).join("\n")).toBe("");
    expect(result.compared).toBeGreaterThan(100);
  });
});
