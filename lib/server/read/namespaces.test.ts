import { expect, test } from "vitest";
import { NamespaceList } from "../../contract/namespaces.ts";
import {
  blockObject,
  event,
  inventoryOf,
  namespaceObject,
  nodeObject,
  podObject,
  poolObject,
} from "../../inventory/testing.ts";
import { listNamespaces, readNamespace } from "./namespaces.ts";

const annotated = (value: string) => ({ "cni.projectcalico.org/ipv4pools": value });

function cluster() {
  return inventoryOf({
    pools: [
      poolObject("a", "10.0.0.0/20"),
      poolObject("b", "10.1.0.0/20"),
      poolObject("gold", "10.2.0.0/20", { namespaceSelector: "tier == 'gold'" }),
      poolObject("off", "10.3.0.0/20", { disabled: true }),
    ],
    nodes: [nodeObject("n1")],
    blocks: [
      blockObject("10.0.0.0/26", {
        node: "n1",
        holders: [
          { pod: "plain/x", node: "n1" },
          { pod: "ordered/y", node: "n1" },
        ],
      }),
      blockObject("10.1.0.0/26", { node: "n1", holders: [{ pod: "plain/z", node: "n1" }] }),
    ],
    namespaces: [
      namespaceObject("plain"),
      namespaceObject("ordered", annotated('["b","a"]')),
      namespaceObject("gilded", {}, { tier: "gold" }),
      namespaceObject("stuck", annotated('["off"]')),
      namespaceObject("broken", annotated("a")),
      namespaceObject("dangling", annotated('["nope"]')),
      namespaceObject("empty-list", annotated("[]")),
      namespaceObject("constructor"),
    ],
    pods: [podObject("plain/x", { ips: ["10.0.0.0"] }), podObject("plain/z", { ips: ["10.1.0.0"] })],
  });
}

const named = (query: Parameters<typeof listNamespaces>[1]) =>
  NamespaceList.parse(listNamespaces(cluster(), query)).items?.map((one) => one.name);

test.each([
  ["plain", { source: { ipv4: "default" }, pools: { ipv4: ["a", "b"] }, problems: [], pods: 2 }],
  [
    "ordered",
    {
      source: { ipv4: "annotation" },
      pools: { ipv4: ["b", "a"] },
      annotation: { ipv4: '["b","a"]', ipv6: null },
      problems: [],
    },
  ],
  ["gilded", { source: { ipv4: "selector" }, pools: { ipv4: ["a", "b", "gold"] } }],
  ["stuck", { pools: { ipv4: ["off"] }, problems: [{ code: "pool-disabled", field: "ipv4pools" }] }],
  ["broken", { pools: { ipv4: [] }, problems: [{ code: "not-json", field: "ipv4pools" }] }],
  ["dangling", { pools: { ipv4: [] }, problems: [{ code: "unknown-pool", field: "ipv4pools" }] }],
  ["empty-list", { source: { ipv4: "default" }, pools: { ipv4: ["a", "b"] }, annotation: { ipv4: "[]" } }],
  ["constructor", { pods: 0, usage: [], pools: { ipv4: ["a", "b"] } }],
])("%s", (name, expected) => {
  expect(readNamespace(cluster(), name)).toMatchObject(expected);
});

test("use per pool counts the addresses that blocks record", () => {
  expect(readNamespace(cluster(), "plain").usage).toEqual([
    { pool: "a", inUse: "1" },
    { pool: "b", inUse: "1" },
  ]);
});

test("no IPv6 pool is a problem only where IPv6 is asked for", () => {
  expect(named({ problem: true })).toEqual(["broken", "dangling", "stuck"]);
  const dual = cluster();
  event(dual, "pools", "ADDED", poolObject("six", "fd00::/64", { disabled: true }));
  expect(readNamespace(dual, "plain").problems).toEqual([]);
  event(
    dual,
    "blocks",
    "ADDED",
    blockObject("fd00::/122", { node: "n1", holders: [{ pod: "plain/x", node: "n1" }] }),
  );
  expect(readNamespace(dual, "plain").problems).toMatchObject([{ code: "no-pool", field: "ipv6pools" }]);
  expect(readNamespace(dual, "gilded").problems).toEqual([]);
});

test.each([
  [{ pool: "gold" }, ["gilded"]],
  [{ pool: "off" }, ["stuck"]],
  [{ q: "nope" }, ["dangling"]],
  [{ sort: "-pods", limit: 1 }, ["plain"]],
  [{ sort: "usage", offset: 7 }, ["plain"]],
])("asked for %o", (query, expected) => {
  expect(named(query)).toEqual(expected);
});

test("a change of a pool is a change of whoever names it", () => {
  const inventory = cluster();
  expect(readNamespace(inventory, "stuck").problems).toHaveLength(1);
  event(inventory, "pools", "MODIFIED", poolObject("off", "10.3.0.0/20"));
  expect(readNamespace(inventory, "stuck").problems).toEqual([]);
  event(inventory, "nodes", "DELETED", nodeObject("n1"));
  expect(readNamespace(inventory, "plain").pools.ipv4).toEqual([]);
});
