import type { ImpactStatement } from "./impact.ts";
import type { ImpactChange } from "./impact-change.ts";
import { about, addresses, small } from "./impact-words.ts";
import { formatCidr } from "./cidr.ts";
import type { Pool } from "./pool.ts";

/** What of Felix's settings decides about whole pools. */
export interface FelixPools {
  /** Who programs the routes between nodes for IPIP pools; null: the version that decides is unknown. */
  readonly ipipRoutes: "Felix" | "BIRD" | null;
  /** The MTU of an encapsulation is configured: overheads do not decide then. */
  readonly hasMtu: boolean;
}

/** NAT, BGP and who is rewritten: what Felix and BIRD do otherwise with addresses that are in use already. */
export function dataPathStatements(change: ImpactChange): ImpactStatement[] {
  if (change.poolAfter === null) return [];
  return [
    ...natStatements(change, change.poolAfter),
    ...bgpStatements(change, change.poolAfter),
    ...useStatements(change, change.poolAfter),
  ];
}

interface Fact {
  /** `removed`: something that works today stops. */
  readonly kind: "removed" | "poolState";
  readonly detail: string;
  /** Why it is not certain. */
  readonly reason?: string;
}

/** About the addresses in use; unknown where it is unknown whether there are any. */
function fact({ pool, use }: ImpactChange, { kind, detail, reason }: Fact): ImpactStatement {
  const count = use.known ? small(use.value.inUse) : null;
  const doubt = reason ?? (use.known || kind === "poolState" ? undefined : use.reason);
  return {
    kind,
    subject: about(pool.name),
    count,
    detail,
    ...(doubt === undefined ? { certainty: "exact" } : { certainty: "unknown", reason: doubt }),
  };
}

const isUnused = ({ use }: ImpactChange) => use.known && use.value.inUse === 0n;

const inUse = ({ use }: ImpactChange) =>
  use.known ? `the ${addresses(use.value.inUse)} in use` : "addresses in use";

/** Source: projectcalico/calico@87c1590 felix/rules/nat.go, felix/dataplane/linux/masq_mgr.go */
function natStatements(change: ImpactChange, { natOutgoing }: Pool): ImpactStatement[] {
  if (!change.changed.has("natOutgoing")) return [];
  const rest = "Packets to addresses of any pool, disabled ones too, are not rewritten, before or after.";
  const when = "from its next connection on; connections that are open stay as they are";
  if (isUnused(change))
    return [
      fact(change, {
        kind: "poolState",
        detail: natOutgoing
          ? `rewrites the source of packets to the outside. ${rest}`
          : `no longer rewrites the source of packets to the outside. ${rest}`,
      }),
    ];
  if (natOutgoing) {
    const detail = `packets of ${inUse(change)} to the outside get the address of their node as their source, each ${when}. ${rest}`;
    return [fact(change, { kind: "poolState", detail })];
  }
  const detail = `packets of ${inUse(change)} to the outside keep their own source, each ${when}: where nobody routes ${formatCidr(change.pool.cidr)} back, no answer comes. ${rest}`;
  return [fact(change, { kind: "removed", detail })];
}

/** Source: projectcalico/calico@87c1590 node/filesystem/etc/calico/confd/templates/bird_ipam.cfg.template */
function bgpStatements(change: ImpactChange, poolAfter: Pool): ImpactStatement[] {
  if (!change.changed.has("disableBGPExport")) return [];
  if (!poolAfter.disableBGPExport) {
    const detail = "nodes tell their BGP peers the routes to its blocks again, at once.";
    return [fact(change, { kind: "poolState", detail })];
  }
  const told = "no BGP peer is told a route into it any more, the other nodes among them";
  const router = routerOf(change, poolAfter);
  if (router === "Felix" || isUnused(change)) {
    const detail = `${told}: peers outside lose the way to it.${router === "Felix" ? " Felix programs the routes between the nodes, and those stay." : ""}`;
    return [fact(change, { kind: "poolState", detail })];
  }
  const detail = `${told}: other nodes lose the way to ${inUse(change)}, where BIRD programs their routes.`;
  const reason =
    router === null ? "the version of Calico that decides who programs them is unknown" : undefined;
  return [fact(change, { kind: "removed", detail, ...(reason === undefined ? {} : { reason }) })];
}

/** Who programs the routes from node to node. Source: projectcalico/calico@87c1590 design/cluster-route-programming/DESIGN.md */
function routerOf({ felix }: ImpactChange, { vxlanMode, ipipMode }: Pool): "Felix" | "BIRD" | null {
  if (vxlanMode !== "Never") return "Felix";
  if (ipipMode === "Never") return "BIRD";
  return felix.known ? felix.value.ipipRoutes : null;
}

/** A pool of LoadBalancer addresses alone is no destination that is spared SNAT. Source: projectcalico/calico@87c1590 felix/dataplane/linux/masq_mgr.go */
function useStatements(change: ImpactChange, poolAfter: Pool): ImpactStatement[] {
  const isOnly = ({ allowedUses }: Pool) => allowedUses.length === 1 && allowedUses[0] === "LoadBalancer";
  if (!change.changed.has("allowedUses") || !isOnly(poolAfter) || isOnly(change.pool)) return [];
  const detail =
    "counts as a pool for nobody but Services: packets to it from pools with outgoing NAT are rewritten, and Felix programs no routes into it.";
  return [fact(change, { kind: isUnused(change) ? "poolState" : "removed", detail })];
}
