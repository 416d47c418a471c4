import type { ImpactStatement } from "./impact.ts";
import type { ImpactChange } from "./impact-change.ts";
import { about, addresses, number, pods as podCount, small } from "./impact-words.ts";

/** Running pods with an address of the pool, by what would lead them to it if they started now. */
export interface PodOrigins {
  /** An annotation of their own. */
  readonly own: number;
  readonly namespace: number;
  readonly cniConfig: number;
  /** Nothing names pools for them: selectors decide. */
  readonly automatic: number;
}

/** What stays as it is: nobody has to guess whether running pods are touched. */
export function unchangedStatements(change: ImpactChange): ImpactStatement[] {
  const { action, poolAfter } = change;
  const turned = change.changed.has("disabled") && poolAfter !== null ? poolAfter.disabled : null;
  const told =
    action === "delete"
      ? deleting(change)
      : turned === true
        ? disabling(change)
        : turned === false
          ? enabling(change)
          : updating(change);
  return [...told, ...(turned === false ? [] : originStatements(change))];
}

type Words = Pick<ImpactStatement, "count" | "detail">;

function stays({ pool, use }: ImpactChange, { count, detail }: Words): ImpactStatement[] {
  const common = { kind: "unchanged", subject: about(pool.name), count, detail } as const;
  return [
    use.known ? { ...common, certainty: "exact" } : { ...common, certainty: "unknown", reason: use.reason },
  ];
}

function enabling({ pool }: ImpactChange): ImpactStatement[] {
  const detail =
    "Pods that run keep their addresses. Pods that wait for an address get one at the next try of their kubelet. Tunnel addresses that moved away stay where they are.";
  return [{ kind: "unchanged", subject: about(pool.name), count: null, detail, certainty: "exact" }];
}

function disabling(change: ImpactChange): ImpactStatement[] {
  const { use } = change;
  const rest = "their routes, NAT and encapsulation";
  const last = "Addresses can still be released.";
  if (!use.known)
    return stays(change, {
      count: null,
      detail: `The addresses in use, ${rest}, and the claimed blocks. ${last}`,
    });
  const { blocks, tunnels } = use.value;
  // No tunnel address stays in a disabled pool.
  const inUse = use.value.inUse - tunnels;
  const what = tunnels === 0n ? `${addresses(inUse)} in use` : `${addresses(inUse)} in use, tunnels aside`;
  const kept = blocks === 1n ? "the claimed block" : `the ${number(blocks)} claimed blocks`;
  const stay = blocks === 0n ? "" : `; ${kept} stay${blocks === 1n ? "s" : ""}`;
  const detail =
    inUse === 0n
      ? `No ${tunnels === 0n ? "" : "other "}address is in use${stay}.`
      : `The ${what}, ${rest}, and ${kept}. ${last}`;
  return stays(change, { count: small(inUse), detail });
}

function deleting(change: ImpactChange): ImpactStatement[] {
  const { use, isHeldWhileUsed } = change;
  const [their, they, end] =
    use.known && use.value.pods === 1n ? ["its", "it", "ends"] : ["their", "they", "end"];
  const rest = isHeldWhileUsed
    ? `with ${their} routes, NAT and encapsulation until ${they} ${end}; then the pool goes.`
    : `until ${they} ${end}; ${their} blocks lose their owner and go with the last address.`;
  if (!use.known) return stays(change, { count: null, detail: `Pods keep their addresses ${rest}` });
  const { inUse, pods } = use.value;
  if (inUse === 0n) return [];
  const who = pods === 1n ? "1 pod keeps its address" : `${number(pods)} pods keep their addresses`;
  return stays(change, { count: small(inUse), detail: `${who} ${rest}` });
}

/** Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/syncersv1/updateprocessors/ippoolprocessor.go (what Felix and BIRD get of a pool) */
function updating(change: ImpactChange): ImpactStatement[] {
  const { use, changed } = change;
  const dataPath = (["natOutgoing", "ipipMode", "vxlanMode", "disableBGPExport"] as const).filter((field) =>
    changed.has(field),
  );
  const kept = [
    ...(dataPath.includes("natOutgoing") ? [] : ["NAT"]),
    ...(dataPath.some((field) => field !== "natOutgoing") ? [] : ["routes and encapsulation"]),
  ];
  const rest =
    kept.length === 0
      ? ""
      : ` Their ${kept.join(", ")} ${kept[0] === "NAT" && kept.length === 1 ? "stays as it is" : "stay as they are"}.`;
  if (!use.known)
    return stays(change, {
      count: null,
      detail: `Pods that run keep their addresses, and none restarts.${rest}`,
    });
  const { inUse } = use.value;
  if (inUse === 0n) return stays(change, { count: 0, detail: "No address is in use." });
  const detail = `The ${addresses(inUse)} in use stay${inUse === 1n ? "s" : ""} with ${inUse === 1n ? "its holder" : "their holders"}, and no pod restarts.${rest}`;
  return stays(change, { count: small(inUse), detail });
}

/** By today's annotations: a pod may have come to the pool before they were written. */
function originStatements({ pool, origins }: ImpactChange): ImpactStatement[] {
  if (!origins.known) return [];
  const { own, namespace, cniConfig, automatic } = origins.value;
  const running = own + namespace + cniConfig + automatic;
  if (running === 0) return [];
  const parts = [
    [own, "by an annotation of their own"],
    [namespace, "by the annotation of their namespace"],
    [cniConfig, "by the CNI configuration"],
    [automatic, "by selectors alone"],
  ] as const;
  const listed = parts.flatMap(([count, how]) => (count === 0 ? [] : `${number(BigInt(count))} ${how}`));
  const detail = `${podCount(BigInt(running))} run${running === 1 ? "s" : ""} on it: ${listed.join(", ")}.`;
  return [
    {
      kind: "unchanged",
      subject: { kind: "Pods", name: pool.name },
      count: running,
      detail,
      certainty: "exact",
    },
  ];
}
