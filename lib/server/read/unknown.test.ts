import { expect, test } from "vitest";
import { AddressDetail } from "../../contract/addresses.ts";
import { BlockList } from "../../contract/blocks.ts";
import { Impact } from "../../contract/impact.ts";
import { NamespaceList } from "../../contract/namespaces.ts";
import { NodeList } from "../../contract/nodes.ts";
import { PodList } from "../../contract/pods.ts";
import { PoolHolds } from "../../contract/pool-holds.ts";
import { PoolList } from "../../contract/pools.ts";
import type { Kind } from "../../inventory/kinds.ts";
import {
  blockObject,
  forbid,
  inventoryOf,
  namespaceObject,
  nodeObject,
  podObject,
  poolObject,
} from "../../inventory/testing.ts";
import { readAddress } from "./address.ts";
import { listAddresses } from "./addresses.ts";
import { listBlocks, readBlock } from "./blocks.ts";
import { readIpamShow } from "./ipam-show.ts";
import { listNamespaces } from "./namespaces.ts";
import { listNodes } from "./nodes.ts";
import { listPods } from "./pods.ts";
import { readPoolHolds } from "./pool-holds.ts";
import { readPoolImpact } from "./pool-impact.ts";
import { readPoolMap } from "./pool-map.ts";
import { listPools, readPool } from "./pools.ts";
import { ReadError } from "./read-error.ts";
import { search } from "./search.ts";

const resources: Readonly<Partial<Record<Kind, { group: string; plural: string }>>> = {
  pools: { group: "crd.projectcalico.org", plural: "ippools" },
  blocks: { group: "crd.projectcalico.org", plural: "ipamblocks" },
  affinities: { group: "crd.projectcalico.org", plural: "blockaffinities" },
  reservations: { group: "crd.projectcalico.org", plural: "ipreservations" },
  ipamConfig: { group: "crd.projectcalico.org", plural: "ipamconfigs" },
  pods: { group: "", plural: "pods" },
  nodes: { group: "", plural: "nodes" },
  namespaces: { group: "", plural: "namespaces" },
  sandboxFailures: { group: "", plural: "events" },
};

/** A cluster of which these kinds may not be read: as a reflector leaves it, with nothing of them. */
function without(...kinds: readonly Kind[]) {
  const everything = {
    pools: [poolObject("p", "10.0.0.0/20")],
    blocks: [blockObject("10.0.0.0/26", { node: "n1", holders: [{ pod: "a/web", node: "n1" }] })],
    nodes: [nodeObject("n1")],
    namespaces: [namespaceObject("a")],
    pods: [podObject("a/web", { ips: ["10.0.0.0"] }), podObject("a/waits")],
  };
  const inventory = inventoryOf(
    Object.fromEntries(Object.entries(everything).filter(([kind]) => !kinds.some((one) => one === kind))),
  );
  for (const kind of kinds) forbid(inventory, kind, resources[kind] ?? { group: "", plural: kind });
  return inventory;
}

const may = (plural: string) => ({
  verb: "list",
  group: plural === "pods" || plural === "nodes" ? "" : "crd.projectcalico.org",
  resource: plural,
});

test("a list of a kind that may not be read is not an empty list", async () => {
  const all = without("pools", "blocks", "pods", "nodes", "namespaces");
  for (const list of [listPools, listBlocks, listAddresses, listPods, listNodes, listNamespaces]) {
    const answer = await list(all, {});
    expect(answer).toMatchObject({
      items: null,
      total: null,
      unknown: [{ field: "items", reason: expect.stringContaining("may not read") }],
    });
    expect(answer.unknown?.[0]?.permission).toMatchObject({ verb: "list" });
  }
});

test("without blocks a pool's size is known and its use is not", () => {
  const [pool] = PoolList.parse(listPools(without("blocks"), {})).items ?? [];
  expect(pool).toMatchObject({
    usage: { capacity: "4096", inUse: null, free: null, byKind: { pod: null } },
    blocks: { claimed: null, possible: "64", left: null },
    tunnelNodes: null,
    state: { allocatable: true, reason: "OK" },
  });
  expect(pool?.unknown).toContainEqual({
    field: "usage",
    reason: expect.any(String),
    permission: may("ipamblocks"),
  });
});

test("without reservations what is free is unknown, what is in use is known", () => {
  const inventory = without("reservations");
  const [pool] = PoolList.parse(listPools(inventory, {})).items ?? [];
  expect(pool?.usage).toMatchObject({ inUse: "1", reserved: null, free: null, reservedUnused: null });
  const [block] = BlockList.parse(listBlocks(inventory, {})).items ?? [];
  expect(block).toMatchObject({ used: 1, reserved: null, free: null });
  const address = AddressDetail.parse(readAddress(inventory, "10.0.0.0"));
  expect(address).toMatchObject({ state: "used", reservedBy: null });
});

test("without affinities the state of an owner's claim is unknown", () => {
  const [block] = BlockList.parse(listBlocks(without("affinities"), {})).items ?? [];
  expect(block).toMatchObject({
    node: "n1",
    affinity: null,
    unknown: [
      { field: "affinity", permission: may("blockaffinities") },
      { field: "oddities", permission: may("blockaffinities") },
    ],
  });
});

test("without pods nothing is called a leak and no namespace is called empty", () => {
  const inventory = without("pods");
  const address = AddressDetail.parse(readAddress(inventory, "10.0.0.0"));
  expect(address).toMatchObject({ owner: { name: "web" }, leakCandidate: null });
  expect(address.unknown).toContainEqual({
    field: "leakCandidate",
    reason: expect.any(String),
    permission: may("pods"),
  });
  const [namespace] = NamespaceList.parse(listNamespaces(inventory, {})).items ?? [];
  expect(namespace).toMatchObject({ pods: null, usage: [{ pool: "p", inUse: "1" }] });
  const holds = PoolHolds.parse(readPoolHolds(inventory, "p"));
  expect(holds).toMatchObject({ pods: null, namespaces: [] });
});

test("without the IPAM configuration the block limit is unknown, without blocks what a node holds is", () => {
  const [node] = NodeList.parse(listNodes(without("ipamConfig", "blocks"), {})).items ?? [];
  expect(node).toMatchObject({ blocks: null, used: null, borrowed: null, blockLimit: null });
  expect(node?.unknown?.map((one) => one.field)).toEqual([
    "blocks",
    "used",
    "borrowed",
    "blockLimit",
    "pools",
  ]);
});

test("without events a pod that waits may have failed", async () => {
  const pods = PodList.parse(await listPods(without("sandboxFailures"), {})).items ?? [];
  expect(pods.map((pod) => [pod.name, pod.state, pod.unknown?.map((one) => one.field) ?? []])).toEqual([
    ["waits", "pending", ["failure", "state"]],
    ["web", "running", []],
  ]);
});

test("where the CNI configuration cannot be read, what it may decide is unknown", async () => {
  const inventory = inventoryOf({
    pools: [poolObject("p", "10.0.0.0/20")],
    namespaces: [namespaceObject("a"), namespaceObject("b", { "cni.projectcalico.org/ipv4pools": '["p"]' })],
  });
  const { detection } = inventory;
  if (!detection) throw new Error("a test inventory has been looked at");
  inventory.setDetection({ ...detection, cniPools: null });
  const [open, named] = NamespaceList.parse(listNamespaces(inventory, {})).items ?? [];
  expect(open).toMatchObject({ source: { ipv4: null }, pools: { ipv4: null } });
  expect(open?.unknown?.map(({ permission }) => permission?.name)).toContain("calico-config");
  expect(named).toMatchObject({ source: { ipv4: "annotation" }, pools: { ipv4: ["p"] } });
  expect(listNamespaces(inventory, { pool: "p" })).toMatchObject({ items: null, total: null });
  const impact = Impact.parse(await readPoolImpact(inventory, "p", "disable"));
  expect(impact.unknown?.map(({ permission }) => permission?.name)).toContain("cni-config");
});

test("an impact says what it could not look at", async () => {
  const impact = Impact.parse(await readPoolImpact(without("pods", "namespaces"), "p", "disable"));
  expect(impact.statements.some((statement) => statement.certainty === "unknown")).toBe(true);
  expect(impact.unknown?.map((one) => one.permission?.resource)).toEqual(
    expect.arrayContaining(["pods", "namespaces"]),
  );
});

test("search names the kinds it could not look into", async () => {
  const { unknown } = await search(without("pods"), "web");
  expect(unknown?.map((one) => one.permission?.resource)).toEqual(["pods"]);
});

test.each([
  ["one pool", () => readPool(without("pools"), "p")],
  ["one block", () => readBlock(without("blocks"), "10-0-0-0-26")],
  ["a map", () => readPoolMap(without("blocks"), "p")],
  ["ipam show", () => readIpamShow(without("blocks"), {})],
  ["an address", () => readAddress(without("blocks"), "10.0.0.0")],
])("%s of a kind that may not be read is refused with the permission", (_, read) => {
  expect(read).toThrow(
    expect.objectContaining({
      name: "ReadError",
      status: 403,
      permission: expect.objectContaining({ verb: "list" }),
    }),
  );
  expect(read).toThrow(ReadError);
});

test("until the first kinds are read everything is 503 with progress; pods may come later", async () => {
  const inventory = without();
  const resource = { group: "crd.projectcalico.org", version: "v1", plural: "ipamblocks", namespaced: false };
  const state = { status: "starting", loaded: 312, total: 574, message: null } as const;
  inventory.states.set("blocks", { resource, state, synced: false, confirmedAt: null });
  expect(() => listPools(inventory, {})).toThrow(
    expect.objectContaining({ status: 503, code: "starting", retryAfterSeconds: 1 }),
  );
  expect(() => listPools(inventory, {})).toThrow("312 of about 574");

  const ready = without();
  ready.states.set("pods", { resource, state, synced: false, confirmedAt: null });
  expect(listPools(ready, {}).total).toBe(1);
  expect(await listPods(ready, {})).toMatchObject({
    items: null,
    unknown: [{ reason: "pods have not been read yet (312 of about 574)", reading: true }],
  });
});

test("where Calico IPAM is not at work every read is 409 with the reason", async () => {
  const inventory = without();
  const { detection } = inventory;
  if (!detection) throw new Error("a test inventory has been looked at");
  inventory.setDetection({
    ...detection,
    detected: false,
    stopReason: "Pods get their addresses from HostLocal.",
  });
  for (const read of [
    () => listPools(inventory, {}),
    () => readAddress(inventory, "10.0.0.0"),
    () => search(inventory, "x"),
  ]) {
    await expect((async () => read())()).rejects.toThrow(
      expect.objectContaining({
        status: 409,
        code: "not-calico-ipam",
        detail: "Pods get their addresses from HostLocal.",
      }),
    );
  }
});
