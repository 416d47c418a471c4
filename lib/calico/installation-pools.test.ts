import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCidr } from "../ipam/cidr.ts";
import type { AllowedUse, Pool } from "../ipam/pool.ts";
import {
  entryChange,
  entryFields,
  entryIndex,
  filledEntry,
  isAdopted,
  poolEntries,
} from "./installation-pools.ts";
import { parsePool } from "./parse-pool.ts";

const poolOf = (name: string, spec: object): Pool => {
  const { value } = parsePool({ metadata: { name }, spec });
  if (value === null) throw new Error(`${name} cannot be read`);
  return value;
};

/** Source of the defaults: tigera/operator pkg/controller/ippool/defaults.go */
const four = {
  disabled: false,
  natOutgoing: true,
  ipipMode: "Always",
  vxlanMode: "Never",
  disableBGPExport: false,
  nodeSelector: "all()",
  allowedUses: ["Workload", "Tunnel"],
  assignmentMode: "Automatic",
  blockSize: 26,
};
const six = { ...four, natOutgoing: false, ipipMode: "Never", blockSize: 122 };

test.each([
  ["an IPv4 range alone", { cidr: "10.0.0.0/16" }, four],
  ["an IPv6 range alone", { cidr: "fd00::/64" }, six],
  [
    "VXLAN",
    { cidr: "10.0.0.0/16", encapsulation: "VXLAN" },
    { ...four, ipipMode: "Never", vxlanMode: "Always" },
  ],
  [
    "VXLANCrossSubnet",
    { cidr: "10.0.0.0/16", encapsulation: "VXLANCrossSubnet" },
    { ...four, ipipMode: "Never", vxlanMode: "CrossSubnet" },
  ],
  [
    "IPIPCrossSubnet",
    { cidr: "10.0.0.0/16", encapsulation: "IPIPCrossSubnet" },
    { ...four, ipipMode: "CrossSubnet" },
  ],
  ["no encapsulation", { cidr: "10.0.0.0/16", encapsulation: "None" }, { ...four, ipipMode: "Never" }],
  [
    "disableNewAllocations",
    { cidr: "10.0.0.0/16", disableNewAllocations: true },
    { ...four, disabled: true },
  ],
  ["Disabled NAT", { cidr: "10.0.0.0/16", natOutgoing: "Disabled" }, { ...four, natOutgoing: false }],
  ["no readable range", { cidr: "10.0.0.300/16" }, null],
  ["no range", {}, null],
  ["nonsense", { cidr: "10.0.0.0/16", allowedUses: "all", blockSize: "26", disableBGPExport: "yes" }, four],
])("the operator makes of %s", (_name, entry, fields) => {
  expect(entryFields(entry)).toEqual(fields);
});

test("every pool that can be said in the Installation's words is the same pool afterwards", () => {
  const modes = fc.constantFrom(
    ["Never", "Never"] as const,
    ["Always", "Never"] as const,
    ["CrossSubnet", "Never"] as const,
    ["Never", "Always"] as const,
    ["Never", "CrossSubnet"] as const,
  );
  const uses = fc.constantFrom<readonly AllowedUse[]>(
    ["Workload"],
    ["Tunnel"],
    ["Workload", "Tunnel"],
    ["LoadBalancer"],
  );
  fc.assert(
    fc.property(
      fc.record({
        modes,
        allowedUses: uses,
        disabled: fc.boolean(),
        natOutgoing: fc.boolean(),
        disableBGPExport: fc.boolean(),
        nodeSelector: fc.constantFrom("all()", "zone == 'a'", "!all()"),
        assignmentMode: fc.constantFrom("Automatic", "Manual"),
      }),
      ({ modes: [ipipMode, vxlanMode], ...rest }) => {
        const pool = poolOf("p", { cidr: "10.0.0.0/16", ...rest, ipipMode, vxlanMode });
        const entry = { name: "p", cidr: "10.0.0.0/16", ...entryChange(pool, pool) };
        expect(entryFields(entry)).toMatchObject({ ...rest, ipipMode, vxlanMode });
        expect(isAdopted(pool, entry)).toBe(true);
        expect(isAdopted({ ...pool, disabled: !pool.disabled }, entry)).toBe(false);
      },
    ),
  );
});

describe("a change in the Installation's words", () => {
  const vxlan = { ipipMode: "Never", vxlanMode: "Always" } as const;
  test.each([
    ["disabled", { disabled: true }, { disableNewAllocations: true }],
    ["enabled", { disabled: false }, { disableNewAllocations: false }],
    ["one mode", { vxlanMode: "Never" }, { encapsulation: "None" }],
    [
      "the other mode beside the first: Calico uses VXLAN",
      { ipipMode: "Always" },
      { encapsulation: "VXLAN" },
    ],
    [
      "from the one to the other",
      { ipipMode: "CrossSubnet", vxlanMode: "Never" },
      { encapsulation: "IPIPCrossSubnet" },
    ],
    ["no selector, which the operator refuses", { nodeSelector: "" }, { nodeSelector: "all()" }],
    ["a namespace selector, for which there is no field", { namespaceSelector: "a == 'b'" }, {}],
    ["nothing", {}, {}],
  ] as const)("%s", (_name, change, words) => {
    expect(entryChange(vxlan, change)).toEqual(words);
  });
});

test("an entry is found by its range, however it is spelled", () => {
  const entries = [{ cidr: "nonsense" }, { name: "x", cidr: "10.0.1.7/16" }, { cidr: "FD00:0::/64" }];
  const at = (cidr: string) => entryIndex(entries, { cidr: parseCidr(cidr).cidr });
  expect([at("10.0.0.0/16"), at("fd00::/64"), at("10.1.0.0/16")]).toEqual([1, 2, null]);
});

describe("the name of an entry without one", () => {
  const pools = [poolOf("from-before", { cidr: "10.7.0.0/16" })];
  test.each([
    ["there is a pool of that range", ["10.7.0.0/16", "10.8.0.0/16"], "from-before"],
    ["it is the only one", ["10.0.0.0/16"], "default-ipv4-ippool"],
    ["it is the only IPv6 one beside an IPv4 one", ["fd00::/64", "10.0.0.0/16"], "default-ipv6-ippool"],
    ["there are more", ["10.0.0.0/16", "10.1.0.0/16"], "10.0.0.0-16"],
    ["there are more, IPv6", ["fd00:1::/64", "fd00:2::/64"], "fd00.0001.0000.0000.0000.0000.0000.0000-64"],
  ])("%s", (_name, cidrs, name) => {
    const entries = cidrs.map((cidr) => ({ cidr }));
    expect(filledEntry(entries[0] ?? {}, entries, pools)["name"]).toBe(name);
  });
});

test.each([
  [undefined, null],
  [{}, null],
  [{ spec: { calicoNetwork: null } }, null],
  [{ spec: { calicoNetwork: { ipPools: null } } }, null],
  [{ spec: { calicoNetwork: { ipPools: [] } } }, []],
  [{ spec: { calicoNetwork: { ipPools: [null, { cidr: "x" }] } } }, [{}, { cidr: "x" }]],
])("the list of %j", (installation, entries) => {
  expect(poolEntries(installation)).toEqual(entries);
});
