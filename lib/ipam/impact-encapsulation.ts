import type { ImpactStatement } from "./impact.ts";
import type { ImpactChange } from "./impact-change.ts";
import { about, addresses, small } from "./impact-words.ts";
import type { Pool } from "./pool.ts";

/** Bytes that an encapsulation takes of every packet. Source: projectcalico/calico@87c1590 felix/dataplane/linux/int_dataplane.go */
const OVERHEAD = { IPIP: 20, VXLAN: 50, "VXLAN IPv6": 70, WireGuard: 60, "WireGuard IPv6": 80 } as const;
type Encapsulation = keyof typeof OVERHEAD;

/** How packets travel to addresses of the pool, and what that changes for the whole cluster. */
export function encapsulationStatements(change: ImpactChange): ImpactStatement[] {
  return [...trafficStatements(change), ...clusterStatements(change)];
}

/** The pool of the destination decides. Source: projectcalico/calico@87c1590 felix/calc/l3_route_resolver.go */
function trafficStatements({ pool, poolAfter, changed, use }: ImpactChange): ImpactStatement[] {
  if (poolAfter === null || (!changed.has("ipipMode") && !changed.has("vxlanMode"))) return [];
  const [from, to] = [words(pool), words(poolAfter)];
  const common = {
    kind: "poolState",
    subject: about(pool.name),
    count: use.known ? small(use.value.inUse) : null,
  } as const;
  const whose =
    use.known && use.value.inUse > 0n ? `its ${addresses(use.value.inUse)} in use` : "its addresses";
  const detail = `packets to ${whose} change from ${from} to ${to}, on every node as it hears of it; some can be lost meanwhile.`;
  if (to !== NONE) return [{ ...common, detail, certainty: "exact" }];
  const open = `${detail} Without a tunnel it takes BGP, or a network that knows the routes: where there is neither, nodes lose the way to each other's pods.`;
  const isUnused = use.known && use.value.inUse === 0n;
  return [
    {
      ...common,
      kind: isUnused ? "poolState" : "removed",
      detail: open,
      certainty: "unknown",
      reason: "whether the nodes speak BGP is not known here",
    },
  ];
}

const NONE = "no encapsulation";

function words({ ipipMode, vxlanMode }: Pool): string {
  if (vxlanMode !== "Never") return `VXLAN (${vxlanMode})`;
  return ipipMode === "Never" ? NONE : `IPIP (${ipipMode})`;
}

/**
 * One pool with a mode enables it for all nodes, also when it is disabled.
 * Source: projectcalico/calico@87c1590 felix/calc/encapsulation_resolver.go
 */
function encapsulations(pools: readonly Pool[]): ReadonlySet<Encapsulation> {
  return new Set(
    pools.flatMap(({ cidr, ipipMode, vxlanMode }): Encapsulation[] => {
      if (vxlanMode !== "Never") return [cidr.family === 4 ? "VXLAN" : "VXLAN IPv6"];
      return ipipMode === "Never" ? [] : ["IPIP"];
    }),
  );
}

function clusterStatements(change: ImpactChange): ImpactStatement[] {
  const { pools, after, pool, isHeld, felix, nodes } = change;
  const [before, then] = [encapsulations(pools), encapsulations(after)];
  const ends = [...before].filter((one) => !then.has(one));
  const begins = [...then].filter((one) => !before.has(one));
  if (ends.length + begins.length === 0) return [];
  const what = [
    ...begins.map((one) => `${one} begins`),
    ...ends.map((one) => `${one} ends, as no other pool uses it`),
  ].join(" and ");
  const when = isHeld ? ` once ${pool.name} is gone` : "";
  const mtu = mtuWords(change, before, then);
  const common = { kind: "poolState", subject: about(pool.name), count: null } as const;
  const detail = `${what}${when}: Felix restarts on every node.${mtu}`;
  const missing = !felix.known ? felix.reason : !nodes.known ? nodes.reason : null;
  return [
    mtu === "" || missing === null
      ? { ...common, detail, certainty: "exact" }
      : {
          ...common,
          detail,
          certainty: "unknown",
          reason: `whether an MTU is configured, or WireGuard used: ${missing}`,
        },
  ];
}

/** New pods get the smallest MTU that any encapsulation of the cluster leaves; empty: it does not change. */
function mtuWords(
  { nodes, felix }: ImpactChange,
  before: ReadonlySet<Encapsulation>,
  then: ReadonlySet<Encapsulation>,
): string {
  if (felix.known && felix.value.hasMtu) return " The MTU is the configured one.";
  const always: Encapsulation[] = [];
  if (nodes.known && nodes.value.some(({ wireguard }) => wireguard[4])) always.push("WireGuard");
  if (nodes.known && nodes.value.some(({ wireguard }) => wireguard[6])) always.push("WireGuard IPv6");
  const most = (set: ReadonlySet<Encapsulation>) =>
    Math.max(0, ...[...set, ...always].map((one) => OVERHEAD[one]));
  const bytes = most(before) - most(then);
  if (bytes === 0) return "";
  return ` New pods get an MTU ${Math.abs(bytes)} bytes ${bytes > 0 ? "larger" : "smaller"}; those that run keep theirs.`;
}
