import { expect, test } from "vitest";
import { shareInventory } from "./share.ts";
import { event, inventoryOf, namespaceObject, nodeObject, podObject } from "./testing.ts";

const names = (inventory: ReturnType<typeof inventoryOf>) =>
  [...inventory.pods.table].map(({ name, phase }) => `${name} ${phase}`).toSorted();

test("what changes while it is being filled is in it as it is then", async () => {
  const pods = Array.from({ length: 5_000 }, (_, index) => podObject(`a/pod-${index}`));
  const source = inventoryOf({ pods, namespaces: [namespaceObject("a")] });
  const share = shareInventory(source, new Set(["namespaces"]));
  expect(share.inventory.pods.table.size).toBeLessThan(5_000);
  event(source, "pods", "MODIFIED", podObject("a/pod-4999", { phase: "Failed" }));
  event(source, "pods", "DELETED", podObject("a/pod-4998"));
  event(source, "pods", "ADDED", podObject("a/new"));
  event(source, "pods", "MODIFIED", podObject("a/pod-0", { phase: "Failed" }));
  await share.filled;
  expect(names(share.inventory)).toEqual(names(source));
  expect(share.inventory.namespaces.size).toBe(0);
});

test("rows are its own: what is gone there is not gone here before it is told, and nothing after the end", async () => {
  const source = inventoryOf({ pods: [podObject("a/web")], nodes: [nodeObject("n1")] });
  const share = shareInventory(source, new Set(["namespaces"]));
  await share.filled;
  const [ours, theirs] = [share.inventory, source].map(({ nodes }) => nodes.table.get("", "n1"));
  expect(ours).not.toBe(theirs);
  share.stop();
  event(source, "nodes", "DELETED", nodeObject("n1"));
  event(source, "pods", "DELETED", podObject("a/web"));
  expect([ours?.gone, theirs?.gone]).toEqual([false, true]);
  expect(share.inventory.pods.table.size).toBe(1);
});

test("versions of two inventories are never the same", () => {
  const source = inventoryOf({});
  const versions = [
    source,
    ...["pods", "nodes", "blocks"].map(() => shareInventory(source, new Set(["pods"])).inventory),
  ];
  expect(new Set(versions.map(({ version }) => version.split(".")[0])).size).toBe(4);
});
