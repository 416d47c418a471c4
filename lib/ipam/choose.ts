import { type Address, type Family, familyBits } from "./address.ts";
import { missingNode, type NodeLabels } from "./auto-assign.ts";
import { sameOwner } from "./block-ops.ts";
import { type Cidr, cidrContains, firstAddress, formatCidr } from "./cidr.ts";
import {
  type ChoicePool,
  type JudgedPools,
  judgePools,
  type PoolNames,
  poolsOfPod,
  type PoolsOfPod,
  requestedCidrs,
} from "./choose-pools.ts";
import { type CniAddPlan, planCniAdd } from "./cni-add.ts";
import type { Nanoseconds } from "./go-time.ts";
import type { Pool } from "./pool.ts";
import { requestedFamilies } from "./requested-families.ts";
import type { Labels } from "./selector.ts";
import type { IpamSnapshot } from "./snapshot.ts";

export interface ChooseInput {
  /** The family to answer for; absent: the first that the pod asks for. */
  readonly family?: Family | undefined;
  readonly node: string;
  readonly nodeLabels: NodeLabels;
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly names: { readonly [F in Family]: PoolNames };
  /** Annotation `ipFamilies` that counts; null: there is none. */
  readonly ipFamilies: string | null;
  /** Families that the CNI configuration asks for. */
  readonly familiesByConfig: readonly Family[];
  /** With which the plugin refuses before it looks at anything; null: it does not. */
  readonly refusal: string | null;
  readonly pools: readonly Pool[];
  /** Null: blocks, claims, reservations or the IPAM configuration cannot be read. */
  readonly snapshot: Omit<IpamSnapshot, "pools"> | null;
  readonly now: Nanoseconds;
  readonly windows?: boolean;
}

/** Where a pod's next address comes from. */
interface Found {
  readonly ip: Address;
  readonly block: Cidr;
  /** Null: the block lies in none, which Calico cannot give. */
  readonly pool: Pool | null;
  /** The node holds the block already, would claim it, or borrows from it. */
  readonly how: "held" | "claimed" | "borrowed";
  /** The other node whose block it is; null: the node's own, or nobody's. */
  readonly lender: string | null;
  /** Calico rolls dice: blocks of one address are tried from a random one on. */
  readonly isRandom: boolean;
}

export interface Chosen extends Omit<PoolsOfPod, "annotation"> {
  readonly family: Family;
  /** What the pod asks for; empty when its annotation is not readable. */
  readonly families: readonly Family[];
  readonly pools: readonly ChoicePool[];
  /** Something the pod asks for is left to the CNI configuration, which cannot be read; the answer is that of one that names no pools. */
  readonly isOpen: boolean;
  /** Null with `error` null: it cannot be known. */
  readonly found: Found | null;
  /** Calico's text for the pod's event. An error of one family fails the pod. */
  readonly error: string | null;
}

/**
 * Which address the next pod of a namespace gets on a node, and from which pool and block: the plugin's own work, done on a
 * draft that nobody writes.
 * Source: projectcalico/calico@87c1590 cni-plugin/pkg/k8s/k8s.go CmdAddK8s, cni-plugin/pkg/ipamplugin/ipam_plugin.go cmdAdd
 */
export function choose(input: ChooseInput): Chosen {
  const asks = requestedFamilies(input.ipFamilies, input.familiesByConfig);
  const asked = asks.ok ? asks.families : [];
  const family = input.family ?? asked[0] ?? 4;
  const families = asked.includes(family) ? asked : [family];
  const { [4]: four, [6]: six } = { 4: judge(input, 4), 6: judge(input, 6) };
  const own = family === 4 ? four : six;
  const error =
    input.refusal ??
    brokenBy(four, "annotation") ??
    brokenBy(six, "annotation") ??
    (asks.ok ? null : asks.error) ??
    brokenBy(four, "cniConfig") ??
    brokenBy(six, "cniConfig");
  const isOpen = [own, ...families.map((one) => (one === 4 ? four : six))].some(
    ({ source }) => source === null,
  );
  const base = { family, families: asked, source: own.source, asked: own.asked, pools: own.pools, isOpen };
  if (error !== null) return { ...base, found: null, error };
  if (input.snapshot === null) {
    const refused = families.map((one) => (one === 4 ? four : six).error).find((one) => one !== null);
    return { ...base, found: null, error: refused ?? null };
  }
  const snapshot = { ...input.snapshot, pools: input.pools };
  const plan = planCniAdd(snapshot, {
    node: input.node,
    nodeLabels: input.nodeLabels,
    namespace: input.namespace,
    namespaceLabels: input.namespaceLabels,
    pod: "",
    handle: "",
    pools4: requestedCidrs(four.annotation),
    pools6: requestedCidrs(six.annotation),
    families,
    exactIp: null,
    now: input.now,
    ...(input.windows === undefined ? {} : { windows: input.windows }),
  });
  return { ...base, found: foundBy(plan, own.pools, input.node, family, snapshot), error: plan.error };
}

type Judged = PoolsOfPod & JudgedPools;

function judge(input: ChooseInput, family: Family): Judged {
  const { node, nodeLabels, namespaceLabels, pools, windows } = input;
  const decided = poolsOfPod(input.names[family], family, pools);
  const labels = nodeLabels(node);
  const request = {
    pools,
    family,
    node: { name: node, labels: labels ?? {} },
    namespaceLabels,
    ...(windows === undefined ? {} : { windows }),
  };
  const judged = judgePools(request, decided.annotation);
  return { ...decided, ...judged, error: labels === null ? missingNode(node) : judged.error };
}

/** Annotations are read before anything of the configuration is. */
function brokenBy({ annotation, source }: Judged, by: "annotation" | "cniConfig"): string | null {
  const isOfConfig = source === "cniConfig";
  return annotation.kind === "broken" && isOfConfig === (by === "cniConfig") ? annotation.error : null;
}

function foundBy(
  plan: CniAddPlan,
  pools: readonly ChoicePool[],
  node: string,
  family: Family,
  snapshot: IpamSnapshot,
): Found | null {
  const ip = plan.ips.find((one) => one.family === family);
  if (plan.error !== null || ip === undefined) return null;
  const taken = plan.writes.flatMap((write) =>
    write.kind === "block" && cidrContains(write.block.cidr, ip) ? [write] : [],
  );
  const block = taken.at(-1)?.block;
  if (block === undefined) return null;
  const owner = { type: "host", name: node } as const;
  const how = taken.some(({ op }) => op === "create")
    ? "claimed"
    : sameOwner(block.affinity, owner)
      ? "held"
      : "borrowed";
  const start = firstAddress(block.cidr);
  const stored = snapshot.blocks.get(formatCidr(block.cidr));
  return {
    ip,
    block: block.cidr,
    pool: pools.find(({ pool, eligible }) => eligible && cidrContains(pool.cidr, start))?.pool ?? null,
    how,
    lender: how === "borrowed" ? (stored?.affinity?.name ?? null) : null,
    isRandom: how !== "held" && block.cidr.prefix === familyBits(ip.family),
  };
}
