import { isEnabled } from "./candidate-pools.ts";
import type { ImpactChange, ImpactStatement } from "./impact.ts";
import type { Pool } from "./pool.ts";
import { overlapWinners } from "./pool-state.ts";

const about = (name: string): ImpactStatement["subject"] => ({ kind: "IPPool", name });

/** Deleting takes the addresses in use out of every pool. Source: calico felix/calc/l3_route_resolver.go, felix/dataplane/linux/masq_mgr.go */
export function deletionStatements(change: ImpactChange): ImpactStatement[] {
  const { action, pool, use } = change;
  if (action !== "delete") return [];
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
      detail: `${addresses(use.value.inUse)} in use lose their pool: ${loses.join(", ")}.`,
      certainty: "exact",
    },
  ];
}

/**
 * Where Calico's pool controller holds a deleted pool, nothing is taken from the addresses in use.
 * Source: projectcalico/calico@87c1590 kube-controllers/pkg/controllers/ippool/pool_controller.go
 */
function heldStatements({ pool, use }: ImpactChange): ImpactStatement[] {
  const common = { kind: "poolState", subject: about(pool.name) } as const;
  if (!use.known) {
    const detail = "gives no more addresses, and goes once no block lies in its range";
    return [{ ...common, count: null, detail, certainty: "unknown", reason: use.reason }];
  }
  if (use.value.inUse === 0n) return [];
  const detail = `stays at Terminating until its ${addresses(use.value.inUse)} are given back; it cannot be enabled again`;
  return [{ ...common, count: small(use.value.inUse), detail, certainty: "exact" }];
}

/** Pools whose state changes with this one's, the pool itself where it does not become what was asked for. */
export function stateStatements(change: ImpactChange): ImpactStatement[] {
  const { action, pool, pools, after, poolAfter, isHeld } = change;
  const [before, then] = [overlapWinners(pools), overlapWinners(after)];
  const statement = (name: string, detail: string): ImpactStatement => ({
    kind: "poolState",
    subject: about(name),
    count: null,
    detail,
    certainty: "exact",
  });
  const statements: ImpactStatement[] = [];
  const winner = poolAfter === null ? undefined : then.get(poolAfter.name);
  if (action === "enable" && winner !== undefined) {
    statements.push(
      statement(
        pool.name,
        `does not get its range back: ${winner.name} has it, and ${pool.name} stays at CIDROverlap`,
      ),
    );
  }
  for (const other of after.filter((one) => one.name !== pool.name)) {
    const [was, is] = [before.get(other.name), then.get(other.name)];
    if (was !== undefined && is === undefined) {
      statements.push(
        statement(
          other.name,
          other.allocatable === null
            ? `no longer overlaps an enabled pool`
            : `no longer overlaps an enabled pool and starts giving addresses${isHeld ? `, once ${pool.name} is gone` : ""}`,
        ),
      );
    } else if (was === undefined && is !== undefined) {
      statements.push(
        statement(
          other.name,
          other.allocatable === null
            ? `overlaps ${is.name}, which had the range first`
            : `overlaps ${is.name} and stops giving addresses`,
        ),
      );
    }
  }
  return statements;
}

/** What is left for pods that name no pool, or what an enabled pool adds. */
export function capacityStatements({
  action,
  pool,
  after,
  poolAfter,
  free,
}: ImpactChange): ImpactStatement[] {
  const statement = (count: bigint | null, detail: string): ImpactStatement => ({
    kind: "capacity",
    subject: about(pool.name),
    count: count === null ? null : small(count),
    detail,
    certainty: free.known ? "exact" : "unknown",
    ...(free.known ? {} : { reason: free.reason }),
  });
  if (action === "enable") {
    if (poolAfter === null || !isEnabled(poolAfter) || !free.known) return [];
    const own = free.value.get(pool.name) ?? 0n;
    return [statement(own, `${pool.name} adds ${addresses(own)} that ${own === 1n ? "is" : "are"} free.`)];
  }
  const serving = after.filter((other) => other.name !== pool.name && serves(other, pool));
  const family = `IPv${pool.cidr.family}`;
  if (serving.length === 0)
    return [statement(0n, `No other automatic ${family} pool gives addresses to pods.`)];
  if (!free.known)
    return [
      statement(
        null,
        `${serving.length} other automatic ${family} pools remain; how much is free in them is unknown.`,
      ),
    ];
  const counts = serving.map((other) => ({ name: other.name, count: free.value.get(other.name) ?? 0n }));
  const sum = counts.reduce((total, { count }) => total + count, 0n);
  const listed = counts.slice(0, 3).map(({ name, count }) => `${name} ${number(count)}`);
  const rest = counts.length > 3 ? ` and ${counts.length - 3} more` : "";
  return [
    statement(
      sum,
      `${addresses(sum)} stay free in other automatic ${family} pools: ${listed.join(", ")}${rest}.`,
    ),
  ];
}

function serves(other: Pool, pool: Pool): boolean {
  return (
    other.cidr.family === pool.cidr.family &&
    isEnabled(other) &&
    other.assignmentMode === "Automatic" &&
    other.allowedUses.includes("Workload")
  );
}

/** People's own tools write once; everything else that wrote the pool may write it again. */
const HAND = /^(kubectl|calicoctl|poolboard|curl|before-first-apply|k9s|Mozilla|node|Go-http-client)/i;

export function revertStatements({ action, pool, managedBy }: ImpactChange): ImpactStatement[] {
  const { kind, name } = managedBy;
  const statement = (
    who: string,
    detail: string,
    certainty: ImpactStatement["certainty"],
  ): ImpactStatement => ({
    kind: "revert",
    subject: { kind: who, name: name ?? "unknown" },
    count: null,
    detail,
    certainty,
    ...(certainty === "exact" ? {} : { reason: "when it writes next is not known" }),
  });
  const undo =
    action === "delete" ? `create ${pool.name} again` : `set disabled: ${action === "enable"} again`;
  switch (kind) {
    case "operator": {
      const knob =
        action === "delete"
          ? "Remove its entry from ipPools in the Installation."
          : `Set disableNewAllocations: ${action === "disable"} in the Installation.`;
      return [
        statement(
          "Operator",
          `The operator owns this pool and will ${undo} within seconds. ${knob}`,
          "exact",
        ),
      ];
    }
    case "argocd":
      return [
        statement(
          "Argo CD",
          `Application ${name} can ${undo} at its next sync. Change it there to make it last.`,
          "unknown",
        ),
      ];
    case "flux":
      return [
        statement(
          "Flux",
          `${name} can ${undo} at its next reconciliation. Change it there to make it last.`,
          "unknown",
        ),
      ];
    case "helm":
      return [
        statement(
          "Helm",
          `Release ${name ?? "unknown"} can ${undo} at its next upgrade. Change it there to make it last.`,
          "unknown",
        ),
      ];
    case "manager":
      return name === null || HAND.test(name)
        ? []
        : [statement("Field manager", `${name} wrote this pool last and can ${undo}.`, "unknown")];
    case "none":
      return [];
  }
}

export function unchangedStatements({ action, pool, use, isHeldWhileUsed }: ImpactChange): ImpactStatement[] {
  const common = { kind: "unchanged", subject: about(pool.name) } as const;
  if (action === "enable") {
    const detail =
      "Pods that run keep their addresses. Pods that wait for an address get one at the next try of their kubelet. Tunnel addresses that moved away stay where they are.";
    return [{ ...common, count: null, detail, certainty: "exact" }];
  }
  const rest =
    action === "disable"
      ? "their routes, NAT and encapsulation, and the claimed blocks. Addresses can still be released."
      : isHeldWhileUsed
        ? "with their routes, NAT and encapsulation until they end; then the pool goes."
        : "until they end; their blocks lose their owner and go with the last address.";
  if (!use.known) {
    const detail =
      action === "disable" ? `The addresses in use, ${rest}` : `Pods keep their addresses ${rest}`;
    return [{ ...common, count: null, detail, certainty: "unknown", reason: use.reason }];
  }
  const { inUse, pods, blocks } = use.value;
  const kept = blocks === 1n ? "the claimed block" : `the ${number(blocks)} claimed blocks`;
  if (inUse === 0n && action === "delete") return [];
  const disabling =
    inUse === 0n
      ? `No address is in use; ${kept} stay${blocks === 1n ? "s" : ""}.`
      : `The ${addresses(inUse)} in use, their routes, NAT and encapsulation, and ${kept}. Addresses can still be released.`;
  const deleting = `${pods === 1n ? "1 pod keeps its address" : `${number(pods)} pods keep their addresses`} ${rest}`;
  const detail = action === "disable" ? disabling : deleting;
  return [{ ...common, count: small(inUse), detail, certainty: "exact" }];
}

function addresses(count: bigint): string {
  return count === 1n ? "1 address" : `${number(count)} addresses`;
}

function number(value: bigint): string {
  return value.toLocaleString("en-US");
}

function small(value: bigint): number | null {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null;
}
