import { expect, test } from "vitest";
import { lastChange } from "./last-change.ts";
import {
  blockObject,
  calicoObject,
  inventoryOf,
  namespaceObject,
  nodeObject,
  podObject,
  poolObject,
  type RawCluster,
  sandboxEvent,
} from "./testing.ts";

const madeAt = (object: object, creationTimestamp: string) => ({
  ...object,
  metadata: { ...(object as { metadata: object }).metadata, creationTimestamp },
});

const old = "2026-01-01T00:00:00Z";
const settled = {
  pools: [madeAt(poolObject("p", "10.0.0.0/24"), old)],
  nodes: [madeAt(nodeObject("n1"), old)],
  namespaces: [madeAt(namespaceObject("a"), old)],
} satisfies RawCluster;

const at = "2026-08-22T12:00:00Z";
const event = sandboxEvent("a/web", "refused") as object;

test.each<[string, RawCluster, string | null]>([
  ["no object at all", {}, null],
  [
    "objects that carry no time that can be read",
    { pools: [madeAt(poolObject("p", "10.0.0.0/24"), "soon")] },
    null,
  ],
  ["the settled cluster", settled, old],
  ["a pool", { ...settled, pools: [madeAt(poolObject("p", "10.0.0.0/24"), at)] }, at],
  ["a node", { ...settled, nodes: [madeAt(nodeObject("n1"), at)] }, at],
  ["a namespace", { ...settled, namespaces: [madeAt(namespaceObject("a"), at)] }, at],
  ["a pod", { ...settled, pods: [madeAt(podObject("a/web"), at)] }, at],
  [
    "a reservation",
    { ...settled, reservations: [madeAt(calicoObject("IPReservation", "r", { reservedCIDRs: [] }), at)] },
    at,
  ],
  [
    "an address that was given",
    {
      ...settled,
      blocks: [
        blockObject("10.0.0.0/26", {
          node: "n1",
          holders: [{ pod: "a/web", node: "n1", since: "2026-08-22 12:00:00 +0000 UTC" }],
        }),
      ],
    },
    at,
  ],
  ["a refusal", { ...settled, sandboxFailures: [{ ...event, lastTimestamp: at }] }, at],
  ["a time to come", { ...settled, pods: [madeAt(podObject("a/web"), "9999-01-01T00:00:00Z")] }, old],
])("%s", (_name, cluster, expected) => {
  const found = lastChange(inventoryOf(cluster));
  expect(found).toBe(expected === null ? null : Date.parse(expected));
});
