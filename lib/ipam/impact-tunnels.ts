import type { TunnelType } from "./attribute-kind.ts";
import type { ImpactStatement } from "./impact.ts";
import type { ImpactChange } from "./impact-change.ts";
import { type TunnelMove, TunnelWorld } from "./impact-tunnel-plan.ts";
import type { Pool } from "./pool.ts";

const WORDS: Readonly<Record<TunnelType, string>> = {
  ipipTunnelAddress: "IPIP",
  vxlanTunnelAddress: "VXLAN",
  vxlanV6TunnelAddress: "VXLAN IPv6",
  wireguardTunnelAddress: "WireGuard",
  wireguardV6TunnelAddress: "WireGuard IPv6",
};

export const tunnelWords = (type: TunnelType) => `${WORDS[type]} tunnel address`;

/** Null: nodes cannot be read. Where blocks cannot, moves are told by pool alone. */
export function tunnelWorld({ nodes, ipam }: ImpactChange): TunnelWorld | null {
  return nodes.known ? new TunnelWorld(nodes.value, ipam.known ? ipam.value : null) : null;
}

/**
 * Node tunnel addresses that a change of the pools moves, removes or brings. calico-node gives an address up as soon as its pool no longer
 * qualifies and takes the next free one of the pools that do; it never moves one back.
 * Source: projectcalico/calico@87c1590 node/pkg/allocateip/allocateip.go
 */
export function tunnelStatements(
  change: ImpactChange,
  moves: readonly TunnelMove[] | null,
): ImpactStatement[] {
  if (moves === null) return concernsTunnels(change) ? [unread(change)] : [];
  const losses = new Map<TunnelType, string>();
  const lossOf = (type: TunnelType): string => {
    const known = losses.get(type) ?? loss(type, change);
    losses.set(type, known);
    return known;
  };
  const tight = tightPools(change, moves);
  const statements = moves.map((move) =>
    tunnelStatement(
      move.pool !== null && tight.has(move.pool.name) ? { ...move, doubt: "race" } : move,
      lossOf,
    ),
  );
  return ["moves", "removed", "unchanged"].flatMap((kind) => statements.filter((one) => one.kind === kind));
}

/** Pools that have fewer blocks left than nodes which may need one. Only where not every node's pass is planned is that a question. */
function tightPools({ room }: ImpactChange, moves: readonly TunnelMove[]): ReadonlySet<string> {
  const seekers = new Map<string, bigint>();
  for (const { pool, to, doubt } of moves)
    if (pool !== null && to === null && doubt === "many")
      seekers.set(pool.name, (seekers.get(pool.name) ?? 0n) + 1n);
  const left = (name: string) => (room.known ? (room.value.get(name)?.blocksLeft ?? 0n) : 0n);
  return new Set([...seekers].flatMap(([name, count]) => (count > left(name) ? name : [])));
}

/** Whether any of what changes decides about tunnel addresses. */
function concernsTunnels({ action, pool, poolAfter, changed }: ImpactChange): boolean {
  const isOpen = (one: Pool | null) => one !== null && !one.disabled && one.allowedUses.includes("Tunnel");
  const fields = ["disabled", "nodeSelector", "allowedUses", "ipipMode", "vxlanMode"] as const;
  const isTouched = action === "delete" || fields.some((field) => changed.has(field));
  return isTouched && (isOpen(pool) || (action !== "enable" && isOpen(poolAfter)));
}

function unread({ nodes }: ImpactChange): ImpactStatement {
  return {
    kind: "moves",
    subject: { kind: "Node", name: "unknown" },
    count: null,
    detail: "Which nodes have a tunnel address in this pool is unknown.",
    certainty: "unknown",
    reason: nodes.known ? "" : nodes.reason,
  };
}

function tunnelStatement(move: TunnelMove, lossOf: (type: TunnelType) => string): ImpactStatement {
  const { node, type, from, candidates, pool, to, error } = move;
  const words = tunnelWords(type);
  const common = {
    subject: { kind: "Node", name: node },
    ...(from === null ? {} : { from }),
    count: null,
    certainty: "exact",
  } as const;
  if (error !== null) {
    if (from === null)
      return { ...common, kind: "unchanged", detail: `gets no ${words} (${error})`, ...doubtOf(move) };
    const detail = `its ${words} goes, and no other is found (${error}): ${lossOf(type)}`;
    return { ...common, kind: "removed", detail, ...doubtOf(move) };
  }
  if (candidates.length === 0) {
    const lost = lossOf(type);
    const detail =
      lost === ""
        ? `its ${words} goes: no pool has ${WORDS[type]} any more`
        : `its ${words} goes and no enabled pool gives another: ${lost}`;
    return { ...common, kind: "removed", detail };
  }
  if (to !== null && to === from) return { ...common, kind: "unchanged", to, detail: `keeps its ${words}` };
  const named = (pool ?? candidates[0])?.name ?? "";
  const goal = to === null ? named : `${named} (${to})`;
  const detail =
    from === null
      ? `gets ${article(words)} ${words} from ${named}`
      : `its ${words}${to === null ? " becomes the next free one there" : ""}; until other nodes learn the new one, traffic to its pods can be lost`;
  return { ...common, kind: "moves", to: goal, detail, ...doubtOf(move) };
}

function doubtOf({ doubt, candidates, pool }: TunnelMove): Pick<ImpactStatement, "certainty" | "reason"> {
  const names = candidates.map(({ name }) => name).join(" or ");
  if (doubt === "race")
    return {
      certainty: "unknown",
      reason: `there is too little room in ${names}: who comes first gets an address`,
    };
  if (doubt === "many" && pool === null)
    return { certainty: "unknown", reason: `${names}: blocks that the node holds are used first` };
  return { certainty: "exact" };
}

const article = (words: string) => (words.startsWith("I") ? "an" : "a");

function encapsulates({ cidr, ipipMode, vxlanMode, allowedUses }: Pool, type: TunnelType): boolean {
  if (type === "ipipTunnelAddress") return ipipMode !== "Never";
  if (type === "vxlanTunnelAddress") return cidr.family === 4 && vxlanMode !== "Never";
  if (type === "vxlanV6TunnelAddress") return cidr.family === 6 && vxlanMode !== "Never";
  return cidr.family === (type === "wireguardTunnelAddress" ? 4 : 6) && !allowedUses.includes("LoadBalancer");
}

/**
 * What a node without the address loses; pools that are disabled go on asking for their encapsulation. Empty: no pool asks for it.
 * Source: projectcalico/calico@87c1590 felix/calc/vxlan_resolver.go, felix/dataplane/linux/route_mgr.go
 */
function loss(type: TunnelType, { after, room }: ImpactChange): string {
  const asking = after.filter((one) => encapsulates(one, type));
  if (asking.length === 0) return "";
  // Traffic to addresses of other pools goes another way.
  const pods = ({ name }: Pool) => (room.known ? room.value.get(name)?.pods : undefined);
  const hit = asking.filter((one) => pods(one) !== 0n);
  const nobody = `; no pod has an address of a pool with ${WORDS[type]}, so no traffic is lost now`;
  if (type === "vxlanTunnelAddress" || type === "vxlanV6TunnelAddress") {
    if (hit.length === 0) return `its VTEP is withdrawn${nobody}`;
    const isAlways = hit.some(({ vxlanMode }) => vxlanMode === "Always");
    return `its VTEP is withdrawn, and ${isAlways ? "" : "in other subnets "}traffic between its pods and other nodes is lost`;
  }
  const device =
    type === "ipipTunnelAddress"
      ? "tunl0"
      : type === "wireguardTunnelAddress"
        ? "wireguard.cali"
        : "wg-v6.cali";
  if (hit.length === 0) return `${device} has no source address${nobody}`;
  return `${device} has no source address: traffic of the node itself (host-networked pods, NodePorts, probes) to pods of other nodes is lost, traffic from pod to pod is not`;
}
