import { expect, test } from "vitest";
import { PodList } from "../../contract/pods.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import {
  blockObject,
  event,
  inventoryOf,
  namespaceObject,
  nodeObject,
  podObject,
  poolObject,
  sandboxEvent,
} from "../../inventory/testing.ts";
import { listPods } from "./pods.ts";

const refused = "the given pool (10.64.0.0/20) does not exist, or is not enabled";

function cluster(): Inventory {
  return inventoryOf({
    pools: [
      poolObject("external-pool", "10.64.0.0/20", { disabled: true }),
      poolObject("default", "10.255.0.0/16"),
    ],
    blocks: [
      blockObject("10.64.0.64/26", { node: "n1", holders: [{ pod: "external-ns/web-0", node: "n1" }] }),
      blockObject("10.255.0.0/26", { node: "n2", holders: [{ pod: "default/db-0", node: "n2" }] }),
    ],
    nodes: [nodeObject("n1"), nodeObject("n2")],
    namespaces: [
      namespaceObject("external-ns", { "cni.projectcalico.org/ipv4pools": '["external-pool"]' }),
      namespaceObject("default"),
    ],
    pods: [
      podObject("external-ns/web-0", { ips: ["10.64.0.64"] }),
      podObject("default/db-0", { ips: ["10.255.0.0"], node: "n2" }),
      podObject("external-ns/nginx"),
      podObject("external-ns/starting", { node: "n2" }),
      podObject("default/unscheduled", { node: null }),
      podObject("default/job-x", { ips: ["10.255.0.7"], phase: "Succeeded" }),
      podObject("default/on-the-host", { ips: ["172.18.0.2"], spec: { hostNetwork: true } }),
      podObject("default/leaving", {
        ips: ["10.255.0.9"],
        metadata: { deletionTimestamp: "2026-08-22T12:58:00Z" },
        annotations: { "cni.projectcalico.org/podIP": "" },
      }),
    ],
    sandboxFailures: [
      sandboxEvent("external-ns/nginx", "an older reason", { at: "2026-08-22T12:50:00Z" }),
      sandboxEvent("external-ns/nginx", refused, { at: "2026-08-22T12:59:00Z" }),
      sandboxEvent("external-ns/starting", refused, { uid: "of-an-earlier-pod-of-this-name" }),
      sandboxEvent("external-ns/web-0", refused),
    ],
  });
}

const names = async (inventory: Inventory, query: Parameters<typeof listPods>[1]) =>
  PodList.parse(await listPods(inventory, query)).items?.map((pod) => `${pod.namespace}/${pod.name}`);

test("each pod has one state, and only those without an address have a failure", async () => {
  const pods = PodList.parse(await listPods(cluster(), {})).items ?? [];
  expect(pods.map((pod) => [pod.name, pod.state, pod.failure?.code ?? null])).toEqual([
    ["db-0", "running", null],
    ["job-x", "finished", null],
    ["leaving", "finished", null],
    ["on-the-host", "hostNetwork", null],
    ["unscheduled", "pending", null],
    ["nginx", "noAddress", "pool-disabled"],
    ["starting", "pending", null],
    ["web-0", "running", null],
  ]);
});

test("a failing pod shows Calico's own words, the cause and the fix", async () => {
  const [nginx] = PodList.parse(await listPods(cluster(), { state: "noAddress" })).items ?? [];
  expect(nginx?.failure).toMatchObject({ message: refused, at: "2026-08-22T12:59:00.000Z" });
  expect(nginx?.failure?.cause).toContain("external-pool is disabled");
  expect(nginx?.failure?.fixes[0]?.label).toBe("Enable external-pool");
});

test("addresses lead to blocks and pools; those that no longer count lead nowhere", async () => {
  const pods = PodList.parse(await listPods(cluster(), {})).items ?? [];
  const joined = pods.map((pod) => [pod.name, pod.ips, pod.pools, pod.blocks]);
  expect(joined).toContainEqual(["web-0", ["10.64.0.64"], ["external-pool"], ["10-64-0-64-26"]]);
  expect(joined).toContainEqual(["job-x", [], [], []]);
  expect(joined).toContainEqual(["on-the-host", ["172.18.0.2"], [], []]);
});

test.each([
  [{ namespace: "external-ns" }, ["external-ns/nginx", "external-ns/starting", "external-ns/web-0"]],
  [{ pool: "external-pool" }, ["external-ns/web-0"]],
  [{ block: "10-255-0-0-26" }, ["default/db-0"]],
  [{ node: "n2" }, ["default/db-0", "external-ns/starting"]],
  [{ state: "hostNetwork" as const }, ["default/on-the-host"]],
  [{ q: "10.64.0" }, ["external-ns/web-0"]],
  [{ q: "WEB external" }, ["external-ns/web-0"]],
  [{ q: "n2", namespace: "default" }, ["default/db-0"]],
  [{ namespace: "nowhere" }, []],
  [{ sort: "-name", limit: 2 }, ["external-ns/web-0", "default/unscheduled"]],
  [{ sort: "ip", limit: 2 }, ["external-ns/web-0", "default/db-0"]],
])("asked for %o", async (query, expected) => {
  expect(await names(cluster(), query)).toEqual(expected);
});

test("pages follow each other to the end", async () => {
  const inventory = cluster();
  const first = await listPods(inventory, { limit: 5 });
  expect([first.total, first.next, first.items?.length]).toEqual([8, 5, 5]);
  const second = await listPods(inventory, { limit: 5, offset: first.next });
  expect([second.total, second.next, second.items?.length]).toEqual([8, undefined, 3]);
  expect(await listPods(inventory, { offset: 50 })).toEqual({ items: [], total: 8 });
});

test("an unknown sort field is refused by name", async () => {
  await expect(listPods(cluster(), { sort: "colour" })).rejects.toThrow(/cannot sort by colour/);
});

test("lists follow what happens", async () => {
  const inventory = cluster();
  expect(await names(inventory, { state: "noAddress" })).toEqual(["external-ns/nginx"]);
  event(inventory, "pods", "MODIFIED", podObject("external-ns/nginx", { ips: ["10.64.0.65"] }));
  expect(await names(inventory, { state: "noAddress" })).toEqual([]);
  event(inventory, "pods", "DELETED", podObject("external-ns/web-0"));
  expect(await names(inventory, { namespace: "external-ns" })).toEqual([
    "external-ns/nginx",
    "external-ns/starting",
  ]);
});
