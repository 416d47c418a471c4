import { expect, test } from "vitest";
import { type CrdLevel, poolCelErrors } from "./pool-cel.ts";

type Spec = Record<string, unknown>;

const TOO_SMALL =
  "IP pool size is too small for use with Calico IPAM. It must be equal to or greater than the block size.";
const BOUNDS = "blockSize must be between 20 and 32 for IPv4 pools, and between 116 and 128 for IPv6 pools";
const LB_SELECTOR = "IP Pool with AllowedUse LoadBalancer must have nodeSelector set to all()";
const LB_ENCAP = "LoadBalancer IP pool cannot have IPIP or VXLAN enabled";
const LB_MIX = "LoadBalancer cannot be combined with Workload or Tunnel allowed uses";
const LB_BGP = "LoadBalancer IP pools cannot disable BGP export";

const cases: readonly [string, Spec, CrdLevel, string[]][] = [
  ["a plain pool", { cidr: "10.64.0.0/20" }, "next", []],
  [
    "both encapsulations",
    { cidr: "10.0.0.0/16", ipipMode: "Always", vxlanMode: "CrossSubnet" },
    "v3.32",
    ["Forbidden: ipipMode and vxlanMode cannot both be enabled"],
  ],
  [
    "IPIP on IPv6",
    { cidr: "fd00::/64", ipipMode: "Always" },
    "v3.32",
    ["Forbidden: IPIP is not supported on IPv6 pools"],
  ],
  [
    "IPIP on IPv6, later",
    { cidr: "fd00::/64", ipipMode: "Always" },
    "next",
    ["Forbidden: IPIP is not supported on IPv6 pools"],
  ],
  ["bounds are later rules", { cidr: "10.64.0.1/27", blockSize: 19 }, "v3.32", []],
  [
    "masked, size and bounds in CRD order",
    { cidr: "10.64.0.1/20", blockSize: 19 },
    "next",
    ["Invalid: IPPool CIDR must be strictly masked", `Invalid: ${BOUNDS}`, `Invalid: ${TOO_SMALL}`],
  ],
  ["a disabled pool may be small", { cidr: "10.64.0.0/27", disabled: true }, "next", []],
  ["block size 0 is the default", { cidr: "10.64.0.0/27", blockSize: 0 }, "next", [`Invalid: ${TOO_SMALL}`]],
  ["IPv6 default block", { cidr: "fd00::/123" }, "next", [`Invalid: ${TOO_SMALL}`]],
  [
    "IPv6 bounds",
    { cidr: "fd00::/112", blockSize: 26 },
    "next",
    [`Invalid: ${BOUNDS}`, `Invalid: ${TOO_SMALL}`],
  ],
  [
    "the whole of LoadBalancer",
    {
      cidr: "10.0.0.0/16",
      allowedUses: ["LoadBalancer", "Tunnel"],
      vxlanMode: "Always",
      disableBGPExport: true,
      nodeSelector: "has(a)",
      namespaceSelector: "has(b)",
    },
    "next",
    [
      `Forbidden: ${LB_ENCAP}`,
      `Forbidden: ${LB_MIX}`,
      `Forbidden: ${LB_BGP}`,
      `Invalid: ${LB_SELECTOR}`,
      "Forbidden: IP Pool with AllowedUse Tunnel cannot have namespaceSelector",
    ],
  ],
  [
    "absent allowedUses pass with a namespaceSelector",
    { cidr: "10.0.0.0/16", namespaceSelector: "has(b)" },
    "next",
    [],
  ],
  [
    "global() in both selectors",
    { cidr: "10.0.0.0/16", nodeSelector: "global()", namespaceSelector: "!global( )" },
    "next",
    [
      "Invalid: global() selector is not valid for IPPool nodeSelector",
      "Invalid: global() selector is not valid for IPPool namespaceSelector",
    ],
  ],
  [
    "inside link-local",
    { cidr: "169.254.9.0/24" },
    "next",
    ["Invalid: IPPool CIDR overlaps with IPv4 link local range 169.254.0.0/16"],
  ],
  [
    "around link-local",
    { cidr: "::/0" },
    "next",
    ["Invalid: IPPool CIDR overlaps with IPv6 link local range fe80::/10"],
  ],
  [
    "an IPv4-mapped CIDR",
    { cidr: "::ffff:10.0.0.0/116", disabled: true },
    "next",
    [
      'Invalid: IPv4-mapped IPv6 address "::ffff:10.0.0.0/116" is not allowed evaluating rule: IPPool CIDR must be strictly masked',
      'Invalid: IPv4-mapped IPv6 address "::ffff:10.0.0.0/116" is not allowed evaluating rule: IPPool CIDR overlaps with IPv4 link local range 169.254.0.0/16',
      'Invalid: IPv4-mapped IPv6 address "::ffff:10.0.0.0/116" is not allowed evaluating rule: IPPool CIDR overlaps with IPv6 link local range fe80::/10',
    ],
  ],
];

test.each(cases)("%s", (_name, spec, level, expected) => {
  expect(poolCelErrors(spec, null, level).map((cause) => `${cause.kind}: ${cause.message}`)).toEqual(
    expected,
  );
});

test("CIDR and block size may not change, but may go away", () => {
  const old = { cidr: "10.0.0.0/16", blockSize: 26 };
  expect(poolCelErrors({ cidr: "10.1.0.0/16", blockSize: 28 }, old, "v3.32")).toMatchObject([
    {
      field: "spec.cidr",
      kind: "Invalid",
      message: "CIDR cannot be changed; follow IP pool migration guide to avoid corruption.",
    },
    {
      field: "spec.blockSize",
      kind: "Invalid",
      message: "Block size cannot be changed; follow IP pool migration guide to avoid corruption.",
    },
  ]);
  expect(poolCelErrors({ cidr: "10.0.0.0/16" }, old, "v3.32")).toEqual([]);
});
