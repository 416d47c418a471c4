import { expect, test } from "vitest";
import type { AllocatableCondition, Pool } from "./pool.ts";
import { overlapWinners, poolState, type PoolStateInput } from "./pool-state.ts";
import { testPool } from "./testing.ts";

const pool = testPool("p", "10.64.0.0/20");
const bare: PoolStateInput = {
  pool,
  winner: null,
  inUse: 0n,
  blocks: 0,
  hasController: false,
  nodes: { matching: 3, all: 3 },
};
const condition = (
  status: AllocatableCondition["status"],
  reason: string,
  message = "",
): AllocatableCondition => ({ status, reason, message });
const changed = (changes: Partial<Pool>): Partial<PoolStateInput> => ({ pool: { ...pool, ...changes } });
const older = testPool("older", "10.64.0.0/16");

test.each<[string, Partial<PoolStateInput>, boolean, string, RegExp]>([
  ["a plain pool", {}, true, "OK", /^It gives addresses to new pods\.$/],
  [
    "a Manual pool, whatever its selector",
    { ...changed({ assignmentMode: "Manual" }), nodes: { matching: 0, all: 3 } },
    true,
    "OK",
    /that name it/,
  ],
  ["a LoadBalancer pool", changed({ allowedUses: ["LoadBalancer"] }), true, "OK", /LoadBalancer Services/],
  ["a tunnel pool", changed({ allowedUses: ["Tunnel"] }), true, "OK", /tunnels only/],
  ["a pool of unknown uses", changed({ allowedUses: [] }), true, "OK", /no use that Calico knows/],
  ["Calico says so", changed({ allocatable: condition("True", "OK") }), true, "OK", /new pods/],
  ["a cluster without nodes", { nodes: { matching: 0, all: 0 } }, true, "OK", /new pods/],
  ["unknown nodes", { nodes: null }, true, "OK", /new pods/],
  ["disabled and empty", changed({ disabled: true }), false, "PoolDisabled", /none is in use/],
  [
    "disabled with one address",
    { ...changed({ disabled: true }), inUse: 1n },
    false,
    "Draining",
    /; 1 address is still in use/,
  ],
  [
    "disabled with many",
    { ...changed({ disabled: true }), inUse: 4096n },
    false,
    "Draining",
    /; 4,096 addresses are still in use/,
  ],
  [
    "disabled, use unknown",
    { ...changed({ disabled: true }), inUse: null },
    false,
    "PoolDisabled",
    /unknown/,
  ],
  [
    "disabled before deletion",
    changed({ disabled: true, deleting: true }),
    false,
    "PoolDisabled",
    /none is in use/,
  ],
  [
    "being deleted",
    { ...changed({ deleting: true }), inUse: 11n },
    false,
    "Terminating",
    /11 addresses are still in use/,
  ],
  [
    "an overlap that Calico found",
    { ...changed({ allocatable: condition("False", "CIDROverlap") }), winner: older },
    false,
    "CIDROverlap",
    /^It overlaps older \(10\.64\.0\.0\/16\), which had the range first\.$/,
  ],
  [
    "an overlap that Calico has not judged yet",
    { winner: older, hasController: true },
    false,
    "CIDROverlap",
    /has not looked at it yet/,
  ],
  [
    "terminating under the controller's finalizer",
    { ...changed({ deleting: true }), inUse: 11n, blocks: 3, hasController: true },
    false,
    "Terminating",
    /11 addresses are still in use\. It goes once the last of 3 blocks in its range is gone\./,
  ],
  [
    "terminating where no controller waits for blocks",
    { ...changed({ deleting: true }), blocks: 3 },
    false,
    "Terminating",
    /^It is being deleted\.$/,
  ],
  ["an overlap that only we found", { winner: older }, false, "CIDROverlap", /does not stop it/],
  [
    "Calico accepts an overlap",
    { ...changed({ allocatable: condition("True", "OK") }), winner: older },
    true,
    "OK",
    /new pods/,
  ],
  [
    "an overlap that is over",
    changed({ allocatable: condition("False", "CIDROverlap") }),
    false,
    "CIDROverlap",
    /no longer there/,
  ],
  [
    "just enabled again",
    changed({ allocatable: condition("False", "PoolDisabled", "IPPool.Spec.Disabled is true") }),
    false,
    "PoolDisabled",
    /IPPool\.Spec\.Disabled is true/,
  ],
  [
    "a selector for nobody",
    { ...changed({ nodeSelector: "has(gpu)" }), nodes: { matching: 0, all: 184 } },
    false,
    "NoEligibleNode",
    /matches 0 of 184 nodes/,
  ],
  [
    "an unreadable node selector",
    changed({ nodeSelector: "a = 'b'" }),
    false,
    "NoEligibleNode",
    /node selector cannot be read \(expected ==\)/,
  ],
  [
    "an unreadable namespace selector",
    changed({ namespaceSelector: "has(" }),
    false,
    "NoEligibleNode",
    /namespace selector cannot be read/,
  ],
  [
    "a pool smaller than a block",
    changed({ blockSize: 19 }),
    false,
    "NoEligibleNode",
    /smaller than one of its blocks/,
  ],
])("%s", (_name, changes, allocatable, reason, message) => {
  const state = poolState({ ...bare, ...changes });
  expect(state).toMatchObject({ allocatable, reason });
  expect(state.message).toMatch(message);
});

/** `loser<winner` for each pool without its range. */
function losers(...pools: Pool[]): string[] {
  return [...overlapWinners(pools)].map(([loser, winner]) => `${loser}<${winner.name}`);
}

const wide = testPool("wide", "10.0.0.0/16", { createdAt: "2026-08-22T12:00:02Z" });
const left = testPool("left", "10.0.0.0/24", { createdAt: "2026-08-22T12:00:01Z" });
const right = testPool("right", "10.0.1.0/24", { createdAt: "2026-08-22T12:00:03Z" });

test("the older pool keeps the range, and a loser keeps nobody", () => {
  expect(losers(wide, left, right)).toEqual(["wide<left"]);
});

test("names decide between pools of one second", () => {
  const now = "2026-08-22T12:00:00Z";
  expect(losers({ ...wide, createdAt: now }, { ...left, createdAt: now })).toEqual(["wide<left"]);
});

test("an accepted pool goes before an older one, a terminating one before the rest", () => {
  const accepted = { ...wide, allocatable: condition("True", "OK") };
  const refused = { ...left, allocatable: condition("False", "CIDROverlap") };
  expect(losers(accepted, refused)).toEqual(["left<wide"]);
  expect(losers({ ...wide, deleting: true }, refused)).toEqual(["left<wide"]);
  expect(losers(wide, refused)).toEqual(["wide<left"]);
});

test("a disabled pool claims nothing", () => {
  expect(losers(wide, { ...left, disabled: true })).toEqual([]);
});
