import { type Impact, type ImpactInput, type ImpactStatement, type Known, poolImpact } from "./impact.ts";
import type { ImpactNamespace } from "./impact-assignment.ts";
import type { ImpactNode } from "./impact-nodes.ts";
import type { TunnelIpam } from "./impact-tunnel-plan.ts";
import { testPool } from "./testing.ts";

export const know = <T>(value: T): Known<T> => ({ known: true, value });
export const missing = (reason: string): { known: false; reason: string } => ({ known: false, reason });

export const standard = testPool("default-ipv4-ippool", "10.255.0.0/16", {
  vxlanMode: "CrossSubnet",
  natOutgoing: true,
});
export const external = testPool("external-pool", "10.64.0.0/20", {
  vxlanMode: "CrossSubnet",
  natOutgoing: true,
});
export const internal = testPool("internal-pool", "10.64.16.0/20", { vxlanMode: "Never" });

export const namespace = (
  name: string,
  ipv4: string | null,
  pods: number | null = 0,
  labels = {},
): ImpactNamespace => ({ name, labels, annotations: { 4: ipv4, 6: null }, pods });
export const node = (name: string, changes: Partial<ImpactNode> = {}): ImpactNode => ({
  name,
  labels: {},
  tunnels: [{ type: "vxlanTunnelAddress", ip: "10.255.0.1" }],
  bgpAddress: { 4: "172.18.0.2/16", 6: null },
  wireguard: { 4: false, 6: false },
  ...changes,
});
export const tunnel = (ip: string): Partial<ImpactNode> => ({
  tunnels: [{ type: "vxlanTunnelAddress", ip }],
});

/** Nobody has claimed a block yet. */
export const noBlocks: TunnelIpam = {
  block: () => null,
  affinities: () => [],
  config: null,
  reservations: [],
  hostEncryption: false,
  now: 1_787_400_005_123_456_789n,
};

const bare: ImpactInput = {
  action: "disable",
  pool: external,
  pools: [standard, external, internal],
  namespaces: know([]),
  pinnedPods: know([]),
  templates: know([]),
  nodes: know([node("n1")]),
  use: know({ inUse: 409n, pods: 409n, tunnels: 0n, blocks: 26n }),
  room: know(
    new Map([
      ["default-ipv4-ippool", { free: 38014n, blocksLeft: 594n, pods: 12n }],
      ["internal-pool", { free: 3408n, blocksLeft: 53n, pods: 9n }],
      ["external-pool", { free: 3620n, blocksLeft: 38n, pods: 409n }],
    ]),
  ),
  ipam: know(noBlocks),
  felix: know({ ipipRoutes: "Felix", hasMtu: false }),
  origins: know([]),
  hasController: false,
  managedBy: { kind: "none", name: null },
  cniPools: { 4: [], 6: [] },
  asked: true,
  isHeldWhileUsed: false,
};

export const impact = (changes: Partial<ImpactInput>): Impact => poolImpact({ ...bare, ...changes });

/** `kind Subject name [count] from→to: detail (certainty: reason)` */
export function inWords(statement: ImpactStatement): string {
  const { kind, subject, from, to, count, detail, certainty, reason } = statement;
  const name = subject.namespace === undefined ? subject.name : `${subject.namespace}/${subject.name}`;
  const move = from === undefined && to === undefined ? "" : ` ${from ?? ""}→${to ?? ""}`;
  const doubt = certainty === "exact" ? "" : ` (${certainty}: ${reason})`;
  return `${kind} ${subject.kind} ${name} [${count}]${move}: ${detail}${doubt}`;
}

export function lines(changes: Partial<ImpactInput>, kinds: readonly string[] = []): string[] {
  return impact(changes)
    .statements.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(inWords);
}
