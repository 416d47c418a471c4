import { describe, expect, test } from "vitest";
import { EventCorrelator } from "./event-correlator.ts";
import type { Occurrence } from "./event-correlator.ts";

const start = Date.parse("2026-11-24T10:00:00Z");

function failure(message: string): Occurrence {
  return {
    object: { apiVersion: "v1", kind: "Pod", namespace: "external-ns", name: "nginx", uid: "u1" },
    type: "Warning",
    reason: "FailedCreatePodSandBox",
    message,
    source: { component: "kubelet", host: "worker-49" },
  };
}

describe("EventCorrelator", () => {
  test("the same text again raises the count of the same event", () => {
    const correlator = new EventCorrelator();
    const first = correlator.correlate(failure("no"), start);
    const second = correlator.correlate(failure("no"), start + 12_000);
    expect(first).toMatchObject({ op: "create", event: { count: 1, lastTimestamp: "2026-11-24T10:00:00Z" } });
    expect(second).toMatchObject({
      op: "update",
      event: { count: 2, firstTimestamp: "2026-11-24T10:00:00Z", lastTimestamp: "2026-11-24T10:00:12Z" },
    });
    expect(first.op !== "drop" && second.op !== "drop" && second.event.metadata.name).toBe(
      first.op !== "drop" && first.event.metadata.name,
    );
  });

  test("the tenth different text within ten minutes is combined, and its text follows the latest", () => {
    const correlator = new EventCorrelator();
    const results = Array.from({ length: 12 }, (_, i) =>
      correlator.correlate(failure(`sandbox ${i}`), start + i * 12_000),
    );
    expect(results.map((result) => result.op)).toEqual([
      ...Array<string>(10).fill("create"),
      "update",
      "update",
    ]);
    expect(results[8]).toMatchObject({ event: { message: "sandbox 8" } });
    expect(results[9]).toMatchObject({
      event: { message: "(combined from similar events): sandbox 9", count: 1 },
    });
    expect(results[11]).toMatchObject({
      event: { message: "(combined from similar events): sandbox 11", count: 3 },
    });
  });

  test("ten quiet minutes start a new group", () => {
    const correlator = new EventCorrelator();
    for (let i = 0; i < 9; i++) correlator.correlate(failure(`sandbox ${i}`), start);
    expect(correlator.correlate(failure("later"), start + 601_000)).toMatchObject({
      event: { message: "later" },
    });
  });

  test("after 25 in a burst one gets through every five minutes", () => {
    const correlator = new EventCorrelator();
    const ops = Array.from({ length: 27 }, (_, i) => correlator.correlate(failure(`sandbox ${i}`), start).op);
    expect(ops.slice(0, 25)).not.toContain("drop");
    expect(ops.slice(25)).toEqual(["drop", "drop"]);
    expect(correlator.correlate(failure("later"), start + 301_000).op).not.toBe("drop");
  });

  test("names never repeat, not even within a millisecond", () => {
    const correlator = new EventCorrelator();
    const names = ["a", "b", "c"].map((text) => {
      const result = correlator.correlate(failure(text), start);
      return result.op === "drop" ? "" : result.event.metadata.name;
    });
    expect(new Set(names).size).toBe(3);
  });
});
