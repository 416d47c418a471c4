import type { PoolRule } from "./pool-draft.ts";
import { type Address, AddressError, parseAddress } from "./address.ts";
import { type Cidr, cidrContains, firstAddress, parseCidr } from "./cidr.ts";

/** Which CRDs are installed: those of Calico v3.32 (6 rules) or of ≥ v3.33 (16 rules). */
export type CrdLevel = "v3.32" | "next";

/** One cause of a 422 that the API server gives for a pool. */
export interface PoolCause {
  /** `spec`, `spec.cidr` or `spec.blockSize`. */
  readonly field: string;
  readonly kind: "Invalid" | "Forbidden";
  readonly message: string;
  readonly rule: PoolRule;
  /** The field a person has to change, more exact than `field`. */
  readonly concerns: string;
}

type Spec = Readonly<Record<string, unknown>>;

/**
 * The CEL rules of the IPPool CRD (both API groups carry the same), in the order of the CRD; immutability comes last.
 * `newSpec` must have passed the structural schema, with its defaults applied. `oldSpec` is null on create. An empty list accepts.
 * Source: projectcalico/calico@87c1590 and v3.32.1 libcalico-go/config/crd/crd.projectcalico.org_ippools.yaml x-kubernetes-validations
 */
export function poolCelErrors(newSpec: Spec, oldSpec: Spec | null, level: CrdLevel): PoolCause[] {
  const cidr = readCidr(newSpec["cidr"]);
  const causes: PoolCause[] = [];
  for (const rule of celRules) {
    if (level === "v3.32" && rule.since !== "v3.32") continue;
    const verdict = rule.holds(newSpec, cidr, level);
    if (verdict === true) continue;
    if (verdict === false) {
      causes.push({
        field: "spec",
        kind: rule.kind,
        message: rule.message,
        rule: rule.rule,
        concerns: rule.concerns,
      });
    } else {
      causes.push({
        field: "spec",
        kind: "Invalid",
        message: `${verdict} evaluating rule: ${rule.message}`,
        rule: "cidr-format",
        concerns: "spec.cidr",
      });
    }
  }
  return [
    ...causes,
    ...changed(newSpec, oldSpec, "cidr", "CIDR", "cidr-immutable"),
    ...changed(newSpec, oldSpec, "blockSize", "Block size", "block-size-immutable"),
  ];
}

/** Transition rules run only when both objects carry the field. */
function changed(
  newSpec: Spec,
  oldSpec: Spec | null,
  key: string,
  subject: string,
  rule: PoolRule,
): PoolCause[] {
  const before = oldSpec?.[key];
  const after = newSpec[key];
  if (before === undefined || after === undefined || before === after) return [];
  const message = `${subject} cannot be changed; follow IP pool migration guide to avoid corruption.`;
  return [{ field: `spec.${key}`, kind: "Invalid", message, rule, concerns: `spec.${key}` }];
}

/** True and false as CEL evaluates; a text is the error CEL stops with. */
type Verdict = boolean | string;

interface Rule {
  readonly rule: PoolRule;
  readonly concerns: string;
  readonly since: CrdLevel;
  readonly kind: PoolCause["kind"];
  readonly message: string;
  readonly holds: (spec: Spec, cidr: CelCidr, level: CrdLevel) => Verdict;
}

interface ReadCidr {
  readonly cidr: Cidr;
  /** The address as written, host bits included. */
  readonly address: Address;
  readonly masked: boolean;
}

/** What CEL's `cidr()` gives, or the text of its error. */
type CelCidr = ReadCidr | string;

export const celRules: readonly Rule[] = [
  {
    rule: "both-encapsulations",
    concerns: "spec.vxlanMode",
    since: "v3.32",
    kind: "Forbidden",
    message: "ipipMode and vxlanMode cannot both be enabled",
    holds: (spec) => isOff(spec["ipipMode"]) || isOff(spec["vxlanMode"]),
  },
  {
    rule: "load-balancer-encapsulation",
    concerns: "spec.allowedUses",
    since: "v3.32",
    kind: "Forbidden",
    message: "LoadBalancer IP pool cannot have IPIP or VXLAN enabled",
    holds: (spec) => !uses(spec, "LoadBalancer") || (isOff(spec["ipipMode"]) && isOff(spec["vxlanMode"])),
  },
  {
    rule: "load-balancer-uses",
    concerns: "spec.allowedUses",
    since: "v3.32",
    kind: "Forbidden",
    message: "LoadBalancer cannot be combined with Workload or Tunnel allowed uses",
    holds: (spec) => !uses(spec, "LoadBalancer") || !(uses(spec, "Workload") || uses(spec, "Tunnel")),
  },
  {
    rule: "ipip-on-ipv6",
    concerns: "spec.ipipMode",
    since: "v3.32",
    kind: "Forbidden",
    message: "IPIP is not supported on IPv6 pools",
    holds: (spec, cidr, level) => isOff(spec["ipipMode"]) || !isV6(spec, cidr, level),
  },
  {
    rule: "load-balancer-bgp",
    concerns: "spec.disableBGPExport",
    since: "next",
    kind: "Forbidden",
    message: "LoadBalancer IP pools cannot disable BGP export",
    holds: (spec) => !uses(spec, "LoadBalancer") || spec["disableBGPExport"] !== true,
  },
  {
    rule: "load-balancer-node-selector",
    concerns: "spec.nodeSelector",
    since: "next",
    kind: "Invalid",
    message: "IP Pool with AllowedUse LoadBalancer must have nodeSelector set to all()",
    holds: (spec) => {
      if (!uses(spec, "LoadBalancer")) return true;
      return spec["nodeSelector"] === undefined
        ? "no such key: nodeSelector"
        : spec["nodeSelector"] === "all()";
    },
  },
  {
    rule: "tunnel-namespace-selector",
    concerns: "spec.namespaceSelector",
    since: "next",
    kind: "Forbidden",
    message: "IP Pool with AllowedUse Tunnel cannot have namespaceSelector",
    holds: (spec) => !uses(spec, "Tunnel") || textOf(spec["namespaceSelector"]) === "",
  },
  {
    rule: "global-selector",
    concerns: "spec.nodeSelector",
    since: "next",
    kind: "Invalid",
    message: "global() selector is not valid for IPPool nodeSelector",
    holds: (spec) => !textOf(spec["nodeSelector"]).includes("global("),
  },
  {
    rule: "global-selector",
    concerns: "spec.namespaceSelector",
    since: "next",
    kind: "Invalid",
    message: "global() selector is not valid for IPPool namespaceSelector",
    holds: (spec) => !textOf(spec["namespaceSelector"]).includes("global("),
  },
  {
    rule: "cidr-masked",
    concerns: "spec.cidr",
    since: "next",
    kind: "Invalid",
    message: "IPPool CIDR must be strictly masked",
    holds: (_spec, cidr) => (typeof cidr === "string" ? cidr : cidr.masked),
  },
  {
    rule: "link-local",
    concerns: "spec.cidr",
    since: "next",
    kind: "Invalid",
    message: "IPPool CIDR overlaps with IPv4 link local range 169.254.0.0/16",
    holds: (_spec, cidr) => isClearOf(cidr, "169.254.0.0/16"),
  },
  {
    rule: "link-local",
    concerns: "spec.cidr",
    since: "next",
    kind: "Invalid",
    message: "IPPool CIDR overlaps with IPv6 link local range fe80::/10",
    holds: (_spec, cidr) => isClearOf(cidr, "fe80::/10"),
  },
  {
    rule: "block-size-bounds",
    concerns: "spec.blockSize",
    since: "next",
    kind: "Invalid",
    message: "blockSize must be between 20 and 32 for IPv4 pools, and between 116 and 128 for IPv6 pools",
    holds: (spec, cidr) => {
      const size = spec["blockSize"];
      if (typeof size !== "number" || size === 0) return true;
      if (typeof cidr === "string") return cidr;
      return cidr.cidr.family === 4 ? size >= 20 && size <= 32 : size >= 116 && size <= 128;
    },
  },
  {
    rule: "pool-too-small",
    concerns: "spec.cidr",
    since: "next",
    kind: "Invalid",
    message:
      "IP pool size is too small for use with Calico IPAM. It must be equal to or greater than the block size.",
    holds: (spec, cidr) => {
      if (spec["disabled"] === true) return true;
      if (typeof cidr === "string") return cidr;
      const size = spec["blockSize"];
      const standard = cidr.cidr.family === 4 ? 26 : 122;
      return cidr.cidr.prefix <= (typeof size === "number" && size !== 0 ? size : standard);
    },
  },
];

function isOff(mode: unknown): boolean {
  return mode === undefined || mode === "" || mode === "Never";
}

function uses(spec: Spec, use: string): boolean {
  return Array.isArray(spec["allowedUses"]) && spec["allowedUses"].includes(use);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** v3.32 looks for a colon, later CRDs ask the parsed address. An unreadable CIDR counts as IPv6 only when it has a colon. */
function isV6(spec: Spec, cidr: CelCidr, level: CrdLevel): boolean {
  if (level === "v3.32" || typeof cidr === "string") return textOf(spec["cidr"]).includes(":");
  return cidr.cidr.family === 6;
}

function isClearOf(cidr: CelCidr, range: string): Verdict {
  if (typeof cidr === "string") return cidr;
  const other = parseCidr(range).cidr;
  return !cidrContains(other, cidr.address) && !cidrContains(cidr.cidr, firstAddress(other));
}

/** CEL's cidr(): as Go's netip, and IPv4-mapped networks refused. Source: kubernetes apiserver pkg/cel/library/cidr.go parseCIDR */
function readCidr(value: unknown): CelCidr {
  const text = textOf(value);
  try {
    const { cidr, masked } = parseCidr(text);
    const addressText = text.slice(0, text.indexOf("/"));
    const address = parseAddress(addressText);
    if (address.family === 4 && addressText.includes(":")) {
      return `IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`;
    }
    return { cidr, address, masked };
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    return `network address parse error during conversion from string: netip.ParsePrefix(${JSON.stringify(text)}): ${parsePrefixReason(text)}`;
  }
}

/** Why Go's netip refuses a text that the schema's laxer reading let through: zeros in front. Source: go net/netip ParsePrefix */
function parsePrefixReason(text: string): string {
  const [address = "", bits] = text.split("/");
  if (bits === undefined) return "no '/'";
  if (/(^|\.)0\d/.test(address))
    return `ParseAddr(${JSON.stringify(address)}): IPv4 field has octet with leading zero`;
  if (/^0\d/.test(bits)) return `bad bits after slash: ${JSON.stringify(bits)}`;
  return `ParseAddr(${JSON.stringify(address)}): unable to parse IP`;
}
