import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Deployment, ReplicaSet } from "../kube-objects.ts";
import { planRollout, rolloutLimits } from "./rollout.ts";

const meta = (name: string) => ({
  name,
  uid: name,
  resourceVersion: "1",
  creationTimestamp: "2026-11-24T10:00:00Z",
});
const shared = { selector: {}, template: { spec: { containers: [{ name: "app" }] } } };

function deployment(replicas: number, more: Partial<Deployment["spec"]> = {}): Deployment {
  return { metadata: meta("web"), spec: { ...shared, replicas, ...more } };
}

function set(name: string, replicas: number, available = replicas): ReplicaSet {
  return {
    metadata: meta(name),
    spec: { ...shared, replicas },
    status: { replicas, availableReplicas: available },
  };
}

const targets = (step: ReturnType<typeof planRollout>) =>
  step.scale.map(({ replicaSet, replicas }) => [replicaSet.metadata.name, replicas]);

describe("planRollout", () => {
  test("the first replica set gets everything", () => {
    expect(planRollout(deployment(9), null, [], 0)).toEqual({ createReplicas: 9, scale: [] });
  });

  test("a change of size goes straight to the only set, up and down", () => {
    expect(targets(planRollout(deployment(12), set("new", 9, 0), [], 0))).toEqual([["new", 12]]);
    expect(targets(planRollout(deployment(2), set("new", 9), [], 0))).toEqual([["new", 2]]);
  });

  test("a rolling update of four starts with one more and one less", () => {
    expect(planRollout(deployment(4), null, [set("old", 4)], 4)).toEqual({ createReplicas: 1, scale: [] });
    expect(targets(planRollout(deployment(4), set("new", 1, 0), [set("old", 4)], 4))).toEqual([["old", 3]]);
    expect(targets(planRollout(deployment(4), set("new", 1, 0), [set("old", 3)], 3))).toEqual([["new", 2]]);
  });

  test("old pods that are not ready go first", () => {
    expect(
      targets(planRollout(deployment(4), set("new", 1, 0), [set("sick", 2, 0), set("old", 2)], 4)),
    ).toEqual([["sick", 1]]);
  });

  test("Recreate waits until the last old pod is gone", () => {
    const recreate = deployment(3, { strategy: { type: "Recreate" } });
    expect(targets(planRollout(recreate, null, [set("old", 3)], 3))).toEqual([["old", 0]]);
    expect(planRollout(recreate, null, [set("old", 0)], 2)).toEqual({ createReplicas: null, scale: [] });
    expect(planRollout(recreate, null, [set("old", 0)], 0)).toEqual({ createReplicas: 3, scale: [] });
  });

  test("paused: no new set, but the size is followed", () => {
    expect(planRollout(deployment(4, { paused: true }), null, [set("old", 4)], 4)).toEqual({
      createReplicas: null,
      scale: [],
    });
    expect(targets(planRollout(deployment(6, { paused: true }), null, [set("old", 4)], 4))).toEqual([
      ["old", 6],
    ]);
  });

  test("every rollout ends, never above the surge and never below what must be available", () => {
    const limit = fc.oneof(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 100 }).map((n) => `${n}%`),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), limit, limit, (replicas, maxSurge, maxUnavailable) => {
        const wanted = deployment(replicas, { strategy: { rollingUpdate: { maxSurge, maxUnavailable } } });
        const { surge, unavailable } = rolloutLimits(wanted);
        let older = set("old", replicas);
        let current: ReplicaSet | null = null;
        for (let turn = 0; turn < 200; turn++) {
          const step = planRollout(wanted, current, [older], older.spec.replicas ?? 0);
          if (step.createReplicas === null && step.scale.length === 0 && current?.spec.replicas === replicas)
            break;
          if (step.createReplicas !== null) current = set("new", step.createReplicas);
          for (const change of step.scale) {
            if (change.replicaSet.metadata.name === "old") older = set("old", change.replicas);
            else current = set("new", change.replicas);
          }
          const total = (older.spec.replicas ?? 0) + (current?.spec.replicas ?? 0);
          expect(total).toBeLessThanOrEqual(replicas + surge);
          expect(total).toBeGreaterThanOrEqual(replicas - unavailable);
        }
        expect([older.spec.replicas, current?.spec.replicas]).toEqual([0, replicas]);
      }),
    );
  });
});
