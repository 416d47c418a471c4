import { expect, test } from "vitest";
import type { Pool } from "./pool.ts";
import { poolConditions } from "./pool-condition.ts";
import { testPool } from "./testing.ts";

const allocatable = { status: "True", reason: "OK", message: "" } as const;
const refused = { status: "False", reason: "CIDROverlap", message: "" } as const;

const pool = (name: string, cidr: string, changes: Partial<Pool> = {}): Pool => ({
  ...testPool(name, cidr),
  createdAt: "2026-08-22T12:00:00Z",
  ...changes,
});

test.each<[string, readonly Pool[], Record<string, string>]>([
  ["apart", [pool("a", "10.1.0.0/16"), pool("b", "10.2.0.0/16")], { a: "OK", b: "OK" }],
  ["new ones by name", [pool("b", "10.1.0.0/16"), pool("a", "10.1.0.0/20")], { a: "OK", b: "CIDROverlap" }],
  [
    "new ones by age first",
    [pool("b", "10.1.0.0/16"), pool("a", "10.1.0.0/20", { createdAt: "2026-08-22T12:00:01Z" })],
    { a: "CIDROverlap", b: "OK" },
  ],
  [
    "who has it keeps it, however young",
    [
      pool("old", "10.1.0.0/16", { allocatable: refused }),
      pool("young", "10.1.0.0/20", { createdAt: "2026-09-01T00:00:00Z", allocatable }),
    ],
    { old: "CIDROverlap", young: "OK" },
  ],
  [
    "who was refused comes before who is new",
    [
      pool("new", "10.1.0.0/16", { createdAt: "2020-01-01T00:00:00Z" }),
      pool("refused", "10.1.0.0/20", { allocatable: refused }),
    ],
    { new: "CIDROverlap", refused: "OK" },
  ],
  [
    "a disabled pool masks nobody",
    [pool("a", "10.1.0.0/16", { disabled: true, allocatable }), pool("b", "10.1.0.0/20")],
    { a: "PoolDisabled", b: "OK" },
  ],
  [
    "a terminating one still does",
    [
      pool("a", "10.1.0.0/16", { deleting: true, allocatable: { ...refused, reason: "Terminating" } }),
      pool("b", "10.1.0.0/20", { createdAt: "2020-01-01T00:00:00Z" }),
    ],
    { a: "Terminating", b: "CIDROverlap" },
  ],
  [
    "disabled is looked at before deletion",
    [pool("a", "10.1.0.0/16", { disabled: true, deleting: true })],
    { a: "PoolDisabled" },
  ],
  [
    "one that lost masks nobody",
    [pool("a", "10.1.0.0/24"), pool("b", "10.1.0.0/16"), pool("c", "10.1.8.0/24")],
    { a: "OK", b: "CIDROverlap", c: "OK" },
  ],
])("%s", (_title, pools, reasons) => {
  const found = poolConditions(pools);
  expect(Object.fromEntries([...found].map(([name, { reason }]) => [name, reason]))).toEqual(reasons);
  for (const { reason, status } of found.values()) expect(status).toBe(reason === "OK" ? "True" : "False");
});
