import { type Cidr, cidrsOverlap, formatCidr, parseCidr } from "./cidr.ts";
import {
  fillPoolSpec,
  type FilledSpec,
  type PoolDraft,
  type PoolRule,
  readWrittenCidr,
  type WrittenCidr,
} from "./pool-draft.ts";

/** Calico's own releases by their way of checking: from v3.33 on most rules live in the CRD. */
export type CalicoVersion = "≤3.32" | "≥3.33";

/** One refusal of Calico's Go client. */
export interface ClientError {
  readonly rule: PoolRule;
  /** Path into the document. */
  readonly field: string;
  /** As Go names the field in its error. */
  readonly name: string;
  /** As Go prints the value; null where it prints none. */
  readonly value: string | null;
  readonly reason: string;
}

/** What the cluster holds already. */
export interface PoolSurroundings {
  /** All other pools, disabled and terminating ones too. */
  readonly pools: readonly { readonly name: string; readonly cidr: Cidr }[];
  /** CIDRs of the blocks that exist. */
  readonly blocks: readonly Cidr[];
  /** The pool before the change; null on create. */
  readonly old: FilledSpec | null;
}

/**
 * First stage: what the client checks itself. Errors of this stage hide those of all later ones; an unreadable CIDR is reported alone.
 * Source: projectcalico/calico@87c1590 and v3.32.1 libcalico-go/lib/clientv3/ippool.go validateAndSetDefaults
 */
export function clientErrors(
  draft: PoolDraft,
  around: PoolSurroundings,
  version: CalicoVersion,
): ClientError[] {
  const text = draft.spec.cidr ?? "";
  const cidrError = (rule: PoolRule, value: string | null, reason: string): ClientError => ({
    rule,
    field: "spec.cidr",
    name: "IPPool.Spec.CIDR",
    value,
    reason,
  });
  if (text === "") return [cidrError("cidr-required", null, "IPPool CIDR must be specified")];
  const written = readWrittenCidr(text);
  if (written === null) return [cidrError("cidr-format", text, "IPPool CIDR must be a valid subnet")];
  const spec = fillPoolSpec(draft.spec);
  const leaving = leavesLoadBalancer(spec, around.old);
  if (leaving !== null) return [leaving];
  return [
    ...(around.old !== null && around.old.cidr !== spec.cidr
      ? [cidrError("cidr-immutable", spec.cidr, "IPPool CIDR cannot be modified")]
      : []),
    ...blockSizeErrors(spec, written, around.old, version),
    ...(version === "≤3.32" && !spec.disabled && written.prefix > spec.blockSize
      ? [cidrError("pool-too-small", spec.cidr, TOO_SMALL)]
      : []),
    ...(around.old === null ? overlaps(draft.name, written.cidr, around.pools) : []).map((reason) =>
      cidrError("cidr-overlap", spec.cidr, reason),
    ),
    ...(version === "≤3.32" ? encapsulationErrors(spec, written) : []),
    ...(written.masked ? [] : [cidrError("cidr-masked", spec.cidr, "IPPool CIDR is not strictly masked")]),
    ...(version === "≤3.32" ? linkLocal(written.cidr) : []).map((reason) =>
      cidrError("link-local", spec.cidr, reason),
    ),
  ];
}

const TOO_SMALL =
  "IP pool size is too small for use with Calico IPAM. It must be equal to or greater than the block size.";

function leavesLoadBalancer(spec: FilledSpec, old: FilledSpec | null): ClientError | null {
  if (!old?.allowedUses.includes("LoadBalancer")) return null;
  if (spec.allowedUses.every((use) => use === "LoadBalancer")) return null;
  return {
    rule: "leaving-load-balancer",
    field: "spec.allowedUses",
    name: "IPPool.Spec.AllowedUses",
    value: `[${spec.allowedUses.join(" ")}]`,
    reason: "IPPool allowed use cannot be changed from LoadBalacer to Workload or Tunnel",
  };
}

function blockSizeErrors(
  spec: FilledSpec,
  written: WrittenCidr,
  old: FilledSpec | null,
  version: CalicoVersion,
): ClientError[] {
  const error = (rule: PoolRule, reason: string): ClientError => ({
    rule,
    field: "spec.blockSize",
    name: "IPPool.Spec.BlockSize",
    value: String(spec.blockSize),
    reason,
  });
  const [least, most] = written.cidr.family === 4 ? [20, 32] : [116, 128];
  const outside = spec.blockSize < least || spec.blockSize > most;
  return [
    ...(old !== null && old.blockSize !== spec.blockSize
      ? [error("block-size-immutable", "IPPool BlockSize cannot be modified")]
      : []),
    ...(version === "≤3.32" && outside
      ? [
          error(
            "block-size-bounds",
            `IPv${written.cidr.family} block size must be between ${least} and ${most}`,
          ),
        ]
      : []),
  ];
}

function overlaps(name: string, cidr: Cidr, pools: PoolSurroundings["pools"]): string[] {
  return pools
    .filter((other) => other.name !== name && cidrsOverlap(other.cidr, cidr))
    .map(
      (other) => `IPPool(${name}) CIDR overlaps with IPPool(${other.name}) CIDR ${formatCidr(other.cidr)}`,
    );
}

function encapsulationErrors(spec: FilledSpec, { cidr }: WrittenCidr): ClientError[] {
  const both = spec.vxlanMode !== "Never" && spec.ipipMode !== "Never";
  const onV6 = cidr.family === 6 && spec.ipipMode !== "Never";
  return [
    ...(both
      ? [
          {
            rule: "both-encapsulations" as const,
            field: "spec.vxlanMode",
            name: "IPPool.Spec.VXLANMode",
            value: spec.vxlanMode,
            reason: "Cannot enable both VXLAN and IPIP on the same IPPool",
          },
        ]
      : []),
    ...(onV6
      ? [
          {
            rule: "ipip-on-ipv6" as const,
            field: "spec.ipipMode",
            name: "IPPool.Spec.IPIPMode",
            value: spec.ipipMode,
            reason: "IPIP is not supported on an IPv6 IP pool",
          },
        ]
      : []),
  ];
}

function linkLocal(cidr: Cidr): string[] {
  const range = cidr.family === 4 ? "169.254.0.0/16" : "fe80::/10";
  if (!cidrsOverlap(cidr, parseCidr(range).cidr)) return [];
  return [`IPPool CIDR overlaps with IPv${cidr.family} Link Local range ${range}`];
}

/** Last stage of a create, after the validator. Source: …/libcalico-go/lib/clientv3/ippool.go Create */
export function blockConflict(draft: PoolDraft, around: PoolSurroundings): ClientError | null {
  const written = readWrittenCidr(draft.spec.cidr ?? "");
  if (written === null || around.old !== null) return null;
  const { blockSize } = fillPoolSpec(draft.spec);
  if (!around.blocks.some((block) => block.prefix !== blockSize && cidrsOverlap(block, written.cidr)))
    return null;
  return {
    rule: "block-size-conflict",
    field: "spec.blockSize",
    name: "IPPool.Spec.BlockSize",
    value: String(blockSize),
    reason: "IPPool blocksSize conflicts with existing allocations that use a different blockSize",
  };
}
