import { expect, test } from "vitest";
import type { Pool } from "@/lib/contract/pools.ts";
import type { PoolDraft } from "./pool-draft.ts";
import { changeErrors, changeOf, draftOf } from "./settings-draft.ts";

const count = {
  capacity: "4096",
  inUse: "0",
  reserved: "0",
  free: "4096",
  cooling: "0",
  borrowed: "0",
  reservedUnused: "0",
  freeInBlocks: "0",
};
const pool: Pool = {
  name: "external-pool",
  uid: "u",
  resourceVersion: "1",
  createdAt: "2026-01-01T00:00:00Z",
  labels: {},
  cidr: "10.64.0.0/20",
  family: 4,
  blockSize: 26,
  disabled: false,
  natOutgoing: true,
  ipipMode: "Never",
  vxlanMode: "CrossSubnet",
  disableBGPExport: false,
  nodeSelector: "all()",
  namespaceSelector: null,
  allowedUses: ["Workload", "Tunnel"],
  assignmentMode: "Automatic",
  state: { allocatable: true, reason: "OK", message: "" },
  managedBy: { kind: "none", name: null },
  usage: {
    ...count,
    byKind: { pod: "0", tunnel: "0", loadBalancer: "0", vm: "0", windows: "0", other: "0" },
  },
  blocks: { claimed: "0", possible: "64", left: "64" },
  fragmentation: {
    stranded: "0",
    blocksWithFree: "0",
    takeable: "0",
    strictAffinity: false,
    newNode: "claims",
  },
  nodes: { serves: true, fit: "64", eligible: 3, withoutBlock: 3, atLimit: 0 },
  thresholds: { warn: 75, crit: 90 },
  tunnelNodes: 0,
};
const edit = (part: Partial<PoolDraft>): PoolDraft => ({ ...draftOf(pool), ...part });

test("an untouched form changes nothing and has no errors", () => {
  expect(changeOf(pool, draftOf(pool))).toEqual({});
  expect(changeErrors(pool, draftOf(pool), "v3.32.1")).toEqual({});
});

test.each([
  [{ natOutgoing: false }, { natOutgoing: false }],
  [{ encapsulation: "IPIP" }, { ipipMode: "Always", vxlanMode: "Never" }],
  [
    { namespaceSelector: "has(team)", uses: "Workload" },
    { namespaceSelector: "has(team)", allowedUses: ["Workload"] },
  ],
  [{ nodeSelector: "has(gpu)" }, { nodeSelector: "has(gpu)" }],
  [{ assignmentMode: "Manual" }, { assignmentMode: "Manual" }],
] as const)("%j writes %j and nothing else", (part, change) => {
  expect(changeOf(pool, edit(part))).toEqual(change);
});

test("an emptied namespace selector is removed", () => {
  const selective: Pool = { ...pool, namespaceSelector: "has(team)", allowedUses: ["Workload"] };
  expect(changeOf(selective, { ...draftOf(selective), namespaceSelector: "" })).toEqual({
    namespaceSelector: null,
  });
});

test.each([
  [{ nodeSelector: "a ==" }, "nodeSelector"],
  [{ namespaceSelector: "has(team)" }, "namespaceSelector"],
] as const)("%j is refused at %s", (part, field) => {
  expect(changeErrors(pool, edit(part), "v3.32.1")[field]).toBeDefined();
});

test("what was wrong with the pool before does not stand in the way of changing something else", () => {
  const odd: Pool = { ...pool, nodeSelector: "a ==" };
  const draft = (part: Partial<PoolDraft>) => ({ ...draftOf(odd), ...part });
  expect(changeErrors(odd, draft({ natOutgoing: false }), "v3.32.1")).toEqual({});
  expect(changeErrors(odd, draft({ nodeSelector: "b ==" }), "v3.32.1").nodeSelector).toBeDefined();
  expect(changeErrors(odd, draft({ nodeSelector: "all()" }), "v3.32.1")).toEqual({});
});
