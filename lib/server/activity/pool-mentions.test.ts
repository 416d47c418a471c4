import { expect, test } from "vitest";
import type { RawRecord } from "../../calico/reading.ts";
import {
  inventoryOf,
  namespaceObject,
  nodeObject,
  podObject,
  poolObject,
  sandboxEvent,
} from "../../inventory/testing.ts";
import { sandboxFailure } from "../../inventory/sandbox-failure.ts";
import { isAboutPool } from "./pool-mentions.ts";

const zoneA = "zone == 'a'";

interface World {
  /** The pool as the write left it; null: deleted. */
  readonly pool?: RawRecord | null;
  readonly before?: RawRecord;
  readonly others?: readonly RawRecord[];
  readonly zone?: string;
  readonly annotations?: RawRecord;
  readonly words: string;
}

const noPools = "no configured Calico pools for node n1";
const qualified = "cannot find a qualified ippool";
const notInPool = "error getting IP from IPAM: The provided IP address is not in a configured pool\n";
const ipAddrs = (...ips: string[]) => ({ "cni.projectcalico.org/ipAddrs": JSON.stringify(ips) });

test.each<[string, boolean, World]>([
  ["no pool is left for its node", true, { words: noPools }],
  ["no pool is left at all", true, { words: qualified }],
  ["the pool was deleted", true, { pool: null, words: qualified }],
  ["no pool is left, and the pool never selected its node", false, { zone: "b", words: qualified }],
  [
    "no pool is left for its node, another one is for others",
    true,
    { others: [poolObject("other", "10.65.0.0/20", { nodeSelector: "zone == 'b'" })], words: noPools },
  ],
  [
    "the pool selects other nodes now",
    true,
    { pool: { nodeSelector: "zone == 'b'" }, others: [], words: noPools },
  ],
  ["the pool takes only tunnels now", true, { pool: { allowedUses: ["Tunnel"] }, words: qualified }],
  ["the pool was closed before", false, { before: { disabled: true }, words: qualified }],
  [
    "the pool is named only, and it does not",
    false,
    { before: { assignmentMode: "Manual" }, words: qualified },
  ],
  [
    "its namespace is none of the pool's",
    false,
    { before: { namespaceSelector: "team == 'x'" }, words: qualified },
  ],
  [
    "it asks for another pool, which was closed all along",
    false,
    {
      others: [poolObject("other", "10.65.0.0/20", { disabled: true })],
      annotations: { "cni.projectcalico.org/ipv4pools": '["other"]' },
      words: "the given pool (10.65.0.0/20) does not exist, or is not enabled",
    },
  ],
  ["it asks for an address of the pool", true, { annotations: ipAddrs("10.64.0.9"), words: notInPool }],
  ["it asks for an address elsewhere", false, { annotations: ipAddrs("10.65.0.9"), words: notInPool }],
  ["it asks for what is no address", false, { annotations: ipAddrs("blue"), words: notInPool }],
  [
    "it asks for an address of the pool that another pool gives, too",
    false,
    {
      others: [poolObject("a-wider", "10.64.0.0/16")],
      annotations: ipAddrs("10.64.0.9"),
      words: notInPool,
    },
  ],
  ["it fails for another reason", false, { words: "Max retries hit - excessive concurrent IPAM requests" }],
  ["another pool serves it by now", false, { others: [poolObject("other", "10.65.0.0/20")], words: noPools }],
])("a pod fails, and %s: %s", (_name, expected, world) => {
  const { pool = { disabled: true }, before = {}, others = [], zone = "a", annotations = {}, words } = world;
  const shape = (spec: RawRecord) => poolObject("blue", "10.64.0.0/20", { nodeSelector: zoneA, ...spec });
  const was = inventoryOf({ pools: [shape(before)] }).space.pools.get("", "blue")?.pool ?? null;
  const inventory = inventoryOf({
    pools: [...(pool === null ? [] : [shape(pool)]), ...others],
    nodes: [nodeObject("n1", { zone })],
    namespaces: [namespaceObject("web")],
    pods: [podObject("web/one", { annotations })],
  });
  const failure = sandboxFailure({ ...sandboxEvent("web/one", words), reason: "FailedCreatePodSandBox" });
  if (!failure) throw new Error("no failure");
  const written = { name: "blue", cidr: "10.64.0.0/20", before: was };
  expect(isAboutPool(inventory, written, failure)).toBe(expected);
  // A pool that was made by the write served nobody before.
  expect(isAboutPool(inventory, { ...written, before: null }, failure)).toBe(false);
});
