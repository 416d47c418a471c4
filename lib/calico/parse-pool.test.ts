import { expect, test } from "vitest";
import { parsePool } from "./parse-pool.ts";

const pool = (spec: object): unknown => ({ metadata: { name: "p" }, spec });

test("an almost empty pool has Calico's defaults", () => {
  expect(parsePool(pool({ cidr: "10.64.0.0/20" }))).toEqual({
    value: {
      name: "p",
      uid: "",
      resourceVersion: "",
      createdAt: "",
      labels: {},
      annotations: {},
      cidr: { family: 4, base: 0x0a400000n, prefix: 20 },
      blockSize: 26,
      disabled: false,
      natOutgoing: false,
      ipipMode: "Never",
      vxlanMode: "Never",
      disableBGPExport: false,
      nodeSelector: "all()",
      namespaceSelector: "",
      allowedUses: ["Workload", "Tunnel"],
      assignmentMode: "Automatic",
      deleting: false,
      allocatable: null,
    },
    oddities: [],
  });
  expect(
    parsePool(pool({ cidr: "fd00::/64", blockSize: 0, allowedUses: [], nodeSelector: "" })).value,
  ).toMatchObject({
    blockSize: 122,
    allowedUses: ["Workload", "Tunnel"],
    nodeSelector: "all()",
  });
});

test("a pool being deleted with a condition", () => {
  const raw = {
    metadata: { name: "p", deletionTimestamp: "2026-08-22T12:00:00Z" },
    spec: { cidr: "10.64.0.0/20" },
    status: {
      conditions: [
        { type: "Other" },
        { type: "Allocatable", status: "False", reason: "Terminating", message: "IPPool is being deleted" },
      ],
    },
  };
  expect(parsePool(raw).value).toMatchObject({
    deleting: true,
    allocatable: { status: "False", reason: "Terminating", message: "IPPool is being deleted" },
  });
});

const pools: readonly [string, object, object | null, string[]][] = [
  ["no CIDR", {}, null, ["cidr is missing"]],
  ["a CIDR that is a number", { cidr: 10 }, null, ["cidr is 10"]],
  ["a CIDR that is none", { cidr: "ten" }, null, ['cidr: "ten" is not a CIDR such as 10.64.0.0/20']],
  [
    "host bits",
    { cidr: "10.64.0.1/20" },
    { cidr: { base: 0x0a400000n } },
    ['cidr "10.64.0.1/20" has host bits set: read as 10.64.0.0/20'],
  ],
  [
    "another spelling",
    { cidr: "FD00:AB::/64" },
    {},
    ['cidr "FD00:AB::/64" is not in canonical form: read as fd00:ab::/64'],
  ],
  [
    "a text as block size",
    { cidr: "10.0.0.0/16", blockSize: "28" },
    { blockSize: 26 },
    ['blockSize is "28": read as 26'],
  ],
  [
    "an impossible block size",
    { cidr: "10.0.0.0/16", blockSize: 33 },
    { blockSize: 26 },
    ["blockSize is 33: read as 26"],
  ],
  ["a large block", { cidr: "10.0.0.0/16", blockSize: 19 }, { blockSize: 19 }, ["blockSize 19 is below 20"]],
  [
    "a pool smaller than a block",
    { cidr: "10.0.0.0/27" },
    { blockSize: 26 },
    ["blocks of /26 do not fit into 10.0.0.0/27: no address can be given"],
  ],
  [
    "a text as flag",
    { cidr: "10.0.0.0/16", disabled: "true" },
    { disabled: false },
    ['disabled is "true": read as false'],
  ],
  [
    "an unknown mode",
    { cidr: "10.0.0.0/16", ipipMode: "always" },
    { ipipMode: "Never" },
    ['ipipMode is "always": read as Never'],
  ],
  [
    "both modes",
    { cidr: "10.0.0.0/16", ipipMode: "Always", vxlanMode: "Always" },
    {},
    ["ipipMode and vxlanMode are both on: Calico uses VXLAN"],
  ],
  [
    "IPIP on IPv6",
    { cidr: "fd00::/64", ipipMode: "Always" },
    {},
    ["ipipMode is on, but IPIP does not carry IPv6"],
  ],
  [
    "a bad selector",
    { cidr: "10.0.0.0/16", nodeSelector: "zone == 'a'\n" },
    { nodeSelector: "zone == 'a'\n" },
    [
      `nodeSelector "zone == 'a'\\n" cannot be read (expected identifier): while this pool is enabled, every request that names no pool fails`,
    ],
  ],
  [
    "unknown uses",
    { cidr: "10.0.0.0/16", allowedUses: ["Other"] },
    { allowedUses: [] },
    ['allowedUses ["Other"] holds uses that Calico does not know'],
  ],
  [
    "mixed uses",
    { cidr: "10.0.0.0/16", allowedUses: ["LoadBalancer", "Workload"] },
    {},
    ["allowedUses combines LoadBalancer with other uses"],
  ],
  [
    "an unknown assignment mode",
    { cidr: "10.0.0.0/16", assignmentMode: "Sometimes" },
    { assignmentMode: "Manual" },
    ['assignmentMode is "Sometimes": the pool is not used automatically'],
  ],
];

test.each(pools)("pool with %s", (_name, spec, value, oddities) => {
  const parsed = parsePool(pool(spec));
  if (value === null) expect(parsed.value).toBeNull();
  else expect(parsed.value).toMatchObject(value);
  expect(parsed.oddities).toEqual(oddities);
});
