import type { Family } from "../../ipam/address.ts";
import { cidrContains, cidrSize } from "../../ipam/cidr.ts";
import type { ImpactNamespace, ImpactPinned } from "../../ipam/impact-assignment.ts";
import type { PodOrigin } from "../../ipam/impact-unchanged.ts";
import type { Pool } from "../../ipam/pool.ts";
import { parsePoolsAnnotation } from "../../ipam/pools-annotation.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { PodIp } from "../../inventory/pod-row.ts";
import type { PodTable } from "../../inventory/pod-table.ts";

type Source = PodOrigin["source"];

interface ImpactPods {
  readonly pinned: readonly ImpactPinned[];
  /** Living pods of each namespace that take an address and ask for no pool or address themselves. */
  readonly unpinned: ReadonlyMap<string, number>;
  readonly origins: readonly PodOrigin[];
}

type Counted = Omit<PodOrigin, "pods"> & { pods: number };

const NO_ANNOTATIONS = { 4: null, 6: null } as const;
const NOTHING_ASKED = { annotations: null, ipAddrs: null } as const;

/** One look at every pod: what a preview has to know of 150,000 of them. */
export function impactPods(inventory: Inventory, pool: Pool): ImpactPods {
  const { pods, namespaces, space, detection } = inventory;
  const { family } = pool.cidr;
  const pools = Array.from(space.pools, (row) => row.pool);
  const reads = new Map<string | null, Source | null>();
  /** What an annotation means for a pod; null: nothing, the next source decides. */
  const namesBy = (raw: string | null, source: "own" | "namespace"): Source | null => {
    if (raw === null) return null;
    const key = `${source} ${raw}`;
    let read = reads.get(key);
    if (read === undefined) reads.set(key, (read = originOf(raw, source, family, pools)));
    return read;
  };
  const cni: Source = (detection?.cniPools?.[family].length ?? 0) > 0 ? "cniConfig" : "automatic";
  const holds = holder(pool);
  const pinned: ImpactPinned[] = [];
  const unpinned = new Map<string, number>();
  const origins = new Map<string, Counted>();
  const count = (key: string, origin: () => Omit<PodOrigin, "pods">): void => {
    let known = origins.get(key);
    if (known === undefined) origins.set(key, (known = { ...origin(), pods: 0 }));
    known.pods += 1;
  };
  const originOfNamespace = (namespace: string): Omit<PodOrigin, "pods"> => {
    const annotations = namespaces.get("", namespace)?.annotations ?? NO_ANNOTATIONS;
    return {
      source: namesBy(annotations[family], "namespace") ?? cni,
      namespace,
      annotations,
      ipAddrs: null,
    };
  };
  const { table } = pods;
  /** By the id of the namespace. */
  const counts: number[] = [];
  for (let slot = 0; slot < table.end; slot++) {
    if (!table.isPresent(slot) || table.isFinished(slot) || table.isHostNetwork(slot)) continue;
    const id = table.names.namespaces[slot] ?? 0;
    const asks = table.asks(slot);
    if (!asks) counts[id] = (counts[id] ?? 0) + 1;
    const isHolder = holds(table, slot);
    if (!asks && !isHolder) continue;
    const namespace = inventory.interner.text(id) ?? "";
    const { annotations, ipAddrs } = asks ?? NOTHING_ASKED;
    if (asks)
      pinned.push({
        kind: "Pod",
        namespace,
        name: table.names.text(slot),
        annotations: annotations ?? NO_ANNOTATIONS,
        ipAddrs,
        pods: 1,
      });
    if (!isHolder) continue;
    const own = ipAddrs !== null ? "exact" : annotations ? namesBy(annotations[family], "own") : null;
    if (own === null) count(namespace, () => originOfNamespace(namespace));
    else
      count(`${namespace} ${annotations?.[family]} ${ipAddrs}`, () => ({
        source: own,
        namespace,
        annotations: annotations ?? NO_ANNOTATIONS,
        ipAddrs,
      }));
  }
  counts.forEach((inGroup, id) => unpinned.set(inventory.interner.text(id) ?? "", inGroup));
  return { pinned, unpinned, origins: [...origins.values()] };
}

/** With their pods, or null pods where those cannot be read. */
export function impactNamespaces({ namespaces }: Inventory, pods: ImpactPods | null): ImpactNamespace[] {
  return Array.from(namespaces, ({ name, labels, annotations }) => ({
    name,
    labels,
    annotations,
    pods: pods === null ? null : (pods.unpinned.get(name) ?? 0),
  }));
}

function originOf(
  raw: string,
  source: "own" | "namespace",
  family: Family,
  pools: readonly Pool[],
): Source | null {
  const { kind } = parsePoolsAnnotation(raw, family, pools);
  if (kind === "absent") return null;
  return kind === "empty" ? "automatic" : source;
}

/** Whether a pod has an address of the pool; IPv4 ones are compared as the numbers that they are stored as. */
function holder({ cidr }: Pool): (table: PodTable, slot: number) => boolean {
  const first = Number(cidr.base);
  const size = Number(cidrSize(cidr));
  const isIn = (ip: PodIp): boolean => {
    if (typeof ip === "number") return cidr.family === 4 && ip >= first && ip < first + size;
    return typeof ip === "bigint" && cidrContains(cidr, { family: 6, value: ip });
  };
  return (table, slot) =>
    table.oddIps(slot)?.some(isIn) ?? (table.hasIpv4(slot) && isIn(table.ipv4[slot] ?? 0));
}
