import { expect, test } from "vitest";
import type { Pool } from "@/lib/contract/pools.ts";
import { effectOf } from "./choice-effect.ts";

// Only what is looked at.
const pool = (name: string, cidr: string, changes: object = {}, reason = "OK") =>
  ({
    name,
    cidr,
    family: cidr.includes(":") ? 6 : 4,
    allowedUses: ["Workload", "Tunnel"],
    disabled: false,
    state: { reason },
    ...changes,
  }) as Pool;
const pools = [
  pool("a", "10.0.0.0/24"),
  pool("b", "10.0.1.0/24"),
  pool("off", "10.0.2.0/24", { disabled: true }, "Draining"),
  pool("going", "10.0.3.0/24", { disabled: true }, "Terminating"),
  pool("late", "10.0.0.0/25", {}, "CIDROverlap"),
  pool("lb", "10.0.4.0/24", { allowedUses: ["LoadBalancer"] }),
  pool("six", "fd00::/112"),
];
const effect = (ipv4: readonly string[], ipv6: readonly string[] = [], pods: number | null = 3) =>
  effectOf({ pods }, { ipv4, ipv6 }, pools);
const running = "The 3 pods that run keep their addresses.";

test.each<[string, readonly string[], readonly string[], string]>([
  ["nothing chosen", [], [], "New pods take from any automatic pool that selects their node and namespace."],
  ["one", ["a"], [], "New pods take from a only. If it is disabled, new pods fail."],
  [
    "an order",
    ["b", "a"],
    [],
    "New pods take from a when b has no block left. If one of them is disabled, new pods fail.",
  ],
  ["IPv6 alone", [], ["six"], "New pods take from six only. If it is disabled, new pods fail."],
  ["a CIDR", ["10.0.0.7/24"], [], "New pods take from 10.0.0.7/24 only. If it is disabled, new pods fail."],
  [
    "one that pods get nothing from",
    ["lb", "a"],
    [],
    "New pods take from a only. If one of them is disabled, new pods fail.",
  ],
])("%s that works", (_name, ipv4, ipv6, words) => {
  expect(effect(ipv4, ipv6)).toBe(`${running} ${words}`);
});

test.each<[readonly string[], readonly string[], string]>([
  [["a", "gone"], [], "gone is no pool"],
  [["gone"], ["six"], "gone is no pool"],
  [["10.0.0.0/16"], [], "10.0.0.0/16 is no pool"],
  [["off"], [], "off is disabled"],
  [["a", "off", "gone", "going"], [], "off is disabled, gone is no pool and going is being deleted"],
  [["late"], [], "late overlaps another pool"],
  [["six"], [], "six is an IPv6 pool"],
  [["a"], ["b"], "b is an IPv4 pool"],
  [["lb"], [], "lb gives no address to pods"],
])("%j and %j fail new pods, and nothing is said of an order", (ipv4, ipv6, why) => {
  expect(effect(ipv4, ipv6)).toBe(`${why}, so new pods fail until that changes. ${running}`);
});

test("pods that run", () => {
  expect(effect(["a"], [], 1)).toMatch(/^The pod that runs keeps its address\. New/);
  expect(effect(["a"], [], 0)).toMatch(/^No pod runs there now\. New/);
  expect(effect(["a"], [], null)).toMatch(/^Pods that run keep their addresses\. New/);
});

test("where the pools cannot be read none is said to be missing", () => {
  const said = effectOf({ pods: 3 }, { ipv4: ["x", "y"], ipv6: [] }, null);
  expect(said).toBe(
    `${running} New pods take from y when x has no block left. If one of them is disabled, new pods fail.`,
  );
});
