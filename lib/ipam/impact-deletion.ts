import type { ImpactStatement } from "./impact.ts";
import type { ImpactChange } from "./impact-change.ts";
import { about, addresses, small } from "./impact-words.ts";

/** Deleting takes the addresses in use out of every pool. Source: projectcalico/calico@87c1590 felix/calc/l3_route_resolver.go, felix/dataplane/linux/masq_mgr.go */
export function deletionStatements(change: ImpactChange): ImpactStatement[] {
  const { action, pool, use } = change;
  if (action !== "delete") return change.isLetGo ? [letGoStatement(change)] : [];
  if (change.isHeldWhileUsed) return heldStatements(change);
  const loses = [
    ...(pool.natOutgoing ? ["packets to the outside keep their own source"] : []),
    ...(pool.vxlanMode !== "Never" || pool.ipipMode !== "Never"
      ? ["other nodes lose the tunnel to them"]
      : []),
    "other pools rewrite the source of packets to them",
  ];
  const common = { kind: "removed", subject: about(pool.name) } as const;
  if (!use.known)
    return [
      {
        ...common,
        count: null,
        detail: `Addresses still in use lose their pool: ${loses.join(", ")}.`,
        certainty: "unknown",
        reason: use.reason,
      },
    ];
  if (use.value.inUse === 0n) return [];
  return [
    {
      ...common,
      count: small(use.value.inUse),
      detail: `${addresses(use.value.inUse)} in use ${use.value.inUse === 1n ? "loses its" : "lose their"} pool: ${loses.join(", ")}.`,
      certainty: "exact",
    },
  ];
}

/**
 * A pool that waits for its end is held by a finalizer, which the controller takes from every pool that is disabled. Nobody owns its
 * blocks by then.
 * Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/ippool/pool_controller.go reconcileFinalizer
 */
function letGoStatement({ pool, use }: ImpactChange): ImpactStatement {
  const count = use.known ? small(use.value.inUse) : null;
  const rest =
    count === 0 ? "" : " Addresses in use lose their pool, and its blocks go with their last address.";
  const detail = `is being deleted, and goes at once when it is disabled: nothing holds it then.${rest}`;
  return { kind: "removed", subject: about(pool.name), count, detail, certainty: "exact" };
}

/**
 * Where Calico's pool controller holds a deleted pool, nothing is taken from the addresses in use.
 * Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/ippool/pool_controller.go
 */
function heldStatements({ pool, use }: ImpactChange): ImpactStatement[] {
  const common = { kind: "poolState", subject: about(pool.name), to: "Terminating" } as const;
  if (!use.known) {
    const detail = "gives no more addresses, and goes once no block lies in its range";
    return [{ ...common, count: null, detail, certainty: "unknown", reason: use.reason }];
  }
  if (use.value.inUse === 0n) return [];
  const detail = `stays at Terminating until its ${addresses(use.value.inUse)} ${use.value.inUse === 1n ? "is" : "are"} given back; it cannot be enabled again`;
  return [{ ...common, count: small(use.value.inUse), detail, certainty: "exact" }];
}
