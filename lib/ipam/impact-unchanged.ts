import { isEnabled } from "./candidate-pools.ts";
import type { ImpactStatement } from "./impact.ts";
import type { AnnotationPair } from "./impact-assignment.ts";
import type { ImpactChange } from "./impact-change.ts";
import type { TunnelMove } from "./impact-tunnel-plan.ts";
import { isIn } from "./impact-tunnel-wish.ts";
import { about, addresses, inList, number, pods as podCount, small } from "./impact-words.ts";
import type { Pool } from "./pool.ts";

/** Running pods with an address of the pool that would come to one the same way if they started now. */
export interface PodOrigin {
  /** What asks for them: an address by itself, a pod's annotation, its namespace's, the CNI configuration; else selectors decide. */
  readonly source: "exact" | "own" | "namespace" | "cniConfig" | "automatic";
  readonly namespace: string;
  /** Those that count: the pod's own where it has one, else its namespace's. */
  readonly annotations: AnnotationPair;
  readonly ipAddrs: string | null;
  readonly pods: number;
}

/** What stays as it is: nobody has to guess whether running pods are touched. */
export function unchangedStatements(
  change: ImpactChange,
  moves: readonly TunnelMove[] | null,
): ImpactStatement[] {
  const { poolAfter } = change;
  if (poolAfter === null) return [...deleting(change), ...originStatements(change)];
  if (!change.changed.has("disabled")) return [...updating(change, moves), ...originStatements(change)];
  return poolAfter.disabled
    ? [...disabling(change, moves), ...originStatements(change)]
    : enabling(change, poolAfter);
}

type Words = Pick<ImpactStatement, "count" | "detail">;

function stays({ pool, use }: ImpactChange, { count, detail }: Words): ImpactStatement[] {
  const common = { kind: "unchanged", subject: about(pool.name), count, detail } as const;
  return [
    use.known ? { ...common, certainty: "exact" } : { ...common, certainty: "unknown", reason: use.reason },
  ];
}

function enabling({ pool, selection }: ImpactChange, poolAfter: Pool): ImpactStatement[] {
  const isOpen = isEnabled(poolAfter) && poolAfter.allowedUses.includes("Workload");
  const gives = isOpen && poolAfter.blockSize >= poolAfter.cidr.prefix && selection?.count(poolAfter) !== 0;
  const detail = [
    "Pods that run keep their addresses.",
    ...(gives ? ["Pods that wait for an address get one at the next try of their kubelet."] : []),
    "Tunnel addresses that moved away stay where they are.",
  ].join(" ");
  return [{ kind: "unchanged", subject: about(pool.name), count: null, detail, certainty: "exact" }];
}

function disabling(change: ImpactChange, moves: readonly TunnelMove[] | null): ImpactStatement[] {
  const { use } = change;
  const paths = keptPaths(change);
  const theirs = (whose: string) => (paths.length === 0 ? [] : [`${whose} ${inList(paths)}`]);
  const last = "Addresses can still be released.";
  if (!use.known) {
    const detail = `${inList(["The addresses in use", ...theirs("their"), "the claimed blocks"])}. ${last}`;
    return stays(change, { count: null, detail });
  }
  const { blocks } = use.value;
  const { inUse, aside } = staying(change, use.value, moves);
  const kept = blocks === 1n ? "the claimed block" : `the ${number(blocks)} claimed blocks`;
  const stay = blocks === 0n ? "" : `; ${kept} stay${blocks === 1n ? "s" : ""}`;
  const what = `The ${addresses(inUse)} in use${aside}`;
  const detail =
    inUse === 0n
      ? `No ${aside === "" ? "" : "other "}address is in use${stay}.`
      : `${inList([what, ...theirs(inUse === 1n ? "its" : "their"), kept])}. ${last}`;
  return stays(change, { count: small(inUse), detail });
}

type Use = Extract<ImpactChange["use"], { known: true }>["value"];

/** Addresses that stay with their holders: not those of tunnels that the change moves or takes away. */
function staying(
  change: ImpactChange,
  { inUse, tunnels }: Use,
  moves: readonly TunnelMove[] | null,
): { readonly inUse: bigint; readonly aside: string } {
  const { pool, changed } = change;
  const fields = ["disabled", "nodeSelector", "allowedUses", "ipipMode", "vxlanMode"] as const;
  const isLeaving = ({ from, to }: TunnelMove) => from !== null && from !== to && isIn(pool.cidr, from);
  // Where nobody knows, none is promised to stay.
  const leaving =
    moves === null
      ? fields.some((field) => changed.has(field))
        ? tunnels
        : 0n
      : BigInt(moves.filter(isLeaving).length);
  const gone = leaving < tunnels ? leaving : tunnels;
  return { inUse: inUse - gone, aside: gone === 0n ? "" : ", tunnels aside" };
}

/** What of the way to addresses in use does not change. Source: projectcalico/calico@87c1590 libcalico-go/lib/backend/syncersv1/updateprocessors/ippoolprocessor.go */
function keptPaths({ changed, pool, poolAfter }: ImpactChange): string[] {
  const isOfServices = (one: Pool | null) => one?.allowedUses.includes("LoadBalancer") ?? false;
  if (isOfServices(pool) !== isOfServices(poolAfter)) return [];
  const isOtherWay = changed.has("ipipMode") || changed.has("vxlanMode");
  return [
    ...(isOtherWay || changed.has("disableBGPExport") ? [] : ["routes"]),
    ...(changed.has("natOutgoing") ? [] : ["NAT"]),
    ...(isOtherWay ? [] : ["encapsulation"]),
  ];
}

function deleting(change: ImpactChange): ImpactStatement[] {
  const { use, isHeld, isLetGo } = change;
  const [their, they, end] =
    use.known && use.value.pods === 1n ? ["its", "it", "ends"] : ["their", "they", "end"];
  const rest = isHeld
    ? `with ${their} routes, NAT and encapsulation until ${they} ${end}; then the pool goes.`
    : isLetGo
      ? `until ${they} ${end}.`
      : `until ${they} ${end}; ${their} blocks lose their owner and go with the last address.`;
  if (!use.known) return stays(change, { count: null, detail: `Pods keep their addresses ${rest}` });
  const { inUse, pods } = use.value;
  if (inUse === 0n) return [];
  const who = pods === 1n ? "1 pod keeps its address" : `${number(pods)} pods keep their addresses`;
  return stays(change, { count: small(inUse), detail: `${who} ${rest}` });
}

function updating(change: ImpactChange, moves: readonly TunnelMove[] | null): ImpactStatement[] {
  const { use } = change;
  const paths = keptPaths(change);
  const rest =
    paths.length === 0
      ? ""
      : ` Their ${inList(paths)} ${paths.length === 1 && paths[0] !== "routes" ? "stays as it is" : "stay as they are"}.`;
  if (!use.known)
    return stays(change, {
      count: null,
      detail: `Pods that run keep their addresses, and none restarts.${rest}`,
    });
  const { inUse, aside } = staying(change, use.value, moves);
  if (inUse === 0n) {
    const detail = `No ${aside === "" ? "" : "other "}address is in use.`;
    return stays(change, { count: 0, detail });
  }
  const isOne = inUse === 1n;
  const what = `The ${addresses(inUse)} in use${aside === "" ? "" : `${aside},`}`;
  const detail = `${what} stay${isOne ? "s" : ""} with ${isOne ? "its holder" : "their holders"}, and no pod restarts.${rest}`;
  return stays(change, { count: small(inUse), detail });
}

/** By today's annotations: a pod may have come to the pool before they were written. */
function originStatements({ pool, origins }: ImpactChange): ImpactStatement[] {
  if (!origins.known) return [];
  const from = (source: PodOrigin["source"]) =>
    origins.value.reduce((sum, origin) => sum + (origin.source === source ? origin.pods : 0), 0);
  const running = origins.value.reduce((sum, { pods }) => sum + pods, 0);
  if (running === 0) return [];
  const parts = [
    [from("exact"), "by an address that they ask for"],
    [from("own"), "by an annotation of their own"],
    [from("namespace"), "by the annotation of their namespace"],
    [from("cniConfig"), "by the CNI configuration"],
    [from("automatic"), "by selectors alone"],
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
