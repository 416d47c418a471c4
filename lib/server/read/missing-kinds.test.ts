import { expect, test } from "vitest";
import { decodeAddressMap } from "../../contract/address-map.ts";
import type { Ids } from "../../contract/pool-map-container.ts";
import type { Kind } from "../../inventory/kinds.ts";
import {
  affinityObject,
  blockObject,
  calicoObject,
  forbid,
  inventoryOf,
  namespaceObject,
  nodeObject,
  podObject,
  poolObject,
  type RawCluster,
  sandboxEvent,
} from "../../inventory/testing.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { shareInventory } from "../../inventory/share.ts";
import { readAddress } from "./address.ts";
import { listAddresses } from "./addresses.ts";
import { listBlocks, readBlock } from "./blocks.ts";
import { readIpamShow } from "./ipam-show.ts";
import { listNamespaces } from "./namespaces.ts";
import { listNodes } from "./nodes.ts";
import { readPath } from "./path.ts";
import { readPoolAddressMap } from "./pool-map-addresses.ts";
import { listPods } from "./pods.ts";
import { readPoolHolds } from "./pool-holds.ts";
import { readPoolImpact } from "./pool-impact.ts";
import { readPoolMapJson } from "./pool-map.ts";
import { listPools, readPool } from "./pools.ts";
import { ReadError } from "./read-error.ts";
import { search } from "./search.ts";

/** A cluster in which every kind matters: whichever is hidden, some answer changes. */
const everything: RawCluster = {
  pools: [
    poolObject("p", "10.0.0.0/20", { natOutgoing: true, vxlanMode: "CrossSubnet", blockSize: 26 }),
    poolObject("named", "10.9.0.0/24", { assignmentMode: "Manual", blockSize: 28 }),
    poolObject("nowhere", "10.8.0.0/24", { nodeSelector: "zone == 'x'" }),
    poolObject("drains", "10.7.0.0/24", { disabled: true, blockSize: 28 }),
  ],
  blocks: [
    blockObject("10.0.0.0/26", {
      node: "n1",
      holders: [
        { node: "n1", type: "vxlanTunnelAddress" },
        { pod: "a/web", node: "n1" },
        { pod: "a/lent", node: "n2" },
        { pod: "a/gone", node: "n1", since: "2026-08-22T11:00:00Z" },
      ],
    }),
    blockObject("10.9.0.16/28", { node: "n2", holders: [{ pod: "pinned/db", node: "n2" }] }),
    blockObject("10.7.0.0/28", { node: "n2", holders: [{ pod: "a/old", node: "n2" }] }),
  ],
  affinities: [affinityObject("n1", "10.0.0.0/26"), affinityObject("n2", "10.9.0.16/28", "pending")],
  reservations: [calicoObject("IPReservation", "kept", { reservedCIDRs: ["10.0.0.32/28", "10.9.0.0/28"] })],
  ipamConfig: [calicoObject("IPAMConfig", "default", { maxBlocksPerHost: 7 })],
  felixConfiguration: [
    calicoObject("FelixConfiguration", "default", { natOutgoingExclusions: "IPPoolsAndHostIPs" }),
  ],
  nodes: [
    nodeObject(
      "n1",
      {},
      {
        "projectcalico.org/IPv4Address": "172.18.0.2/24",
        "projectcalico.org/IPv4VXLANTunnelAddr": "10.0.0.0",
      },
    ),
    nodeObject("n2"),
  ],
  namespaces: [
    namespaceObject("a"),
    namespaceObject("pinned", { "cni.projectcalico.org/ipv4pools": '["named"]' }),
    namespaceObject("wrong", { "cni.projectcalico.org/ipv4pools": '["nothing"]' }),
  ],
  pods: [
    podObject("a/web", { ips: ["10.0.0.1"] }),
    podObject("a/lent", { ips: ["10.0.0.2"], node: "n2" }),
    podObject("a/old", { ips: ["10.7.0.0"], node: "n2" }),
    podObject("pinned/db", { ips: ["10.9.0.16"], node: "n2" }),
    podObject("wrong/waits"),
  ],
  sandboxFailures: [
    sandboxEvent("wrong/waits", 'error parsing pool "nothing": invalid CIDR address: nothing'),
  ],
};

const kinds = Object.keys(everything) as readonly Kind[];

function inventoryWithout(kind: Kind | null): Inventory {
  const shown = Object.fromEntries(Object.entries(everything).filter(([each]) => each !== kind));
  const inventory = inventoryOf(shown);
  if (kind !== null) forbid(inventory, kind, { group: "", plural: kind });
  return inventory;
}

const reads: Readonly<Record<string, (inventory: Inventory) => unknown>> = {
  pools: (inventory) => listPools(inventory, {}),
  "one pool": (inventory) => readPool(inventory, "p"),
  holds: (inventory) => readPoolHolds(inventory, "named"),
  disable: (inventory) => readPoolImpact(inventory, "named", "disable"),
  delete: (inventory) => readPoolImpact(inventory, "p", "delete"),
  map: (inventory) => readPoolMapJson(inventory, "named"),
  "map with a leak": (inventory) => readPoolMapJson(inventory, "p"),
  "map of addresses": (inventory) => addressesOf(inventory, "p", "10.0.0.0/25"),
  blocks: (inventory) => listBlocks(inventory, {}),
  "blocks of a pool": (inventory) => listBlocks(inventory, { pool: "p" }),
  "blocks outside any pool": (inventory) => listBlocks(inventory, { outside: true }),
  "pending blocks": (inventory) => listBlocks(inventory, { affinity: "pending" }),
  "one block": (inventory) => readBlock(inventory, "10-0-0-0-26"),
  addresses: (inventory) => listAddresses(inventory, {}),
  "addresses of a pool": (inventory) => listAddresses(inventory, { pool: "named" }),
  "free addresses": (inventory) => listAddresses(inventory, { state: "free" }),
  "reserved addresses": (inventory) => listAddresses(inventory, { state: "reserved" }),
  "unclaimed addresses": (inventory) => listAddresses(inventory, { state: "unclaimed" }),
  "an address in use": (inventory) => readAddress(inventory, "10.0.0.2"),
  "an address that may be a leak": (inventory) => readAddress(inventory, "10.0.0.3"),
  "a tunnel address": (inventory) => readAddress(inventory, "10.0.0.0"),
  "a free address": (inventory) => readAddress(inventory, "10.0.0.9"),
  "a reserved address": (inventory) => readAddress(inventory, "10.9.0.2"),
  "an address of a node": (inventory) => readAddress(inventory, "172.18.0.2"),
  namespaces: (inventory) => listNamespaces(inventory, {}),
  "namespaces of a pool": (inventory) => listNamespaces(inventory, { pool: "named" }),
  "namespaces with a problem": (inventory) => listNamespaces(inventory, { problem: true }),
  pods: (inventory) => listPods(inventory, {}),
  "pods of a pool": (inventory) => listPods(inventory, { pool: "named" }),
  "pods of a block": (inventory) => listPods(inventory, { block: "10-9-0-16-28" }),
  "pods without an address": (inventory) => listPods(inventory, { state: "noAddress" }),
  nodes: (inventory) => listNodes(inventory, {}),
  "nodes of a pool": (inventory) => listNodes(inventory, { pool: "named" }),
  "ipam show": (inventory) => readIpamShow(inventory, { blocks: true }),
  "a path to the internet": (inventory) => readPath(inventory, "a/web", "8.8.8.8"),
  "a path to a node": (inventory) => readPath(inventory, "a/web", "172.18.0.2"),
  "a path to a pod": (inventory) => readPath(inventory, "a/web", "pinned/db"),
  "a path to an address": (inventory) => readPath(inventory, "a/web", "10.9.0.16"),
  search: (inventory) => search(inventory, "n"),
};

/** The columns by address, as the browser reads them. */
function addressesOf(inventory: Inventory, pool: string, cidr: string) {
  const map = decodeAddressMap(readPoolAddressMap(inventory, pool, cidr).body.buffer);
  const { header, state, node, namespace } = map;
  const names = (ids: Ids, of: readonly string[]) => Array.from(ids, (id) => of[id - 1] ?? "nobody");
  return {
    unknown: header.unknown,
    // Bits, not a count.
    state: Array.from(state, (bits) => `bits ${bits.toString(2)}`),
    node: names(node, header.nodes),
    namespace: names(namespace, header.namespaces),
  };
}

type Found = { readonly [key: string]: unknown } | readonly unknown[];

const isBranch = (value: unknown): value is Found => typeof value === "object" && value !== null;

/** Rows keep their place when others are gone: they are found by what names them. */
function keyOf(row: unknown, index: number): string {
  if (!isBranch(row) || Array.isArray(row)) return String(index);
  const { namespace, name, ip, cidr, slot, question, subject, kind } = row as Record<string, unknown>;
  const named = [kind, namespace, name ?? ip ?? cidr ?? slot ?? question, subject && JSON.stringify(subject)];
  return named.filter((part) => typeof part === "string").join(" ") || String(index);
}

const branches = (value: Found): [string, unknown][] =>
  Array.isArray(value) ? value.map((row, index) => [keyOf(row, index), row]) : Object.entries(value);

/** What the objects around a value call unknown, as paths from the answer's root. */
type Unknowns = readonly string[];

const isTold = (unknowns: Unknowns, path: readonly string[]) =>
  unknowns.some((field) => [...path, ""].join(".").startsWith(`${field}.`));

/** A decision or a statement that says itself that it does not know. */
const isOpen = (row: Readonly<Record<string, unknown>>) =>
  row["answer"] === "unknown" || row["certainty"] === "unknown";

/**
 * Where the answer says something else than it would if everything were known, and does not call it unknown: by null and an entry in
 * the `unknown` of an object around it, or, where it is no number, by that entry or in words.
 */
function untruths(told: unknown, truth: unknown, path: readonly string[], around: Unknowns): string[] {
  const unknowns = [...around, ...unknownsOf(told, path)];
  if (isBranch(told) && isBranch(truth)) {
    if (!Array.isArray(told) && isOpen(told as Readonly<Record<string, unknown>>)) return [];
    const rest = new Map(branches(truth));
    const isPartial = isTold(unknowns, path);
    return branches(told)
      .flatMap(([key, value]) => {
        const isExtra = Array.isArray(told) && !rest.has(key);
        const expected = rest.get(key);
        rest.delete(key);
        if (key === "unknown" || key === "version" || (isExtra && isPartial)) return [];
        return untruths(value, expected, [...path, key], unknowns);
      })
      .concat(isPartial ? [] : [...rest.keys()].map((key) => `${[...path, key].join(".")} is left out`));
  }
  if (told === truth || (told === null && unknowns.length > 0)) return [];
  // Where it knows less it may ask for more care.
  if (told === "typeName" && truth === "click") return [];
  const isNumber = typeof told === "number" || (typeof told === "string" && /^\d+$/.test(told));
  if (!isNumber && isTold(unknowns, path)) return [];
  if (typeof told === "string" && /unknown|cannot be (known|said|read)/.test(told)) return [];
  return [`${path.join(".")} is ${JSON.stringify(told)} instead of ${JSON.stringify(truth)}`];
}

function unknownsOf(told: unknown, path: readonly string[]): Unknowns {
  if (!isBranch(told) || !("unknown" in told) || !Array.isArray(told.unknown)) return [];
  return told.unknown.map(({ field }: { field: string }) => [...path, field].join("."));
}

async function answerOf(
  read: (inventory: Inventory) => unknown,
  kind: Kind | null,
  inventory: Inventory = inventoryWithout(kind),
): Promise<unknown> {
  try {
    return JSON.parse(JSON.stringify(await read(inventory)));
  } catch (error) {
    if (error instanceof ReadError) return error;
    throw error;
  }
}

test.each(kinds)(
  "without %s no answer says anything else than the truth, or that it is unknown",
  async (kind) => {
    const wrong: string[] = [];
    for (const [name, read] of Object.entries(reads)) {
      const [told, truth] = [await answerOf(read, kind), await answerOf(read, null)];
      if (told instanceof ReadError)
        expect(told).toMatchObject({ status: 403, permission: { resource: kind } });
      else wrong.push(...untruths(told, truth, [name], []));
    }
    expect(wrong).toEqual([]);
  },
);

/** Somebody who may not list the kind, where Poolboard itself may: before it reads anything, or when it has read everything. */
async function sharedWithout(kind: Kind, when: "before" | "after"): Promise<Inventory> {
  const source = inventoryWithout(null);
  for (const each of kinds) {
    const resource = { group: "", version: "v1", plural: each, namespaced: false };
    const { now } = source.clock;
    source.states.set(each, { resource, state: { status: "live" }, synced: true, confirmedAt: now() });
  }
  if (when === "after") {
    const share = shareInventory(source, new Set([kind]));
    await share.filled;
    return share.inventory;
  }
  for (const each of kinds) source.replace(each, []);
  const { inventory } = shareInventory(source, new Set([kind]));
  for (const each of kinds) {
    const rows = (everything[each] ?? []).flatMap((raw) => source.project(each, raw) ?? []);
    // As watch events and as a list, and every object a second time.
    for (const row of rows) source.put(each, row);
    source.replace(
      each,
      rows.map((row) => ({ ...row })),
    );
  }
  return inventory;
}

const sameWords = (text: string) =>
  text
    .replaceAll(/You may not|you may not/g, "Poolboard may not")
    .replaceAll(/"version":"[^"]*"/g, '"version":""');

test.each(kinds.flatMap((kind) => (["before", "after"] as const).map((when) => [kind, when] as const)))(
  "whoever may not list %s is answered as where nobody may (shared %s reading)",
  async (kind, when) => {
    const shared = await sharedWithout(kind, when);
    for (const [name, read] of Object.entries(reads)) {
      const [told, wanted] = [await answerOf(read, kind, shared), await answerOf(read, kind)];
      if (wanted instanceof ReadError) {
        expect(told, name).toMatchObject({ status: 403, permission: wanted.permission });
      } else {
        expect(JSON.parse(sameWords(JSON.stringify(told))), name).toEqual(
          JSON.parse(sameWords(JSON.stringify(wanted))),
        );
      }
    }
  },
);
