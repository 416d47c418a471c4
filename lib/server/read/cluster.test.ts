import { expect, test } from "vitest";
import { Cluster } from "../../contract/cluster.ts";
import { forbid, inventoryOf, podObject, poolObject } from "../../inventory/testing.ts";
import { readCluster } from "./cluster.ts";

const resource = { group: "", version: "v1", plural: "pods", namespaced: true };
const madeAt = { creationTimestamp: "2026-08-22T12:30:00Z" };
const pod = podObject("a/web") as { metadata: object };
const objects = {
  pools: [poolObject("p", "10.0.0.0/24")],
  pods: [{ ...pod, metadata: { ...pod.metadata, ...madeAt } }],
};

test("the time of the last change is told when asked for, and follows the state", () => {
  const inventory = inventoryOf(objects);
  expect(readCluster(inventory)).not.toHaveProperty("lastChange");
  const answer = Cluster.parse(readCluster(inventory, { lastChange: "true" }));
  expect(answer).toMatchObject({ lastChange: "2026-08-22T12:30:00.000Z" });
  expect(answer.unknown).toBeUndefined();

  inventory.remove("pods", "a", "web");
  const { lastChange } = readCluster(inventory, { lastChange: "true" });
  expect(Date.parse(lastChange ?? "")).toBeLessThan(Date.parse(madeAt.creationTimestamp));
});

test("while a kind is still being read it says how far, and nobody knows the last change", () => {
  const inventory = inventoryOf(objects);
  expect(readCluster(inventory)).not.toHaveProperty("reading");
  inventory.states.set("pods", {
    resource,
    state: { status: "starting", loaded: 41_000, total: 150_000, message: null },
    synced: false,
    confirmedAt: null,
  });
  expect(readCluster(inventory, { lastChange: "true" })).toMatchObject({
    ready: true,
    reading: "pods (41,000 of about 150,000)",
    lastChange: null,
    unknown: [{ field: "lastChange", reason: "pods have not been read yet (41,000 of about 150,000)" }],
  });
});

test("a kind that may not be read keeps nobody waiting", () => {
  const inventory = inventoryOf(objects);
  forbid(inventory, "pods", { group: "", plural: "pods" });
  expect(readCluster(inventory, { lastChange: "true" }).unknown).toBeUndefined();
});
